/// The number on a postal item: an S10 barcode, or a number that an office gave.
///
/// S10 (UPU standard S10): two service letters, eight digits, a check digit, two country letters. Blanks and hyphens
/// between the groups are dropped, letters are upper-cased, full-width characters narrowed. The check digit is always
/// verified, yet is no proof of a right number: a remainder of 0 and one of 6 both print `5`, so an error that moves a
/// number between those two passes; and the letters are not protected at all.
///
/// A local number is 1 to 32 of `0-9 A-Z . / _ -` with at least one digit. A text that has the shape of an S10 number
/// once blanks and hyphens are gone is never taken for a local number.
public struct ItemNumber: TextualValue, Comparable {
  private enum Storage: Hashable {
    case s10(Int64)
    case local(String)
  }

  private let storage: Storage

  private init(storage: Storage) { self.storage = storage }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> ItemNumber {
    if let packed = try packedS10(utf8) { return ItemNumber(storage: .s10(packed)) }
    if CodeText.isPlain(utf8) && !containsHyphen(utf8) { return try local(utf8) }
    let folded = try CodeText.folded(utf8)
    let bare = folded.filter { $0 != 0x20 && $0 != 0x2D }
    if let packed = try packedS10(bare.span) { return ItemNumber(storage: .s10(packed)) }
    return try local(folded.span)
  }

  /// Whether this is an S10 number with a right check digit.
  public var isS10: Bool { packed != nil }

  /// The two service letters of an S10 number, such as `RR`.
  public var servicePrefix: String? { isS10 ? String(text.prefix(2)) : nil }

  /// The two country letters of an S10 number, such as `VN`. They are not compared with a list of countries.
  public var country: String? { isS10 ? String(text.suffix(2)) : nil }

  /// What is unusual; nothing here is a reason to refuse.
  public var warnings: [ParseWarning] {
    switch storage {
    case .s10(let packed):
      let parts = Parts(packed)
      return parts.country == Self.vietNam && !Self.isKnownService(parts.prefix)
        ? [.unusualServicePrefix] : []
    case .local(let number):
      return Self.resemblesS10(number.utf8.span) ? [.resemblesS10] : []
    }
  }

  // MARK: Packing

  /// An S10 number as an integer below 2^46; different numbers give different integers, and the order of the integers
  /// is the order of the texts. `nil` for a local number.
  public var packed: Int64? {
    if case .s10(let packed) = storage { packed } else { nil }
  }

  /// - Parameter packed: what `packed` gave; `nil` for an integer that no S10 number has.
  public init?(packed: Int64) {
    guard (0..<Self.packedLimit).contains(packed) else { return nil }
    storage = .s10(packed)
  }

  private static let serials: Int64 = 100_000_000
  private static let letterPairs: Int64 = 26 * 26
  private static let packedLimit = letterPairs * serials * letterPairs
  private static let vietNam: Int64 = 21 * 26 + 13

  /// The check digit is a function of the serial, so it needs no room.
  private struct Parts {
    let prefix, serial, country: Int64

    init(_ packed: Int64) {
      country = packed % letterPairs
      serial = packed / letterPairs % serials
      prefix = packed / letterPairs / serials
    }
  }

  // MARK: S10

  /// The check digit of an S10 serial: weights 8 6 4 2 3 5 9 7, eleven minus the remainder of the sum by eleven, with
  /// 10 printed as 0 and 11 as 5 (UPU S10).
  /// - Parameter serial: 0...99,999,999.
  public static func checkDigit(serial: Int) -> UInt8 {
    var rest = serial
    var sum = 0
    for position in weightsFromTheRight.indices {
      sum += weightsFromTheRight[position] * (rest % 10)
      rest /= 10
    }
    switch 11 - sum % 11 {
    case 10: return 0
    case 11: return 5
    case let digit: return UInt8(digit)
    }
  }

  private static let weightsFromTheRight: InlineArray<8, Int> = [7, 9, 5, 3, 2, 4, 6, 8]

  /// `nil` when the bytes do not have the shape of an S10 number.
  private static func packedS10(_ utf8: Span<UInt8>) throws(ParseRefusal) -> Int64? {
    guard utf8.count == 13, let prefix = letterPair(utf8, at: 0), let country = letterPair(utf8, at: 11),
      let serial = CodeText.number(utf8, at: 2, count: 8), utf8[10].isDigit
    else { return nil }
    let expected = checkDigit(serial: serial)
    guard utf8[10].digit == Int(expected) else {
      throw .checkDigit(expected: expected, found: UInt8(utf8[10].digit))
    }
    return (prefix * serials + Int64(serial)) * letterPairs + country
  }

