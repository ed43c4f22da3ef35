public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// A log that takes no more events.
public struct FrozenLog: Hashable, Sendable {
  public var origin: String
  /// Its final checkpoint; nil when nothing was ever signed.
  public var checkpoint: String?
  public var head: LogHead
  /// Why the final checkpoint is an earlier one and not of all that the store holds.
  public var finding: Finding?
}

/// A log that goes on from what is left of another, in the same store.
public struct SucceedingLog: Hashable, Sendable {
  public var predecessor: String
  /// The last head that the predecessor's signer remembered; nil when it was lost.
  public var signed: LogHead?
  /// What the store held of it, and still holds.
  public var kept: LogHead
  public var origin: String
  public var verifierKey: String
  public var checkpoint: String
}

extension Tracker {
  /// What a final checkpoint cannot be made for; the last one signed stays the final one.
  private static let unsignable: Set<FindingCode> = [
    .rolledBack, .checkpointInconsistent, .checkpointClock, .keyAbsent, .keyPermissions, .checkpointMissing,
    .signerForeign, .logStateMismatch,
  ]

  /// Ends a log: a final checkpoint, after which every write is refused, also those of programs that have it open.
  ///
  /// A store that is not what was signed last is frozen too; then the last checkpoint that was signed is the final one.
  /// Nothing undoes it. Freezing a frozen log changes nothing.
  ///
  /// - Throws: ``TrackerRefusal``: no store there, or the signer's store cannot be written.
  public static func freeze(at path: String, environment: Environment = .init()) throws -> FrozenLog {
    let tracker = try Tracker(path, .maintaining, environment)
    return try tracker.explained {
      let folder = tracker.signer.folder
      // First nobody writes any more, then the final checkpoint: it covers everything that was ever acknowledged.
      try tracker.store.whileNobodyWrites(now: environment.now()) { _ in
        if !folder.isFrozen { try StoreFolder.write([], to: folder.frozen, mode: 0o644) }
      }
      var finding: Finding?
      do {
        _ = try tracker.signer.sign(tracker.store, now: environment.now(), isFinal: true)
      } catch let refusal as TrackerRefusal where unsignable.contains(refusal.finding.code) {
        finding = refusal.finding
      }
      let note = try SignerMemory.read(folder)?.note
      try StoreFolder.write(note?.encode() ?? [], to: folder.frozen, mode: 0o644)
      return FrozenLog(
        origin: tracker.origin, checkpoint: note?.encoded, head: try tracker.store.head(), finding: finding)
    }
  }

  /// Lets a new log go on from what the store holds: new name, new key, and as its next event what it continues.
  ///
  /// For a store that is older than what was signed, a signer's store that is lost, a clock that ran ahead. The events
  /// that are left stay the beginning of the new log, so items, reports and proofs go on; what is missing is stated, not
  /// hidden. A store whose past differs from what was signed is not continued. Repeating it after an interruption goes
  /// on where it stopped.
  ///
  /// - Parameter reason: a closed word, such as `restored`.
  /// - Throws: ``TrackerRefusal``.
  public static func succeed(
    at path: String, reason: String, environment: Environment = .init()
  ) throws -> SucceedingLog {
    guard RequestCheck.isWord(reason) else { throw TrackerRefusal(Finding(.missingReason, found: reason)) }
    let tracker = try Tracker(path, .maintaining, environment)
    let folder = tracker.signer.folder
    return try tracker.explained {
      // Lost with everything in it; a link to a disk that is not there is something else.
      if !StoreFolder.isTaken(folder.keys) { try StoreFolder.makePrivate(folder.keys) }
      return try folder.whileLocked {
        var successor = try StoreFolder.line(folder.successorVerifierKey)
          .map { try LogVerifierKey(encoded: $0) }
        if successor?.name != tracker.origin {
          try tracker.requireContinuable()
          let key =
            try successor.map { _ in try tracker.signer.key(folder.successorSigningKey) }
            ?? Signer.createKey(
              origin: try newOrigin(office: tracker.office, environment), key: folder.successorSigningKey,
              verifier: folder.successorVerifierKey)
          successor = key.verifier
          try tracker.recordSuccession(key.verifier, reason: reason)
        }
        return try Tracker(path, .maintaining, environment).completeSuccession()
      }
    }
  }

  /// A past that differs from what was signed must not get a new signature.
  private func requireContinuable() throws {
    guard let head = try rememberedHead(), head.size <= (try store.head().size) else { return }
    try Signer.require(store, extends: head, path: signer.folder.checkpoint)
  }

