/// The number of a manifest (bảng kê giao nhận), in capitals.
public struct ManifestNumber: TextualValue, Comparable {
  public let text: String

  private init(text: String) { self.text = text }

  private static let rule = CodeRule(ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ./_-"), 1...40)

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> ManifestNumber {
    ManifestNumber(text: try rule.read(utf8))
  }

  public static func < (left: ManifestNumber, right: ManifestNumber) -> Bool { left.text < right.text }
}

/// The identifier of an event, chosen by whoever reports it, so that a repeat is recognised.
///
/// `read` takes a reporter's identifier: 1 to 64 of `0-9 A-Z a-z . _ : -`, kept exactly. `+` is reserved for the
/// identifiers that an import derives from a manifest, `<manifest number>+<offset>`: no reporter can take one of those,
/// and importing the same manifest twice gives the same identifiers. A store reads both with `readRecorded`.
public struct EventIdentifier: TextualValue, Comparable {
  public let text: String

  private static let rule = CodeRule(
    ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:-"), 1...64, folds: false,
    needsLetterOrDigit: false)

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> EventIdentifier {
    EventIdentifier(text: try rule.read(utf8))
  }

  private init(text: String) { self.text = text }

  /// The identifier of the event that a manifest states at `offset` (0, 1, 2 ... in document order); `nil` for a
  /// negative offset.
  public init?(manifest: ManifestNumber, offset: Int) {
    guard offset >= 0 else { return nil }
    text = "\(manifest.text)+\(offset)"
  }

  /// Reads an identifier that was recorded before: a reporter's, or one derived from a manifest.
  public static func readRecorded(_ utf8: Span<UInt8>) throws(ParseRefusal) -> EventIdentifier {
    var plus = utf8.count
    while plus > 0, utf8[plus - 1] != UInt8(ascii: "+") { plus -= 1 }
    guard plus > 0 else { return try read(utf8) }
    let manifest = try ManifestNumber.read(utf8.extracting(0..<plus - 1))
    let offset = try Count.read(utf8.extracting(plus..<utf8.count), maximum: .max)
    let derived = EventIdentifier(text: "\(manifest.text)+\(offset)")
    guard derived.text == CodeText.string(utf8) else { throw .form }
    return derived
  }

  /// The same from a string; `nil` when refused.
  public init?(recorded: String) {
    guard let identifier = try? Self.readRecorded(recorded.utf8.span) else { return nil }
    self = identifier
  }

  /// Manifest and offset of a derived identifier; `nil` for a reporter's.
  public var derivation: (manifest: ManifestNumber, offset: Int)? {
    let parts = text.split(separator: "+")
    guard parts.count == 2, let manifest = ManifestNumber(parts[0]), let offset = Int(parts[1]) else {
      return nil
    }
    return (manifest, offset)
  }

  public static func < (left: EventIdentifier, right: EventIdentifier) -> Bool { left.text < right.text }
}
