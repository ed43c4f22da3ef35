internal import CustodyLog

/// The last four digits of a telephone number: what whoever asks after an item may know, and all that is read of the
/// number to check it.
///
/// Personal data: the description shows none of them.
public struct PhoneEnding: Hashable, Sendable, CustomStringConvertible {
  /// ASCII digits.
  public let digits: [UInt8]

  public static let count = 4
  /// Fewer digits are no telephone number: an extension, a house.
  private static let least = 7

  public var description: String { "****" }

  private init?(last digits: [UInt8]) {
    guard digits.count >= Self.count else { return nil }
    self.digits = Array(digits.suffix(Self.count))
  }

  /// Reads what a person typed: the four digits, or the whole number; in any script's digits.
  public init?(typed text: String) {
    guard text.utf8.count <= 64 else { return nil }
    var digits: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let digit = Self.digit(scalar) {
        digits.append(digit)
      } else if !Self.joiners.contains(scalar) && !scalar.properties.isWhitespace {
        return nil
      }
    }
    self.init(last: digits)
  }

  /// The endings of the numbers in what a manifest states as telephone: mostly one, in whatever writing; where several
  /// numbers share the field, each.
  public static func stated(_ text: String) -> [PhoneEnding] {
    if case .success(let number) = PhoneNumber.parse(text) {
      return PhoneEnding(last: Array(number.text.utf8.dropFirst())).map { [$0] } ?? []
    }
    var endings: [PhoneEnding] = []
    var digits: [UInt8] = []
    func end() {
      if digits.count >= least, let ending = PhoneEnding(last: digits), !endings.contains(ending) {
        endings.append(ending)
      }
      digits.removeAll()
    }
    for scalar in text.unicodeScalars {
      if let digit = digit(scalar) {
        digits.append(digit)
      } else if scalar == "+" || !joiners.contains(scalar) && !scalar.properties.isWhitespace {
        end()
      } else if scalar == "-" && digits.count >= 10 {
        // `0912345678 - 0987654321`: behind a whole number a dash parts, within one it joins.
        end()
      }
    }
    end()
    return endings
  }

  /// Whether this is one of them. All are compared to the end, so that the time tells nothing about which.
  public func isOne(of others: [PhoneEnding]) -> Bool {
    var found = false
    for other in others {
      let isSame = KeyedHash.areEqual(digits, other.digits)
      found = found || isSame
    }
    return found
  }

  /// What stands between digits of one number.
  private static let joiners: Set<Unicode.Scalar> = [
    ".", "-", "(", ")", "+", "\u{ad}", "\u{200b}", "\u{200e}", "\u{200f}", "\u{2010}", "\u{2011}", "\u{2012}",
    "\u{2013}", "\u{202a}", "\u{202c}", "\u{2060}", "\u{feff}",
  ]

  private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else {
      return nil
    }
    return 0x30 + UInt8(value)
  }
}
