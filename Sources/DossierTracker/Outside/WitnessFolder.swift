public import CustodyLog
internal import DossierCore
internal import Foundation
internal import Glibc

/// A witness: someone other than the log's keeper who remembers the newest checkpoint of each log that he serves, and
/// cosigns only what extends it (c2sp.org/tlog-witness).
///
/// A folder: `witness.key` (its owner alone), `witness.pub`, `logs/` the keys of the logs, `heads/` one file a log with
/// the checkpoint that was cosigned last, `evidence/` what it caught. Several processes may use one folder: the head is
/// compared and replaced under a lock, and is on the disk before an answer is given.
public struct WitnessFolder: Sendable {
  public let path: String
  /// Milliseconds since 1970 UTC.
  private let now: @Sendable () -> Int64

  private var keyFile: String { path + "/witness.key" }
  private var verifierFile: String { path + "/witness.pub" }
  private var lock: String { path + "/lock" }

  /// - Throws: ``TrackerRefusal`` when there is no witness in the folder.
  public init(
    opening path: String, now: @escaping @Sendable () -> Int64 = Tracker.Environment.systemClock
  ) throws {
    self.path = path
    self.now = now
    guard access(keyFile, F_OK) == 0 else { throw TrackerRefusal(Finding(.witnessAbsent, path: path)) }
  }

