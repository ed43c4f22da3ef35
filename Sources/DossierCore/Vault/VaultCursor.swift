public import CustodyLog

/// Goes through the fields that ``ContentBuilder`` laid out, in place: for an audit of millions, which keeps none of
/// them. ``VaultSecrets/entries(_:)`` reads the same layout into values.
public struct VaultCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// The field at hand.
  public private(set) var field = VaultField.contents
  public private(set) var ordinal = 0
  /// Whether salt and value were destroyed and only the commitment is left.
  public private(set) var isErased = false
  private var saltStart = 0
  private var jsonRange = 0..<0

  /// - Parameter bytes: the vault's bytes, which must stay where they are while the cursor is used.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Whether every byte has been read.
  public var isAtEnd: Bool { position == bytes.count }

  /// Goes to the next field.
  ///
  /// - Returns: false when the bytes are not such a layout, which an audit reports.
  public mutating func next() -> Bool {
    guard position < bytes.count,
      let field = VaultField(rawValue: bytes[position] & ~VaultSecrets.erasedMark)
    else { return false }
    isErased = bytes[position] & VaultSecrets.erasedMark != 0
    position += 1
    guard let ordinal = length(), bytes.count - position >= 32 else { return false }
    self.field = field
    self.ordinal = ordinal
    saltStart = position
    position += 32
    jsonRange = position..<position
    if !field.isDerived && !isErased {
      guard let count = length(), count <= bytes.count - position else { return false }
      jsonRange = position..<(position + count)
      position += count
    }
    return true
  }

  /// The field at hand as a value of its own.
  var entry: VaultEntry {
    let salt = UnsafeBufferPointer(rebasing: bytes[saltStart..<(saltStart + 32)])
    if isErased {
      return VaultEntry(field: field, ordinal: ordinal, salt: [], json: nil, erased: Digest(salt))
    }
    let json = field.isDerived ? nil : Array(bytes[jsonRange])
    return VaultEntry(field: field, ordinal: ordinal, salt: Array(salt), json: json)
  }

  /// Copies the kept value of a field that is not derived; nothing for an erased one.
  public func copyJSON(into json: inout [UInt8]) {
    json.removeAll(keepingCapacity: true)
    json.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[jsonRange]))
  }

  /// The commitment to the field at hand; of an erased field the one that was kept.
  ///
  /// - Parameters:
  ///   - json: the field's value; of no account for an erased one.
  ///   - inner: working memory of the caller, as is `disclosure`.
  public func commitment(json: [UInt8], inner: inout [UInt8], disclosure: inout [UInt8]) -> Digest {
    if isErased, let kept = Digest(bytes[saltStart..<(saltStart + 32)]) { return kept }
    return ContentBuilder.commitment(
      salt: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[saltStart..<(saltStart + 32)])),
      field: field, ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
  }

  private mutating func length() -> Int? {
    var value = 0
    var shift = 0
    while position < bytes.count, shift < 35 {
      let byte = bytes[position]
      position += 1
      value |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
