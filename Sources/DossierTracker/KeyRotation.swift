internal import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// A log's key being replaced by another, under the same name.
public struct KeyRotation: Hashable, Sendable {
  /// Verifier keys, to be given to whoever checks checkpoints.
  public var oldKey: String
  public var newKey: String
  /// Whether the old key signs no more.
  public var isFinished: Bool
  /// The newest checkpoint.
  public var checkpoint: String
}

extension Tracker {
  /// Begins to replace the log's key: the log states both, and from then on both sign every checkpoint.
  ///
  /// Whoever knows the old key verifies as before, and finds the new one named in the log. Repeating it after an
  /// interruption goes on where it stopped.
  ///
  /// - Throws: ``TrackerRefusal``, also when a key is being replaced already.
  public func rotateKey() throws -> KeyRotation {
    try explained {
      try signer.folder.whileLocked {
        let folder = signer.folder
        if folder.isFrozen { throw TrackerRefusal(Finding(.logFrozen, path: folder.frozen)) }
        let ring = try KeyRing.read(folder)
        if let next = ring.next, try isRecorded(next) {
          throw TrackerRefusal(Finding(.keyRotation, path: folder.nextVerifierKey, detail: "under way"))
        }
        // Both halves of the present one must be here before the log says that it goes.
        let old = try signer.key().verifier
        if ring.next == nil {
          try Signer.createKey(
            origin: old.name, key: folder.nextSigningKey, verifier: folder.nextVerifierKey)
        }
        let new = try signer.key(folder.nextSigningKey).verifier
        var details = EventDetails()
        details.oldKey = old.fingerprint
        details.newKey = new.fingerprint
        try store.recordAboutLog(.keyRotated, details, reason: nil, recordedAt: now)
      }
      return try rotation(finished: false)
    }
  }

  /// Ends it: from now on the new key signs alone. The old one is destroyed; what it signed stays good.
  ///
  /// - Throws: ``TrackerRefusal``, also when no key is being replaced.
  public func finishRotation() throws -> KeyRotation {
    try explained {
      // The last words of the old key cover the event that names the new one.
      let done = try isHalfFinished() ? nil : try rotation(finished: true)
      return try signer.folder.whileLocked {
        let folder = signer.folder
        let ring = try KeyRing.read(folder)
        guard let new = ring.next, let note = try SignerMemory.read(folder)?.note else {
          throw TrackerRefusal(Finding(.keyRotation, path: folder.nextVerifierKey, detail: "none"))
        }
        let size = try Checkpoint.parse(note.text).size
        if ring.current != new { try ring.retire([ring.current], at: size, in: folder) }
        // Each step can be repeated, and `next.key` goes last: whoever is interrupted calls this again.
        let key = try signer.key(folder.nextSigningKey)
        try StoreFolder.write(Array((key.encoded + "\n").utf8), to: folder.signingKey, mode: 0o600)
        try StoreFolder.write(Array((new.encoded + "\n").utf8), to: folder.verifierKey, mode: 0o644)
        try StoreFolder.remove(folder.nextVerifierKey)
        try StoreFolder.remove(folder.nextSigningKey)
        return done
          ?? KeyRotation(
            oldKey: ring.current.encoded, newKey: new.encoded, isFinished: true, checkpoint: note.encoded)
      }
    }
  }

  private func rotation(finished: Bool) throws -> KeyRotation {
    let ring = try KeyRing.read(signer.folder)
    guard let new = ring.next, try isRecorded(new) else {
      throw TrackerRefusal(
        Finding(.keyRotation, path: signer.folder.nextVerifierKey, detail: "none"))
    }
    return KeyRotation(
      oldKey: ring.current.encoded, newKey: new.encoded, isFinished: finished, checkpoint: try checkpoint())
  }

  private func isRecorded(_ key: LogVerifierKey) throws -> Bool {
    try keyEvents().last?.details.newKey == key.fingerprint
  }

  /// Those events about the log that name a key: reports that were published stand in the same chain.
  private func keyEvents() throws -> [EventRecord] {
    try store.eventsAboutLog().filter { $0.kind != .reportPublished }
  }

  /// Whether finishing was interrupted after the new key took its place.
  private func isHalfFinished() throws -> Bool {
    let ring = try KeyRing.read(signer.folder)
    guard let next = ring.next else { return false }
    return try signer.key().verifier == next
  }

  /// Compares the keys of the signer's store with those that the log names.
  ///
  /// - Returns: findings for an audit: a key that the log does not know, or a broken chain of events about it.
  func keyFindings() throws -> [Finding] {
    var findings: [Finding] = []
    var previous: EventRecord?
    for event in try keyEvents() {
      let isContinued =
        event.kind == .logSucceeded || previous == nil || event.details.oldKey == previous?.details.newKey
      // That each follows the one before is a rule of the log's own events (RuleAudit).
      if !isContinued || event.details.newKey == nil {
        findings.append(
          Finding(.previousMismatch, path: "event/\(event.index)", events: [event.identifier]))
      }
      previous = event
    }
    guard let stated = previous?.details.newKey else { return findings }
    let ring = try KeyRing.read(signer.folder)
    let signing = ring.next ?? ring.current
    if signing.fingerprint != stated {
      findings.append(
        Finding(
          .keyUnrecorded, path: signer.folder.keys, expected: stated.base64URL,
          found: signing.fingerprint.base64URL))
    }
    return findings
  }
}
