/// A proof that one leaf is in a log, as a text file (c2sp.org/tlog-proof@v1): position, inclusion proof, signed
/// checkpoint.
///
/// It shows that the leaf is there, not that nothing else belongs to it: for that a map is needed (``MerkleMap``).
public struct TlogProof: Hashable, Sendable {
  private static let header = "c2sp.org/tlog-proof@v1"

  /// Position of the leaf, from 0.
  public var index: UInt64
  /// Inclusion proof, from the leaf upwards.
  public var hashes: [Digest]
  /// Data of the application's own; nothing vouches for it.
  public var extra: [UInt8]?
  /// The signed note, verbatim.
  public var checkpoint: String

  public init(index: UInt64, hashes: [Digest], extra: [UInt8]? = nil, checkpoint: String) {
    self.index = index
    self.hashes = hashes
    self.extra = extra
    self.checkpoint = checkpoint
  }

  /// The file's text.
  public var encoded: String {
    let extra = extra.map { "extra \(Base64.encode($0))\n" } ?? ""
    let proof = hashes.map { $0.base64 + "\n" }.joined()
    return "\(Self.header)\n\(extra)index \(index)\n\(proof)\n\(checkpoint)"
  }

  /// Reads a file. Neither proof nor checkpoint is verified.
  ///
  /// - Returns: nil when it is not such a file.
  public static func parse(_ text: String) -> TlogProof? {
    var rest = Array(text.utf8)[...]
    func line() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end]
    }
    guard line()?.elementsEqual(header.utf8) == true, var current = line() else { return nil }
    var extra: [UInt8]?
    if current.starts(with: "extra ".utf8) {
      guard let bytes = Base64.decodeStrict(current.dropFirst(6)), let next = line() else { return nil }
      extra = bytes
      current = next
    }
    guard current.starts(with: "index ".utf8), let index = UInt64(plainDecimal: current.dropFirst(6)) else {
      return nil
    }
    var hashes: [Digest] = []
    while let next = line() {
      if next.isEmpty {
        guard rest.last == UInt8(ascii: "\n") else { return nil }
        return TlogProof(
          index: index, hashes: hashes, extra: extra, checkpoint: String(decoding: rest, as: UTF8.self))
      }
      guard hashes.count < 64, let hash = Base64.decodeStrict(next).flatMap({ Digest($0) }) else {
        return nil
      }
      hashes.append(hash)
    }
    return nil
  }

  /// Whether the leaf is in the log, by a checkpoint that the policy accepts.
  ///
  /// - Parameter leafHash: hash of the leaf that the reader computed from the leaf's bytes.
  /// - Returns: what verified; nil when the leaf is not at that place, or the policy asks for more cosignatures.
  /// - Throws: why the checkpoint is not one to trust.
  public func verify(leafHash: Digest, policy: TrustPolicy) throws(TrustError) -> TrustPolicy.Verified? {
    let note: SignedNote
    do { note = try SignedNote.parse(checkpoint) } catch { throw .checkpoint(.note(error)) }
    let verified = try policy.verify(note)
    let isThere = MerkleProof.verifyInclusion(
      leafHash: leafHash, index: index, size: verified.checkpoint.size, proof: hashes,
      root: verified.checkpoint.root)
    return isThere && verified.isQuorum ? verified : nil
  }
}
