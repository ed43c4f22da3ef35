internal import CustodyLog
internal import DossierCore
internal import DossierSQLite
internal import Glibc

/// Signs checkpoints of one log and remembers the last.
///
/// It signs only what is a consistent extension of the last checkpoint it signed: the root at that size, hashed
/// again from the rows, must be the one signed then. Anything else is refused with a finding. Its memory is begun by
/// `init` and by commands that say so, never in passing: without it, an old copy of the store could be signed.
struct Signer: Sendable {
  let folder: StoreFolder

  /// Makes a key and writes both halves.
  @discardableResult
  static func createKey(origin: String, key path: String, verifier: String) throws -> LogSigningKey {
    let key = try LogSigningKey(name: origin)
    try StoreFolder.write(Array((key.encoded + "\n").utf8), to: path, mode: 0o600)
    try StoreFolder.write(Array((key.verifier.encoded + "\n").utf8), to: verifier, mode: 0o644)
    return key
  }

  func verifier() throws -> LogVerifierKey { try KeyRing.read(folder).current }

  /// The key that signs: there, and readable by its owner alone.
  func key() throws -> LogSigningKey { try key(folder.signingKey) }

  /// Whether the key belongs to another user, who signs what this one records.
  var isAnothers: Bool { access(folder.signingKey, R_OK) != 0 && errno == EACCES }

  func key(_ path: String) throws -> LogSigningKey {
    guard let text = try StoreFolder.line(path) else { throw TrackerRefusal(Finding(.keyAbsent, path: path)) }
    if let mode = StoreFolder.mode(of: path), mode & 0o077 != 0 {
      throw TrackerRefusal(
        Finding(.keyPermissions, path: path, expected: "600", found: String(mode, radix: 8)))
    }
    do { return try LogSigningKey(encoded: text) } catch {
      throw TrackerRefusal(Finding(.keyAbsent, path: path, detail: "\(error)"))
    }
  }

  /// The last signed checkpoint, its signature checked; nil when none was ever signed.
  func lastCheckpoint() throws -> Checkpoint? { try last()?.checkpoint }

  func last() throws -> (memory: SignerMemory, checkpoint: Checkpoint)? {
    guard let memory = try SignerMemory.read(folder) else { return nil }
    let ring = try KeyRing.read(folder)
    let checkpoint = try ring.open(memory.note.encode(), path: folder.checkpoint)
    guard checkpoint.origin == ring.current.name else {
      throw TrackerRefusal(
        Finding(.checkpointSignature, path: folder.checkpoint, detail: "\(CheckpointError.wrongOrigin)"))
    }
    return (memory, checkpoint)
  }

  /// Checks a checkpoint of this log.
  func open(_ note: [UInt8], path: String) throws -> Checkpoint {
    try KeyRing.read(folder).open(note, path: path)
  }

  /// Whether the store still holds what was signed last, and may go on.
  ///
  /// - Throws: a refusal when it does not: the store was rolled back, replaced or altered, its log is frozen, or the
  ///   signer's store is absent or another log's.
  func requireExtension(_ store: SQLiteStore) throws {
    try requireOwn(store)
    guard let last = try lastCheckpoint() else {
      throw TrackerRefusal(Finding(.checkpointMissing, path: folder.checkpoint))
    }
    try Self.require(store, extends: last.head, path: folder.checkpoint)
    if folder.isFrozen { throw TrackerRefusal(Finding(.logFrozen, path: folder.frozen)) }
  }

  /// Whether the signer's store is that of the store's log.
  func requireOwn(_ store: SQLiteStore) throws {
    guard folder.hasSigner else {
      throw TrackerRefusal(Finding(.checkpointMissing, path: folder.checkpoint))
    }
    let (origin, name) = (try store.identity().origin, try verifier().name)
    guard origin.utf8.elementsEqual(name.utf8) else {
      throw TrackerRefusal(Finding(.signerForeign, path: folder.keys, expected: origin, found: name))
    }
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
  /// - Parameters:
  ///   - now: the clock in milliseconds since 1970 UTC, not earlier than at the last checkpoint.
  ///   - isFinal: for the last checkpoint of a log that takes nothing more.
  /// - Returns: the signed note.
  func sign(_ store: SQLiteStore, now: Int64, isFinal: Bool = false) throws -> SignedNote {
    try folder.whileLocked {
      let keys = try signingKeys()
      try requireOwn(store)
      guard let last = try last() else {
        throw TrackerRefusal(Finding(.checkpointMissing, path: folder.checkpoint))
      }
      try Self.require(store, extends: last.checkpoint.head, path: folder.checkpoint)
      let head = try store.head()
      if last.checkpoint.head == head { return last.memory.note }
      if folder.isFrozen && !isFinal { throw TrackerRefusal(Finding(.logFrozen, path: folder.frozen)) }
      guard now >= last.memory.signedAt else {
        throw TrackerRefusal(
          Finding(
            .checkpointClock, path: folder.checkpoint, expected: Self.time(last.memory.signedAt),
            found: Self.time(now)))
      }
      let memory = SignerMemory(note: try Self.note(store, head, keys), signedAt: now)
      try memory.replace(last.memory, in: folder)
      return memory.note
    }
  }

  /// The first checkpoint of a log: the beginning of the signer's memory.
  func begin(_ store: SQLiteStore, key: LogSigningKey, now: Int64) throws {
    try folder.whileLocked {
      try SignerMemory(note: try Self.note(store, try store.head(), [key]), signedAt: now)
        .replace(nil, in: folder)
    }
  }

  /// A checkpoint of the head, which is what the store's state row claims: signed only if the rows hash to it.
  static func note(_ store: SQLiteStore, _ head: LogHead, _ keys: [LogSigningKey]) throws -> SignedNote {
    guard try store.root(atSize: head.size) == head.root, let origin = keys.first?.name else {
      throw TrackerRefusal(Finding(.logStateMismatch, path: "log_state", found: head.root.base64))
    }
    return try SignedNote.sign(try Checkpoint(origin: origin, head: head).text, with: keys)
  }

  /// The key that signs, and while it is being replaced its successor too.
  private func signingKeys() throws -> [LogSigningKey] {
    let ring = try KeyRing.read(folder)
    let key = try key()
    var keys = [key]
    // What another key signs could not be opened again, and the store neither.
    try requirePair(key, ring.current, folder.signingKey)
    if let next = ring.next {
      let key = try self.key(folder.nextSigningKey)
      try requirePair(key, next, folder.nextSigningKey)
      guard next.name == ring.current.name else {
        throw TrackerRefusal(
          Finding(.keyAbsent, path: folder.nextVerifierKey, expected: ring.current.name, found: next.name))
      }
      keys.append(key)
    }
    return keys
  }

  private func requirePair(_ key: LogSigningKey, _ verifier: LogVerifierKey, _ path: String) throws {
    guard key.verifier != verifier else { return }
    throw TrackerRefusal(
      Finding(
        .keyAbsent, path: path, expected: verifier.name, found: key.name,
        detail: "The two halves of the key are not one pair."))
  }

  static func time(_ milliseconds: Int64) -> String {
    OffsetDateTime(milliseconds: milliseconds, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text
      ?? "\(milliseconds)"
  }
}
