/// The code of an office (bưu cục, trung tâm, cơ quan) that can hold items, in capitals.
public struct OfficeCode: TextualValue, Comparable {
  public enum Kind: String, Hashable, Sendable {
    /// Six digits: a post office (mã bưu cục).
    case postOffice
    /// The electronic identification code of an agency, highest level first: `H48.25` (Decision 20/2020/QĐ-TTg).
    case agency
    /// A code of our own.
    case own
  }

  public let text: String

  /// What the code looks like. The master data says what the office is.
  public var kind: Kind {
    let groups = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if groups.count == 1, text.utf8.count == 6, text.utf8.allSatisfy(\.isDigit) { return .postOffice }
    guard let first = groups.first, first.count == 3, let letter = first.first, letter &- 0x41 < 25,
      first.dropFirst().allSatisfy(\.isDigit)
    else { return .own }
    let arePlain = groups.allSatisfy { group in
      !group.isEmpty && group.allSatisfy { $0.isDigit || $0.isUppercaseLetter }
    }
    return arePlain ? .agency : .own
  }

  private static let rule = CodeRule(ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-"), 1...35)

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> OfficeCode {
    OfficeCode(text: try rule.read(utf8))
  }

  public static func < (left: OfficeCode, right: OfficeCode) -> Bool { left.text < right.text }
}

/// The code of the person who acts. Never a name: blanks and letters outside ASCII are refused, nothing is repaired,
/// and upper and lower case differ.
public struct OperatorCode: TextualValue, Comparable {
  public let text: String

  private init(text: String) { self.text = text }

  private static let rule = CodeRule(
    ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_"), 1...32, folds: false)

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> OperatorCode {
    OperatorCode(text: try rule.read(utf8))
  }

  public static func < (left: OperatorCode, right: OperatorCode) -> Bool { left.text < right.text }
}

private let bagRule = CodeRule(ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"), 1...24)

/// The number printed on the seal of a container, in capitals; a seal is used once.
public struct SealNumber: TextualValue, Comparable {
  public let text: String

  private init(text: String) { self.text = text }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> SealNumber {
    SealNumber(text: try bagRule.read(utf8))
  }

  public static func < (left: SealNumber, right: SealNumber) -> Bool { left.text < right.text }
}

/// The number of a bag or tray, in capitals.
public struct ContainerNumber: TextualValue, Comparable {
  public let text: String

  private init(text: String) { self.text = text }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> ContainerNumber {
    ContainerNumber(text: try bagRule.read(utf8))
  }

  public static func < (left: ContainerNumber, right: ContainerNumber) -> Bool { left.text < right.text }
}