  /// The head in the signer's memory, whoever signed it: it is stated, not trusted.
  private func rememberedHead() throws -> LogHead? {
    guard let memory = try SignerMemory.read(signer.folder) else { return nil }
    let checkpoint = try Checkpoint.parse(memory.note.text)
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
      throw TrackerRefusal(
        Finding(.signerForeign, path: signer.folder.keys, expected: origin, found: checkpoint.origin))
    }
    return checkpoint.head
  }

  private func recordSuccession(_ key: LogVerifierKey, reason: String) throws {
    var details = EventDetails()
    details.reference = origin
    details.seen = try rememberedHead()
    details.kept = try store.head()
    details.newKey = key.fingerprint
    try store.recordAboutLog(.logSucceeded, details, reason: reason, origin: key.name, recordedAt: now)
  }

  /// Puts the new key in the place of the old. Each step can be repeated, and `successor.pub` goes last.
  private func completeSuccession() throws -> SucceedingLog {
    let folder = signer.folder
    guard let event = try store.eventsAboutLog().last(where: { $0.kind != .reportPublished }),
      event.kind == .logSucceeded,
      let kept = event.details.kept, let predecessor = event.details.reference
    else { throw TrackerRefusal(Finding(.logStateMismatch, path: "event")) }
    let key =
      try StoreFolder.line(folder.successorSigningKey) == nil
      ? signer.key() : signer.key(folder.successorSigningKey)

    if let ring = try? KeyRing.read(folder), ring.current != key.verifier {
      try ring.retire([ring.current] + (ring.next.map { [$0] } ?? []), at: kept.size, in: folder)
    }
    var known = try SignerMemory.read(folder)
    if let old = known, try Checkpoint.parse(old.note.text).origin != origin {
      // Evidence of what was signed under the old name.
      try StoreFolder.write(
        old.note.encode(), to: "\(folder.keys)/former-\(try Checkpoint.parse(old.note.text).size).checkpoint",
        mode: 0o644)
      let memory = SignerMemory(
        note: try Signer.note(store, try store.head(), [key]), signedAt: now)
      try memory.replace(old, in: folder)
      known = memory
    } else if known == nil {
      let memory = SignerMemory(note: try Signer.note(store, try store.head(), [key]), signedAt: now)
      try memory.replace(nil, in: folder)
      known = memory
    }
    try StoreFolder.write(Array((key.encoded + "\n").utf8), to: folder.signingKey, mode: 0o600)
    try StoreFolder.write(Array((key.verifier.encoded + "\n").utf8), to: folder.verifierKey, mode: 0o644)
    for file in [
      folder.nextSigningKey, folder.nextVerifierKey, folder.frozen, folder.successorSigningKey,
      folder.successorVerifierKey,
    ] { try StoreFolder.remove(file) }
    return SucceedingLog(
      predecessor: predecessor, signed: event.details.seen, kept: kept, origin: origin,
      verifierKey: key.verifier.encoded, checkpoint: known?.note.encoded ?? "")
  }

  /// Begins the signer's memory anew from a checkpoint that someone kept, when `keys/head` is lost.
  ///
  /// - Parameters:
  ///   - note: a checkpoint signed by the log's key, which the store must extend.
  ///   - name: where it came from, for findings.
  /// - Throws: ``TrackerRefusal``, also when the signer remembers a checkpoint.
  public static func adopt(
    checkpoint note: [UInt8], name: String, at path: String, environment: Environment = .init()
  ) throws -> Checkpoint {
    let tracker = try Tracker(path, .maintaining, environment)
    return try tracker.explained {
      let checkpoint = try tracker.signer.open(note, path: name)
      try tracker.signer.requireOwn(tracker.store)
      guard checkpoint.origin.utf8.elementsEqual(tracker.origin.utf8) else {
        throw TrackerRefusal(
          Finding(.signerForeign, path: name, expected: tracker.origin, found: checkpoint.origin))
      }
      try Signer.require(tracker.store, extends: checkpoint.head, path: name)
      try tracker.signer.folder.whileLocked {
        if StoreFolder.isTaken(tracker.signer.folder.checkpoint) {
          throw TrackerRefusal(Finding(.signerExists, path: tracker.signer.folder.checkpoint))
        }
        try SignerMemory(note: try SignedNote.parse(note), signedAt: environment.now())
          .replace(nil, in: tracker.signer.folder)
      }
      return checkpoint
    }
  }
}