  /// Makes a witness with a new key.
  ///
  /// - Parameter name: of the witness, without white space or plus sign: who he is, such as `thanh-tra.tinh.vn`.
  /// - Throws: ``TrackerRefusal`` when there is one already; ``LogKeyError`` for a name that no key can have.
  public static func create(
    at path: String, name: String, now: @escaping @Sendable () -> Int64 = Tracker.Environment.systemClock
  ) throws -> WitnessFolder {
    let key = try WitnessSigningKey(name: name)
    for folder in [path, path + "/logs", path + "/heads"] {
      guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
        throw TrackerRefusal(
          Finding(.outputUnwritable, path: folder, detail: String(cString: strerror(errno))))
      }
    }
    guard access(path + "/witness.key", F_OK) != 0 else {
      throw TrackerRefusal(Finding(.witnessExists, path: path))
    }
    try StoreFolder.write(Array((key.verifier.encoded + "\n").utf8), to: path + "/witness.pub", mode: 0o644)
    try StoreFolder.write(Array((key.encoded + "\n").utf8), to: path + "/witness.key", mode: 0o600)
    return try WitnessFolder(opening: path, now: now)
  }

  /// The key that others check cosignatures with.
  public func verifierKey() throws -> String { try key().verifier.encoded }

  private func key() throws -> WitnessSigningKey {
    if let mode = StoreFolder.mode(of: keyFile), mode & 0o077 != 0 {
      throw TrackerRefusal(
        Finding(.keyPermissions, path: keyFile, expected: "600", found: String(mode, radix: 8)))
    }
    let text = String(decoding: try StoreFolder.read(keyFile) ?? [], as: UTF8.self)
    do { return try WitnessSigningKey(encoded: String(text.prefix { $0 != "\n" })) } catch {
      throw TrackerRefusal(Finding(.keyAbsent, path: keyFile, detail: "\(error)"))
    }
  }

  // MARK: Logs

  /// Serves a log from now on.
  ///
  /// - Parameters:
  ///   - key: the log's public key, whose name is its origin.
  ///   - replacing: the log's key was replaced: the new one counts beside those known.
  /// - Throws: ``TrackerRefusal`` when the log is known with another key and `replacing` is not set.
  public func trust(_ key: LogVerifierKey, replacing: Bool = false) throws {
    try whileLocked {
      let known = try keys(of: key.name)
      if known.contains(key) { return }
      guard known.isEmpty || replacing else {
        throw TrackerRefusal(Finding(.witnessKeyConflict, path: logFile(key.name), found: key.name))
      }
      let lines = (known + [key]).map { $0.encoded + "\n" }.joined()
      try StoreFolder.write(Array(lines.utf8), to: logFile(key.name), mode: 0o644)
    }
  }

  private func file(_ origin: String) -> String { MerkleHash.sha256(Array(origin.utf8)).hex }
  private func logFile(_ origin: String) -> String { "\(path)/logs/\(file(origin))" }
  private func headFile(_ origin: String) -> String { "\(path)/heads/\(file(origin))" }

  private func keys(of origin: String) throws -> [LogVerifierKey] {
    let text = String(decoding: try StoreFolder.read(logFile(origin)) ?? [], as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      do { return try LogVerifierKey(encoded: String(line)) } catch {
        throw TrackerRefusal(Finding(.keyAbsent, path: logFile(origin), detail: "\(error)"))
      }
    }
  }

  /// The checkpoint that was cosigned last for a log; nil before the first.
  public func lastCosigned(origin: String) throws -> String? {
    try StoreFolder.read(headFile(origin)).map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: Cosigning

  /// An answer, and what was caught on the way.
  public struct Answer: Sendable {
    public var reply: WitnessReply
    /// File of evidence that the log signed two histories, when that is what the request showed.
    public var evidence: String?
  }

  /// Answers a request of a log: compares with what was cosigned last, remembers, and only then cosigns.
  ///
  /// - Parameter request: bytes of a ``WitnessRequest``.
  /// - Throws: ``TrackerRefusal`` when the witness's own files cannot be read or written: then nothing was cosigned.
  public func answer(_ request: [UInt8]) throws -> Answer {
    let request: WitnessRequest? = try? WitnessRequest.parse(request)
    guard let request, let stated = try? Checkpoint.parse(request.note.text) else {
      return Answer(reply: .malformed)
    }
    return try whileLocked {
      let keys = try keys(of: stated.origin)
      let stored = try remembered(stated.origin, keys)
      switch request.decide(logs: keys, stored: stored?.checkpoint.head) {
      case .refuse(let reply):
        return Answer(reply: reply, evidence: try evidence(request, stated, stored, keys))
      case .cosign(let checkpoint):
        let key = try key()
        // Never earlier than the last time, whatever the clock says.
        let last = stored?.note.signatures.filter { $0.keyID == key.verifier.keyID }
          .compactMap { Cosignature.time(of: $0.bytes) }.max()
        let time = max(UInt64(clamping: now() / 1000), last ?? 0)
        let line = try key.cosign(checkpoint, time: time)
        try StoreFolder.write(
          request.note.adding([line]).encode(), to: headFile(checkpoint.origin), mode: 0o644)
        return Answer(reply: .cosigned([line]))
      }
    }
  }

  private typealias Remembered = (note: SignedNote, checkpoint: Checkpoint)

  /// What was cosigned last. A file that does not bear the log's signature stops the witness: without its memory it
  /// would vouch for anything.
  private func remembered(_ origin: String, _ keys: [LogVerifierKey]) throws -> Remembered? {
    guard let bytes = try StoreFolder.read(headFile(origin)) else { return nil }
    do {
      let note = try SignedNote.parse(bytes)
      _ = try note.verify(with: keys)
      let checkpoint = try Checkpoint.parse(note.text)
      guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else { throw CheckpointError.wrongOrigin }
      return (note, checkpoint)
    } catch {
      throw TrackerRefusal(Finding(.checkpointSignature, path: headFile(origin), detail: "\(error)"))
    }
  }

  /// Two roots of one size, both signed by the log: nothing else is needed to convict it.
  private func evidence(
    _ request: WitnessRequest, _ stated: Checkpoint, _ stored: Remembered?, _ keys: [LogVerifierKey]
  ) throws -> String? {
    guard let stored, stored.checkpoint.size == stated.size, (try? request.note.verify(with: keys)) != nil,
      let evidence = ForkEvidence.make(
        (stored.note, stored.checkpoint.head), (request.note, stated.head), exclusion: { _ in nil })
    else { return nil }
    let folder = path + "/evidence"
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw TrackerRefusal(
        Finding(.outputUnwritable, path: folder, detail: String(cString: strerror(errno))))
    }
    let bytes = try evidence.encode()
    let file = "\(folder)/\(stated.size)-\(MerkleHash.sha256(bytes).hex.prefix(16)).evidence.json"
    try StoreFolder.write(bytes, to: file, mode: 0o644)
    return file
  }

  private func whileLocked<T>(_ body: () throws -> T) throws -> T {
    let file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw TrackerRefusal(Finding(.storeUnwritable, path: lock, detail: String(cString: strerror(errno))))
    }
    defer { close(file) }
    while flock(file, LOCK_EX) != 0 {
      if errno != EINTR {
        throw TrackerRefusal(
          Finding(.storeUnwritable, path: lock, detail: String(cString: strerror(errno))))
      }
    }
    return try body()
  }
}
