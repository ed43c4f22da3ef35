internal import CustodyLog

/// Salts, encodes and hashes the fields of one item after the other, for imports of millions: the bytes and digests of
/// ``ContentBuilder``, written into raw buffers and each value only once.
struct ContentCommitter: ~Copyable {
  /// The vault's bytes of the item, in the layout of ``ContentBuilder/secrets``.
  private(set) var secrets = OutputBuffer(capacity: 2048)
  /// `["salt","field",value]` of the field at hand; the value is written here by the caller, after ``begin``.
  var json = OutputBuffer(capacity: 2048)
  private var disclosure = OutputBuffer(capacity: 4096)
  private var commitments = OutputBuffer(capacity: 1024)

  /// Begins an item.
  mutating func reset() {
    secrets.removeAll()
    commitments.removeAll()
  }

  /// Draws the salt of a field and writes all that stands before its value.
  ///
  /// - Returns: where in `json` the value begins.
  mutating func begin(_ field: VaultField, ordinal: Int = 0, _ salts: inout SaltSource) throws -> Int {
    secrets.append(field.rawValue)
    secrets.appendLength(ordinal)
    let salt = secrets.count
    try salts.append32(to: &secrets)
    json.removeAll()
    json.append(#"[""#)
    json.appendBase64URL(secrets.bytes(from: salt))
    let name = field.fragment
    json.append(name.beforeOrdinal)
    if let rest = name.afterOrdinal {
      json.appendInteger(Int64(ordinal))
      json.append(rest)
    }
    return json.count
  }

  /// Commits to the field whose value stands in `json` from `start` on.
  mutating func end(_ field: VaultField, from start: Int) {
    if !field.isDerived {
      let value = json.bytes(from: start)
      secrets.appendLength(value.count)
      secrets.append(value)
    }
    json.append(UInt8(ascii: "]"))
    disclosure.removeAll()
    disclosure.appendBase64URL(json.bytes)
    commitments.append(MerkleHash.sha256(disclosure.bytes))
  }

  /// The digest for the leaf; nil when there is nothing to commit to.
  var root: Digest? { commitments.count == 0 ? nil : MerkleHash.sha256(commitments.bytes) }
}

extension OutputBuffer {
  /// Appends a length as LEB128.
  mutating func appendLength(_ value: Int) {
    var rest = UInt64(value)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
