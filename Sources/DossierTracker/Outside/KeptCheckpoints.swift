internal import CustodyLog
internal import DossierCore
internal import DossierSQLite
internal import Foundation
internal import Glibc

/// The signed checkpoints that a store keeps for those outside: `checkpoints/<size>`, each with the cosignatures that
/// came for it. They are no secret; what they state is checked against the log before it is used.
struct KeptCheckpoints: Sendable {
  let folder: StoreFolder
  let signer: Signer
  /// Name of the log.
  let origin: String

  struct Kept {
    var note: SignedNote
    var checkpoint: Checkpoint
    /// Whether some witness cosigned it; which of them counts is the reader's affair.
    var isCosigned: Bool { note.isCosigned }
    /// Whether the key signed it that signs now: whoever knows that key only can check nothing else.
    var isCurrent: Bool
  }

  private var path: String { folder.path + "/checkpoints" }
  private func path(_ size: UInt64) -> String { "\(path)/\(size)" }

  /// Sizes of the checkpoints that are kept, ascending.
  func sizes() -> [UInt64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in UInt64(name).flatMap { "\($0)" == name ? $0 : nil } }.sorted()
  }

  /// The checkpoint of a size; nil when none of this log is kept.
  ///
  /// - Throws: a refusal when the file is there and is no checkpoint that the log signed.
  func checkpoint(_ size: UInt64) throws -> Kept? {
    guard let bytes = try StoreFolder.read(path(size)) else { return nil }
    guard Self.origin(of: bytes) == Array(origin.utf8) else { return nil }
    let checkpoint = try signer.open(bytes, path: path(size))
    guard checkpoint.size == size else {
      throw TrackerRefusal(
        Finding(.storedCheckpoint, path: path(size), expected: "\(size)", found: "\(checkpoint.size)"))
    }
    let note = try SignedNote.parse(bytes)
    let current = try signer.verifier()
    return Kept(
      note: note, checkpoint: checkpoint,
      isCurrent: note.signatures.contains {
        $0.keyID == current.keyID && $0.name.utf8.elementsEqual(current.name.utf8)
      })
  }

  /// Keeps a checkpoint that was signed here. Cosignatures that are there already stay.
  ///
  /// - Returns: the note as it is kept now.
  func keep(_ note: SignedNote, size: UInt64) throws -> SignedNote {
    var merged = note
    if let bytes = try StoreFolder.read(path(size)) {
      if let known = try checkpoint(size) {
        guard known.note.text.utf8.elementsEqual(note.text.utf8) else {
          throw TrackerRefusal(
            Finding(.storedCheckpoint, path: path(size), expected: known.note.text, found: note.text))
        }
        merged = known.note.adding(note.signatures)
        if merged == known.note { return merged }
      } else {
        // Of the log that this one continues: it stays, under a name that no size has.
        let former = "\(path(size))-\(MerkleHash.sha256(Self.origin(of: bytes)).hex.prefix(8))"
        try StoreFolder.write(bytes, to: former, mode: 0o644)
      }
    }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw TrackerRefusal(Finding(.storeUnwritable, path: path, detail: String(cString: strerror(errno))))
    }
    try StoreFolder.write(merged.encode(), to: path(size), mode: 0o644)
    return merged
  }

  /// The newest checkpoint for which `holds`.
  func newest(where holds: (Kept) throws -> Bool) throws -> Kept? {
    for size in sizes().reversed() {
      if let kept = try checkpoint(size), try holds(kept) { return kept }
    }
    return nil
  }

  /// The first line of a checkpoint.
  private static func origin(of note: [UInt8]) -> [UInt8] { Array(note.prefix { $0 != UInt8(ascii: "\n") }) }
}

extension SignedNote {
  /// Whether a line has the form of a witness's cosignature.
  var isCosigned: Bool { signatures.contains { Cosignature.time(of: $0.bytes) != nil } }
}

extension Signer {
  /// Whoever trusts this log's keeper and asks no witness: the key that signs, and while it is being replaced its
  /// successor too. Former keys are left out: what they sign now would be no checkpoint of the log.
  func trust() throws -> TrustPolicy {
    let ring = try KeyRing.read(folder)
    let keys = [ring.current] + (ring.next.map { [$0] } ?? [])
    return try TrustPolicy.parse(keys: Array(keys.map(\.encoded).joined(separator: "\n").utf8))
  }
}

extension Tracker {
  var kept: KeptCheckpoints { KeptCheckpoints(folder: signer.folder, signer: signer, origin: origin) }

  /// Signs where the log stands for those outside: first the log states the root of the map of all items, so that a
  /// proof can show that no event was left out; the signed checkpoint is kept in the store's folder.
  ///
  /// - Returns: the checkpoint as a signed note, with the cosignatures that came for it.
  /// - Throws: ``TrackerRefusal`` when the store is no consistent extension of the last signed checkpoint.
  @discardableResult
  public func publishedCheckpoint() throws -> String { try explained { try published().note.encoded } }

  func published() throws -> KeptCheckpoints.Kept {
    _ = try store.recordMap(recordedAt: now)
    let note = try signer.sign(store, now: now)
    let checkpoint = try Checkpoint.parse(note.text)
    return KeptCheckpoints.Kept(
      note: try kept.keep(note, size: checkpoint.size), checkpoint: checkpoint, isCurrent: true)
  }

  /// The newest checkpoint that is kept for those outside; nil before the first.
  public func keptCheckpoint() throws -> String? {
    try explained { try kept.newest { _ in true }?.note.encoded }
  }
}
