internal import CustodyLog
public import DossierCore
internal import DossierSQLite
internal import Glibc

/// A backup that was made and verified.
public struct Backup: Hashable, Sendable {
  /// The copy of the database.
  public var file: String
  public var record: BackupRecord
  /// Set when the copy does not hold what was signed last: it is kept as evidence, not as a state to go on from.
  public var finding: Finding?
}

extension Tracker {
  /// Copies the whole store into a file, while others may be writing, and a record of it beside it.
  ///
  /// The copy is of one moment. It is read back, every event hashed anew, before it gets its name; until then, and when
  /// anything goes wrong, nothing stands under that name. The station's accounts and the look-up key go along in files
  /// of their own (``BackupCompanion``). It holds personal data as the store does (mode 0600), and never the keys that sign.
  ///
  /// - Parameters:
  ///   - target: a file that is not there yet, or a folder, in which it is named after the office and the time.
  ///   - drafting: called with the name of the unfinished file, so that whoever is interrupted can remove it.
  /// - Throws: ``TrackerRefusal``.
  public func backup(to target: String, drafting: (String) -> Void = { _ in }) throws -> Backup {
    let time = environment.now()
    let file = backupName(target, time)
    if StoreFolder.isTaken(file) {
      throw TrackerRefusal(Finding(.outputUnwritable, path: file, detail: String(cString: strerror(EEXIST))))
    }
    let draft = try DraftFile(file, drafting: drafting)
    defer { draft.abandon() }
    // Read before the copy is made, so that the copy can only be newer.
    let last = try? SignerMemory.read(signer.folder)?.note
    // So that all that the accounts say was recorded in the copied log: a change is recorded before it is made.
    let along = try BackupCompanions(of: signer.folder)
    do { try store.copy(into: draft.path) } catch {
      throw Self.explaining(error, reading: path, writing: file)
    }
    return try Self.refusing(.backupDamaged, draft.path) {
      let copy = try SQLiteStore(path: draft.path, readOnly: true)
      defer { try? copy.closeFile() }
      let head = try copy.verifiedHead()
      let identity = try copy.identity()
      let finding = last.flatMap { Self.finding(copy, $0) }
      try draft.sync()
      let (bytes, sha256) = try StoreFolder.digest(draft.path)
      let record = BackupRecord(
        file: String(file[(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)...]),
        bytes: bytes, sha256: sha256, origin: identity.origin, office: identity.office, head: head,
        taken: OffsetDateTime(milliseconds: time, offsetMinutes: environment.zone)?.text ?? "\(time)",
        program: ProductVersion.current, companions: along.digests, checkpoint: last?.encoded ?? "")
      do {
        try along.write(beside: file)
        try StoreFolder.write(Array(record.text.utf8), to: BackupRecord.path(of: file), mode: 0o600)
        try draft.publish()
      } catch let refusal as TrackerRefusal {
        unlink(BackupRecord.path(of: file))
        along.remove(beside: file)
        throw TrackerRefusal(Finding(.outputUnwritable, path: file, detail: refusal.finding.detail))
      }
      return Backup(file: file, record: record, finding: finding)
    }
  }

  private func backupName(_ target: String, _ time: Int64) -> String {
    var status = stat()
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return target }
    let text = OffsetDateTime(milliseconds: time, offsetMinutes: environment.zone)?.text ?? "\(time)"
    // 2026-02-02T08:00:00+07:00 without what some file systems refuse.
    let stamp = text.prefix(19).filter { $0 != "-" && $0 != ":" }
    return "\(target.hasSuffix("/") ? String(target.dropLast()) : target)/\(office)-\(stamp).sqlite"
  }

  /// Whether the copy holds what was signed last.
  static func finding(_ copy: SQLiteStore, _ last: SignedNote) -> Finding? {
    do {
      try Signer.require(copy, extends: try Checkpoint.parse(last.text).head, path: "keys/head")
      return nil
    } catch {
      return (error as? TrackerRefusal)?.finding
    }
  }

  /// What fails while a copy is written is the copy's place, unless the store itself is damaged.
  static func explaining(_ error: any Error, reading path: String, writing file: String) -> any Error {
    guard let (accident, text) = StoreAccident.classify(error) else { return error }
    return switch accident {
    case .unwritable, .other: TrackerRefusal(Finding(.outputUnwritable, path: file, detail: text))
    case .busy: TrackerRefusal(Finding(.storeBusy, path: path, detail: text))
    case .damaged: TrackerRefusal(Finding(.databaseDamaged, path: path, detail: text))
    }
  }

  /// Runs a check of a copy; what it fails of is one finding.
  static func refusing<T>(_ code: FindingCode, _ path: String, _ body: () throws -> T) throws -> T {
    do { return try body() } catch {
      guard let (_, text) = StoreAccident.classify(error) else { throw error }
      throw TrackerRefusal(Finding(code, path: path, detail: text))
    }
  }
}

/// A file that gets its name when it is whole. Whoever makes the same one at the same time is refused; what a killed
/// process left is taken over.
final class DraftFile {
  let path: String
  private let target: String
  private var descriptor: Int32

  init(_ target: String, drafting: (String) -> Void) throws {
    self.target = target
    path = target + ".new"
    // Readable by its owner alone before there is anything in it.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw refusal() }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let busy = TrackerRefusal(Finding(.storeBusy, path: path))
      close(descriptor)
      descriptor = -1
      throw busy
    }
    drafting(path)
    guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else { throw refusal() }
  }

  func sync() throws { if fsync(descriptor) != 0 { throw refusal() } }

  /// Gives it its name, on the disk.
  func publish() throws {
    try sync()
    guard rename(path, target) == 0 else { throw refusal() }
    try StoreFolder.syncFolder(of: target)
    close(descriptor)
    descriptor = -1
  }

  /// Takes an unfinished one away.
  func abandon() {
    guard descriptor >= 0 else { return }
    unlink(path)
    close(descriptor)
    descriptor = -1
  }

  func write(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw refusal() }
      rest = rest.dropFirst(count)
    }
  }

  private func refusal() -> TrackerRefusal {
    TrackerRefusal(Finding(.outputUnwritable, path: target, detail: String(cString: strerror(errno))))
  }
}
