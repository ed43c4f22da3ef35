/// A file of evidence: one canonical JSON object on the first line, the hexadecimal SHA-256 of that line on the
/// second.
///
/// The digest proves nothing against a forger, who can make another. It makes every accident visible, also in parts
/// that no signature covers, before any verdict is given; and since there is one spelling only, two readers can
/// compare files by their digests.
public enum SealedDocument {
  /// Largest file that is read, in bytes.
  public static let greatestByteCount = 64 * 1024 * 1024

  /// Encodes an object and its digest.
  ///
  /// - Throws: what canonical JSON does not allow: too deep, an integer too large, a key twice.
  public static func encode(_ object: JSONValue) throws(CanonicalJSONError) -> [UInt8] {
    guard case .object = object else { throw .topLevelNotObject }
    var bytes = try CanonicalJSON.encode(object, as: .transport)
    let digest = MerkleHash.sha256(bytes)
    bytes.append(newline)
    bytes.append(contentsOf: digest.hex.utf8)
    bytes.append(newline)
    return bytes
  }

  /// Reads a whole file.
  ///
  /// - Throws: `layout`, `digest`, or `notCanonical`, in that order.
  public static func parse(_ file: [UInt8]) throws(SealedDocumentError) -> JSONValue {
    // 64 hexadecimal digits between two newlines end the file.
    guard file.count <= greatestByteCount, file.count > 66, file.last == newline else { throw .layout }
    let end = file.count - 66
    guard file[end] == newline, !file[..<end].contains(newline),
      let stated = Digest(hex: String(decoding: file[(end + 1)..<(file.count - 1)], as: UTF8.self))
    else { throw .layout }
    let line = Array(file[..<end])
    guard MerkleHash.sha256(line) == stated else { throw .digest }
    let value: JSONValue
    do { value = try CanonicalJSON.parse(line, as: .transport) } catch { throw .notCanonical(error) }
    guard case .object = value else { throw .notCanonical(.topLevelNotObject) }
    return value
  }

  private static var newline: UInt8 { UInt8(ascii: "\n") }
}

/// Why a file is not sealed evidence.
public enum SealedDocumentError: Error, Hashable, CustomStringConvertible {
  case layout
  case digest
  case notCanonical(CanonicalJSONError)

  public var description: String {
    switch self {
    case .layout: "The file is not one line of JSON and one line with its SHA-256."
    case .digest: "The second line is not the SHA-256 of the first: the file was changed."
    case .notCanonical(let error): error.description
    }
  }
}

/// A disclosure whose value may be any JSON value: what is revealed to a reader of evidence.
public struct DisclosedField: Hashable, Sendable {
  /// Name of the field.
  public let field: String
  /// The value as canonical JSON.
  public let json: [UInt8]

  /// Reads a disclosure as it was transported, accepting one spelling only.
  ///
  /// - Throws: what is wrong with the text.
  public static func parse(_ encoded: String) throws(DisclosureError) -> DisclosedField {
    guard let bytes = Base64.decodeURLStrict(encoded) else { throw .notBase64 }
    guard let value = try? CanonicalJSON.parse(bytes, as: .transport), case .array(let parts) = value,
      parts.count == 3, case .string(let salt) = parts[0], case .string(let field) = parts[1],
      let json = try? CanonicalJSON.encode(parts[2], as: .transport)
    else { throw .notDisclosure }
    guard let salt = Base64.decodeURLStrict(salt) else { throw .notBase64 }
    guard salt.count == Disclosure.saltByteCount else { throw .wrongSaltLength }
    return DisclosedField(field: field, json: json)
  }
}
