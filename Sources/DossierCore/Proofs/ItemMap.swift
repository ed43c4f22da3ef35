public import CustodyLog

/// The map from item numbers to their histories, whose root is logged by `mapRecorded` events.
///
/// One entry an item, not one an event: each event names its number in the item's sequence and the leaf hash of the
/// one before, so that the count and the newest leaf hash fix the whole history.
public enum ItemMap {
  /// Length of a value in bytes: count (8, big-endian) and leaf hash (32).
  public static let valueByteCount = 40

  /// SHA-256 of the canonical item number.
  public static func key(item: some Collection<UInt8>) -> Digest {
    MerkleHash.sha256(Array(item))
  }

  /// SHA-256 of the canonical item number.
  public static func key(item: String) -> Digest { key(item: item.utf8) }

  /// What the map says of an item.
  ///
  /// - Parameters:
  ///   - count: number of the item's events, at least 1.
  ///   - head: leaf hash of the newest one.
  public static func value(count: Int64, head: Digest) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> Int64($0)) } + head.bytes
  }

  /// The leaf of an entry, without the arrays of ``value(count:head:)``: for maps of millions.
  public static func leaf(key: Digest, count: Int64, head: Digest) -> MerkleMap.Leaf {
    withUnsafeTemporaryAllocation(byteCount: 75, alignment: 8) { bytes in
      bytes[0] = 0
      bytes[1] = UInt8(Digest.byteCount)
      bytes.storeBytes(of: key, toByteOffset: 2, as: Digest.self)
      bytes[34] = UInt8(valueByteCount)
      bytes.storeBytes(of: count.bigEndian, toByteOffset: 35, as: Int64.self)
      bytes.storeBytes(of: head, toByteOffset: 43, as: Digest.self)
      return MerkleMap.Leaf(key: key, hash: MerkleHash.sha256(UnsafeRawBufferPointer(bytes)))
    }
  }

  /// The leaf of an item.
  public static func leaf(item: String, count: Int64, head: Digest) -> MerkleMap.Leaf {
    MerkleMap.Leaf(key: key(item: item), value: value(count: count, head: head))
  }
}
