/// A value with one canonical text, read strictly from UTF-8 bytes.
///
/// A type implements `read`; everything else here is another door to it. `read` takes a span, so that a caller with an
/// arena of bytes parses without making a `String`.
public protocol TextualValue: Hashable, Sendable, CustomStringConvertible {
  /// Reads one value from all of the bytes.
  /// - Throws: what is wrong with the text.
  static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> Self

  /// The canonical text: reading it again gives an equal value.
  var text: String { get }

  /// Appends the UTF-8 bytes of `text`.
  func append(to bytes: inout [UInt8])
}

extension TextualValue {
  @inlinable public static func parse(_ utf8: Span<UInt8>) -> Result<Self, ParseRefusal> {
    do { return .success(try read(utf8)) } catch { return .failure(error) }
  }

  /// - Parameter utf8: memory that stays valid during the call; it may be empty without an address.
  @inlinable public static func parse(_ utf8: UnsafeRawBufferPointer) -> Result<Self, ParseRefusal> {
    parse(utf8.bindMemory(to: UInt8.self).span)
  }

  @inlinable public static func parse(_ utf8: [UInt8]) -> Result<Self, ParseRefusal> {
    parse(utf8.span)
  }

  @inlinable public static func parse(_ utf8: ArraySlice<UInt8>) -> Result<Self, ParseRefusal> {
    parse(utf8.span)
  }

  @inlinable public static func parse(_ text: some StringProtocol) -> Result<Self, ParseRefusal> {
    let whole = String(text)
    return parse(whole.utf8.span)
  }

  @inlinable public init?(utf8: UnsafeRawBufferPointer) {
    guard case .success(let value) = Self.parse(utf8) else { return nil }
    self = value
  }

  @inlinable public init?(utf8: [UInt8]) {
    guard case .success(let value) = Self.parse(utf8) else { return nil }
    self = value
  }

  @inlinable public init?(utf8: ArraySlice<UInt8>) {
    guard case .success(let value) = Self.parse(utf8) else { return nil }
    self = value
  }

  @inlinable public init?(_ text: some StringProtocol) {
    guard case .success(let value) = Self.parse(text) else { return nil }
    self = value
  }

  public var description: String { text }

  public func append(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: text.utf8)
  }
}
