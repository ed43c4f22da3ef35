internal import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// Signs checkpoints of one log and remembers the last.
///
/// It signs only what is a consistent extension of the last checkpoint it signed: the root at that size, hashed
/// again from the rows, must be the one signed then. Anything else is refused with a finding.
struct Signer: Sendable {
  let folder: StoreFolder

  /// Makes the log's key. An existing key is never replaced.
  func createKey(origin: String) throws {
    let key = try LogSigningKey(name: origin)
    try StoreFolder.write(Array((key.encoded + "\n").utf8), to: folder.signingKey, mode: 0o600)
    try StoreFolder.write(Array((key.verifier.encoded + "\n").utf8), to: folder.verifierKey, mode: 0o644)
  }

  func verifier() throws -> LogVerifierKey {
    guard let text = try Self.line(folder.verifierKey) else {
      throw TrackerRefusal(Finding(.keyAbsent, path: folder.verifierKey))
    }
    do { return try LogVerifierKey(encoded: text) } catch {
      throw TrackerRefusal(Finding(.keyAbsent, path: folder.verifierKey, detail: "\(error)"))
    }
  }

  /// The key that signs: there, and readable by its owner alone.
  func key() throws -> LogSigningKey {
    guard let text = try Self.line(folder.signingKey) else {
      throw TrackerRefusal(Finding(.keyAbsent, path: folder.signingKey))
    }
    if let mode = StoreFolder.mode(of: folder.signingKey), mode & 0o077 != 0 {
      throw TrackerRefusal(
        Finding(
          .keyPermissions, path: folder.signingKey, expected: "600", found: String(mode, radix: 8)))
    }
    do { return try LogSigningKey(encoded: text) } catch {
      throw TrackerRefusal(Finding(.keyAbsent, path: folder.signingKey, detail: "\(error)"))
    }
  }

  private static func line(_ path: String) throws -> String? {
    guard let bytes = try StoreFolder.read(path) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return String(text.prefix { $0 != "\n" })
  }

  /// The last signed checkpoint, its signature checked; nil when none was ever signed.
  func lastCheckpoint() throws -> Checkpoint? {
    guard let note = try StoreFolder.read(folder.checkpoint) else { return nil }
    return try open(note, path: folder.checkpoint)
  }

  /// Checks a checkpoint of this log.
  func open(_ note: [UInt8], path: String) throws -> Checkpoint {
    let verifier = try verifier()
    do { return try Checkpoint.open(note, verifier: verifier, origin: verifier.name) } catch {
      throw TrackerRefusal(Finding(.checkpointSignature, path: path, detail: "\(error)"))
    }
  }

  /// Whether the store still holds what was signed last.
  ///
  /// - Throws: a refusal when it does not: the store was rolled back, replaced or altered.
  func requireExtension(_ store: SQLiteStore) throws {
    guard let last = try lastCheckpoint() else { return }
    try Self.require(store, extends: last.head, path: folder.checkpoint)
  }

  static func require(_ store: SQLiteStore, extends head: LogHead, path: String) throws {
    let root: Digest?
    do { root = try store.root(atSize: head.size) } catch let fault as StoreFault {
      throw TrackerRefusal(
        Finding(.checkpointInconsistent, path: path, expected: head.root.base64, detail: fault.description))
    }
    guard let root else {
      throw TrackerRefusal(
        Finding(.rolledBack, path: path, expected: "\(head.size)", found: "\(try store.head().size)"))
    }
    guard root == head.root else {
      throw TrackerRefusal(
        Finding(
          .checkpointInconsistent, path: path, expected: head.root.base64, found: root.base64,
          detail: "\(head.size)"))
    }
  }

  /// Signs where the log stands now, unless that is signed already.
  ///
  /// - Returns: the signed note.
  func sign(_ store: SQLiteStore) throws -> SignedNote {
    try folder.whileLocked {
      let key = try key()
      // What another key signs could not be opened again, and the store neither.
      let verifier = try verifier()
      guard key.verifier.encoded == verifier.encoded else {
        throw TrackerRefusal(
          Finding(
            .keyAbsent, path: folder.signingKey, expected: verifier.name, found: key.name,
            detail: "log.key and log.pub are not one pair"))
      }
      try requireExtension(store)
      let head = try store.head()
      if let last = try lastCheckpoint(), last.head == head,
        let note = try StoreFolder.read(folder.checkpoint)
      {
        return try SignedNote.parse(note)
      }
      // The head is what the store's state row claims: sign only what the rows themselves hash to.
      guard try store.root(atSize: head.size) == head.root else {
        throw TrackerRefusal(
          Finding(.logStateMismatch, path: "log_state", found: head.root.base64))
      }
      let note = try Checkpoint(origin: key.name, head: head).sign(with: key)
      try StoreFolder.write(note.encode(), to: folder.checkpoint, mode: 0o600)
      return note
    }
  }
}