  /// Whether the bytes are an S10 number in its canonical text, so that there is nothing to be made of them.
  public static func isCanonicalS10(_ utf8: UnsafeRawBufferPointer) -> Bool {
    let ascii = utf8.bindMemory(to: UInt8.self).span
    guard ascii.count == 13, ascii[0].isUppercaseLetter, ascii[1].isUppercaseLetter,
      ascii[11].isUppercaseLetter, ascii[12].isUppercaseLetter
    else { return false }
    do { return try packedS10(ascii) != nil } catch { return false }
  }

  private static func letterPair(_ utf8: Span<UInt8>, at offset: Int) -> Int64? {
    let (first, second) = (utf8[offset].uppercased, utf8[offset + 1].uppercased)
    guard first.isUppercaseLetter, second.isUppercaseLetter else { return nil }
    return Int64(first - 0x41) * 26 + Int64(second - 0x41)
  }

  /// The service letters seen on items of Viet Nam Post: E and R (EMS, registered, public administration), C without CP
  /// (parcels), PA to PN (logistics), M (special mail), QP, and the tracked letters LA, LD, LX, LP.
  private static func isKnownService(_ prefix: Int64) -> Bool {
    let (first, second) = (UInt8(prefix / 26) + 0x41, UInt8(prefix % 26) + 0x41)
    switch first {
    case UInt8(ascii: "E"), UInt8(ascii: "R"), UInt8(ascii: "M"): return true
    case UInt8(ascii: "C"): return second != UInt8(ascii: "P")
    case UInt8(ascii: "P"): return second <= UInt8(ascii: "N")
    case UInt8(ascii: "Q"): return second == UInt8(ascii: "P")
    case UInt8(ascii: "L"): return [0x41, 0x44, 0x50, 0x58].contains(second)
    default: return false
    }
  }

  // MARK: Local numbers

  private static let localRule = CodeRule(ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ./_-"), 1...32)

  private static func local(_ ascii: Span<UInt8>) throws(ParseRefusal) -> ItemNumber {
    let number = try localRule.check(ascii)
    guard number.utf8.contains(where: \.isDigit) else { throw .noDigit }
    return ItemNumber(storage: .local(number))
  }

  /// One character of the wrong kind, or one digit too few or too many: more likely a slip than a local number.
  private static func resemblesS10(_ ascii: Span<UInt8>) -> Bool {
    guard (12...14).contains(ascii.count) else { return false }
    var slips = ascii.count == 13 ? 0 : 1
    for offset in ascii.indices {
      let wantsLetter = offset < 2 || offset >= ascii.count - 2
      if wantsLetter ? !ascii[offset].isUppercaseLetter : !ascii[offset].isDigit { slips += 1 }
    }
    return slips == 1
  }

  private static func containsHyphen(_ utf8: Span<UInt8>) -> Bool {
    for offset in utf8.indices where utf8[offset] == 0x2D { return true }
    return false
  }

  // MARK: Text

  /// `RR473124829GB`, or the local number in capitals.
  public var text: String {
    switch storage {
    case .local(let number): return number
    case .s10(let packed):
      let characters = Self.characters(packed)
      return CodeText.string(characters.span)
    }
  }

  public func append(to bytes: inout [UInt8]) {
    switch storage {
    case .local(let number): bytes.append(contentsOf: number.utf8)
    case .s10(let packed):
      let characters = Self.characters(packed)
      for offset in characters.indices { bytes.append(characters[offset]) }
    }
  }

  private static func characters(_ packed: Int64) -> InlineArray<13, UInt8> {
    let parts = Parts(packed)
    var characters = InlineArray<13, UInt8>(repeating: 0x30)
    characters[0] = 0x41 + UInt8(parts.prefix / 26)
    characters[1] = 0x41 + UInt8(parts.prefix % 26)
    var rest = parts.serial
    for offset in (2..<10).reversed() {
      characters[offset] = 0x30 + UInt8(rest % 10)
      rest /= 10
    }
    characters[10] = 0x30 + checkDigit(serial: Int(parts.serial))
    characters[11] = 0x41 + UInt8(parts.country / 26)
    characters[12] = 0x41 + UInt8(parts.country % 26)
    return characters
  }

  /// The order of the texts.
  public static func < (left: ItemNumber, right: ItemNumber) -> Bool {
    if case .s10(let one) = left.storage, case .s10(let other) = right.storage { return one < other }
    return left.text < right.text
  }
}
