/// Proofs that a leaf is in a log and that a log has only grown (RFC 9162 section 2.1).
///
/// A proof is a list of hashes. Verifying needs nothing but the proof and heads that the reader trusts, such
/// as those of verified checkpoints.
public enum MerkleProof {
  /// Gives the root of the complete subtree over the leaves from `index * 2^level`, `2^level` of them.
  public typealias SubtreeRoot<Failure: Error> = (_ level: Int, _ index: UInt64) throws(Failure) -> Digest

  // MARK: - Verifying

  /// Whether the leaf at `index` is part of the tree (RFC 9162 section 2.1.3.2).
  ///
  /// - Parameters:
  ///   - leafHash: hash of the leaf that the reader computed from the leaf's bytes.
  ///   - index: position of the leaf, from 0.
  ///   - size: number of leaves of the tree that `root` stands for.
  ///   - proof: sibling hashes from the leaf upwards.
  ///   - root: root that the reader trusts.
  public static func verifyInclusion(
    leafHash: Digest, index: UInt64, size: UInt64, proof: [Digest], root: Digest
  ) -> Bool {
    guard index < size else { return false }
    var node = index
    var last = size - 1
    var hash = leafHash
    for sibling in proof {
      guard last != 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = MerkleHash.node(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = MerkleHash.node(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether the log of head `to` begins with exactly the leaves of head `from` (RFC 9162 section 2.1.4.2).
  ///
  /// For equal sizes the proof must be empty and the roots equal. A start from size 0 is always refused: an
  /// empty log proves nothing, so a caller must treat "nothing seen before" as its own case.
  public static func verifyConsistency(from old: LogHead, to new: LogHead, proof: [Digest]) -> Bool {
    guard old.size > 0, old.size <= new.size else { return false }
    if old.size == new.size { return proof.isEmpty && old.root == new.root }

    var rest = proof[...]
    let start: Digest
    if old.size.nonzeroBitCount == 1 {
      // The old tree is one complete subtree: its root stands in for the first hash, which is left out.
      start = old.root
    } else if let first = rest.popFirst() {
      start = first
    } else {
      return false
    }

    var node = old.size - 1
    var last = new.size - 1
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    var oldHash = start
    var newHash = start
    for sibling in rest {
      guard last != 0 else { return false }
      if node & 1 == 1 || node == last {
        oldHash = MerkleHash.node(sibling, oldHash)
        newHash = MerkleHash.node(sibling, newHash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        newHash = MerkleHash.node(newHash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == old.root && newHash == new.root
  }

  // MARK: - Making

  /// Inclusion proof of one leaf (RFC 9162 section 2.1.3.1).
  ///
  /// - Parameters:
  ///   - index: position of the leaf, from 0.
  ///   - size: number of leaves of the tree to prove against.
  ///   - subtree: asked for roots of complete subtrees within `size` only; the ragged right edge is combined
  ///     here.
  /// - Returns: sibling hashes from the leaf upwards. Empty for an index outside the tree: no proof exists
  ///   and none verifies.
  /// - Throws: only what `subtree` throws.
  public static func inclusion<Failure: Error>(
    index: UInt64, size: UInt64, subtree: SubtreeRoot<Failure>
  ) throws(Failure) -> [Digest] {
    guard index < size else { return [] }
    var proof: [Digest] = []
    var low: UInt64 = 0
    var high = size
    while high - low > 1 {
      let middle = low + split(high - low)
      if index < middle {
        proof.append(try rangeRoot(from: middle, to: high, subtree: subtree))
        high = middle
      } else {
        proof.append(try rangeRoot(from: low, to: middle, subtree: subtree))
        low = middle
      }
    }
    proof.reverse()
    return proof
  }

  /// Consistency proof between two sizes of one log (RFC 9162 section 2.1.4.1).
  ///
  /// - Parameters:
  ///   - from: the older size, in leaves.
  ///   - to: the newer size, in leaves.
  ///   - subtree: asked for roots of complete subtrees within `to` only.
  /// - Returns: the proof; empty for equal sizes, and empty where none exists (`from` is 0 or beyond `to`).
  /// - Throws: only what `subtree` throws.
  public static func consistency<Failure: Error>(
    from old: UInt64, to new: UInt64, subtree: SubtreeRoot<Failure>
  ) throws(Failure) -> [Digest] {
    guard old > 0, old < new else { return [] }
    var proof: [Digest] = []
    var low: UInt64 = 0
    var high = new
    while old != high {
      let middle = low + split(high - low)
      if old <= middle {
        proof.append(try rangeRoot(from: middle, to: high, subtree: subtree))
        high = middle
      } else {
        proof.append(try rangeRoot(from: low, to: middle, subtree: subtree))
        low = middle
      }
    }
    // While the walk stayed at the left edge, the old root itself is the starting hash.
    if low > 0 { proof.append(try rangeRoot(from: low, to: high, subtree: subtree)) }
    proof.reverse()
    return proof
  }

  /// Root of the first `size` leaves (RFC 9162 section 2.1.1).
  ///
  /// - Parameters:
  ///   - size: number of leaves; 0 gives ``MerkleHash/emptyRoot``.
  ///   - subtree: asked for roots of complete subtrees only, one for each set bit of `size`.
  /// - Throws: only what `subtree` throws.
  public static func root<Failure: Error>(
    size: UInt64, subtree: SubtreeRoot<Failure>
  ) throws(Failure) -> Digest {
    size == 0 ? MerkleHash.emptyRoot : try rangeRoot(from: 0, to: size, subtree: subtree)
  }

  /// The largest power of two below `count`, which is at least 2.
  private static func split(_ count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }

  /// Root over the leaves `low ..< high`, where `low` is a multiple of every subtree size that occurs.
  private static func rangeRoot<Failure: Error>(
    from low: UInt64, to high: UInt64, subtree: SubtreeRoot<Failure>
  ) throws(Failure) -> Digest {
    // The smallest subtree is at the right end, so folding goes from there to the left.
    var end = high
    var result: Digest?
    while end > low {
      let level = (end - low).trailingZeroBitCount
      end -= 1 << UInt64(level)
      let root = try subtree(level, end >> UInt64(level))
      result = result.map { MerkleHash.node(root, $0) } ?? root
    }
    return result ?? MerkleHash.emptyRoot
  }
}
