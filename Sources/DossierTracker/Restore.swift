public import DossierCore
internal import DossierSQLite
internal import Glibc

/// A store that was put back from a backup.
public struct Restoration: Hashable, Sendable {
  public var path: String
  public var record: BackupRecord
  /// What was put back of that which went along: not what lay in the store's folder already.
  public var companions: [BackupCompanion]
  /// Why nothing can be written to it as it stands; nil when it can go on.
  public var finding: Finding?
}

extension Tracker {
  /// Puts a store back from a backup, after the digest in its record and everything in it was verified.
  ///
  /// The keys that sign are not in a backup: the signer's store must be there, or be named. A backup that is older than
  /// what was signed last is put back all the same, to be read; nothing can be written to it before a successor log is
  /// opened. Accounts and look-up key come along; those that are in the folder already stay as they are.
  ///
  /// - Parameters:
  ///   - file: the backup; its record lies beside it.
  ///   - path: folder of the store, made when it is not there.
  ///   - keys: folder of the signer's store; nil for `keys` in the store's folder.
  /// - Throws: ``TrackerRefusal``, also when a store is there: none is ever overwritten.
  public static func restore(
    _ file: String, to path: String, keys: String? = nil, environment: Environment = .init(),
    drafting: (String) -> Void = { _ in }
  ) throws -> Restoration {
    let folder = StoreFolder(path: path)
    // A write-ahead log that is left from another database would be taken for part of this one.
    for ending in ["", "-wal", "-shm", "-journal"] where StoreFolder.isTaken(folder.database + ending) {
      throw TrackerRefusal(Finding(.storeExists, path: folder.database + ending))
    }
    let record = try record(of: file)
    let along = try BackupCompanions(of: file, record)
    if let keys, !StoreFolder(keys: keys).hasSigner {
      throw TrackerRefusal(Finding(.checkpointMissing, path: keys + "/head"))
    }
    let isNew = mkdir(path, 0o700) == 0
    guard isNew || errno == EEXIST else { throw StoreFolder.unwritable(path) }
    let putBack: [BackupCompanion]
    do {
      let draft = try DraftFile(folder.database, drafting: drafting)
      defer { draft.abandon() }
      let (bytes, sha256) = try StoreFolder.digest(file) { try draft.write($0) }
      guard bytes == record.bytes, sha256 == record.sha256 else {
        throw TrackerRefusal(
          Finding(.backupDamaged, path: file, expected: record.sha256.hex, found: sha256.hex))
      }
      try draft.sync()
      try refusing(.backupDamaged, file) {
        let copy = try SQLiteStore(path: draft.path, readOnly: true)
        defer { try? copy.closeFile() }
        let head = try copy.verifiedHead()
        let identity = try copy.identity()
        guard head == record.head, identity.origin.utf8.elementsEqual(record.origin.utf8),
          identity.office.utf8.elementsEqual(record.office.utf8)
        else {
          throw TrackerRefusal(
            Finding(
              .backupDamaged, path: file, expected: record.head.root.base64, found: head.root.base64))
        }
      }
      if let keys { try folder.link(keys) }
      putBack = try along.putBack(into: folder)
      do { try draft.publish() } catch {
        BackupCompanions.takeBack(putBack, from: folder)
        throw error
      }
    } catch {
      if isNew {
        unlink(folder.keys)
        rmdir(path)
      }
      throw error
    }
    return Restoration(
      path: path, record: record, companions: putBack, finding: try obstacle(path, environment))
  }

  private static func record(of file: String) throws -> BackupRecord {
    let path = BackupRecord.path(of: file)
    guard let bytes = try StoreFolder.read(path), let record = BackupRecord(bytes) else {
      throw TrackerRefusal(Finding(.backupRecord, path: path))
    }
    return record
  }

  /// Why the store cannot be written as it stands.
  private static func obstacle(_ path: String, _ environment: Environment) throws -> Finding? {
    let tracker = try Tracker(opening: path, readOnly: true, environment: environment)
    do {
      try tracker.explained { try tracker.signer.requireExtension(tracker.store) }
      return nil
    } catch let refusal as TrackerRefusal {
      return refusal.finding
    }
  }
}
