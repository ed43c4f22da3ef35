/// One field that a leaf commits to without showing it: salt, name and value (SD-JWT style, RFC 9901).
///
/// The leaf holds only hashes. Whoever shows the disclosure shows this one field; whoever destroys salt and
/// value erases it, and every proof still holds.
public struct Disclosure: Sendable {
  /// Length of a salt in bytes.
  public static let saltByteCount = 32

  /// 32 random bytes, fresh for each field of each event, so that equal values do not look equal.
  public let salt: [UInt8]
  /// Name of the field.
  public let field: String
  /// Value of the field.
  public let value: String

  /// Makes a disclosure.
  ///
  /// - Parameters:
  ///   - salt: 32 random bytes.
  ///   - field: name of the field.
  ///   - value: value of the field.
  /// - Throws: `wrongSaltLength`.
  public init(salt: [UInt8], field: String, value: String) throws(DisclosureError) {
    guard salt.count == Disclosure.saltByteCount else { throw .wrongSaltLength }
    self.salt = salt
    self.field = field
    self.value = value
  }

  /// Base64url of the RFC 8785 array `[base64url(salt), field, value]`: the string that travels.
  public var encoded: String {
    var json: [UInt8] = []
    salt.withUnsafeBytes { salt in
      Disclosure.appendJSON(salt: salt, field: Array(field.utf8), value: Array(value.utf8), to: &json)
    }
    return Base64.encodeURL(json)
  }

  /// SHA-256 of the ASCII bytes of ``encoded``.
  public var commitment: Digest { Disclosure.commitment(ofEncoded: encoded) }

  /// SHA-256 over a disclosure as it was transported, never over a re-serialised one.
  public static func commitment(ofEncoded encoded: String) -> Digest {
    MerkleHash.sha256(Array(encoded.utf8))
  }

  /// Reads a disclosure, accepting only the spelling that ``encoded`` writes.
  ///
  /// - Throws: what is wrong with the text.
  public static func parse(_ encoded: String) throws(DisclosureError) -> Disclosure {
    guard let json = Base64.decodeURLStrict(encoded) else { throw .notBase64 }
    guard let value = try? CanonicalJSON.parse(json, as: .transport), case .array(let parts) = value,
      parts.count == 3, case .string(let salt) = parts[0], case .string(let field) = parts[1],
      case .string(let value) = parts[2]
    else { throw .notDisclosure }
    guard let salt = Base64.decodeURLStrict(salt) else { throw .notBase64 }
    return try Disclosure(salt: salt, field: field, value: value)
  }

  /// The commitment of one field, for imports that make millions: no `String`, and no allocation once
  /// `scratch` has grown.
  ///
  /// - Parameters:
  ///   - salt: 32 bytes.
  ///   - field: UTF-8 of the field's name.
  ///   - value: UTF-8 of the value.
  ///   - scratch: working memory, kept by the caller from call to call; its content is overwritten and holds
  ///     the value afterwards.
  /// - Returns: the same digest as ``commitment-swift.property`` of the same salt, field and value.
  public static func commitment(
    salt: UnsafeRawBufferPointer, field: [UInt8], value: UnsafeRawBufferPointer,
    scratch: inout [UInt8]
  ) -> Digest {
    scratch.removeAll(keepingCapacity: true)
    appendJSON(salt: salt, field: field, value: value, to: &scratch)
    let jsonCount = scratch.count
    scratch.append(contentsOf: repeatElement(0, count: Base64.unpaddedCount(jsonCount)))
    return scratch.withUnsafeMutableBytes { buffer in
      let json = UnsafeRawBufferPointer(rebasing: buffer[..<jsonCount])
      let encoded = UnsafeMutableRawBufferPointer(rebasing: buffer[jsonCount...])
      Base64.writeURL(json, to: encoded)
      return MerkleHash.sha256(UnsafeRawBufferPointer(encoded))
    }
  }

  private static func appendJSON(
    salt: UnsafeRawBufferPointer, field: [UInt8], value: UnsafeRawBufferPointer, to json: inout [UInt8]
  ) {
    json.append(UInt8(ascii: "["))
    json.append(UInt8(ascii: "\""))
    Base64.appendURL(salt, to: &json)
    json.append(UInt8(ascii: "\""))
    json.append(UInt8(ascii: ","))
    field.withUnsafeBytes { CanonicalJSON.appendString($0, to: &json) }
    json.append(UInt8(ascii: ","))
    CanonicalJSON.appendString(value, to: &json)
    json.append(UInt8(ascii: "]"))
  }

  private static func appendJSON(
    salt: UnsafeRawBufferPointer, field: [UInt8], value: [UInt8], to json: inout [UInt8]
  ) {
    value.withUnsafeBytes { appendJSON(salt: salt, field: field, value: $0, to: &json) }
  }
}

extension Disclosure: Hashable {
  public static func == (left: Disclosure, right: Disclosure) -> Bool {
    left.salt == right.salt && left.field.hasSameBytes(as: right.field)
      && left.value.hasSameBytes(as: right.value)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(salt)
  }
}

/// Binds the commitments of one leaf into a single hash.
public enum ContentRoot {
  /// SHA-256 over the 32-byte commitments, one after the other.
  ///
  /// Showing one field takes its disclosure and the list of commitments, which tells nothing of the others.
  ///
  /// - Parameter commitments: in the order that the leaf's version fixes.
  /// - Returns: `nil` for an empty list, which has no root.
  public static func combine(_ commitments: [Digest]) -> Digest? {
    guard !commitments.isEmpty else { return nil }
    return commitments.withUnsafeBytes { MerkleHash.sha256($0) }
  }
}

/// Why a text is no disclosure. Neither salt nor value is repeated.
public enum DisclosureError: Error, Hashable, CustomStringConvertible {
  case notBase64
  case notDisclosure
  case wrongSaltLength

  public var description: String {
    switch self {
    case .notBase64: "The disclosure is not canonical unpadded base64url."
    case .notDisclosure: "The disclosure is not a canonical array of salt, field and value."
    case .wrongSaltLength: "The salt is not \(Disclosure.saltByteCount) bytes."
    }
  }
}
