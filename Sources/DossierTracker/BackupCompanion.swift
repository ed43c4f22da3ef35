internal import CustodyLog
internal import DossierCore
internal import Glibc

/// A small file that goes along with a backup, beside the copy of the database: what people would miss and what stands
/// nowhere in the log.
///
/// Neither signs anything, so that a backup with both still cannot write another past. The look-up key opens nothing of the
/// items in the copy that the copy itself does not hold; without it every code on paper is dead.
public enum BackupCompanion: String, CaseIterable, Hashable, Sendable {
  /// The station's accounts and tokens, their secrets hashed. Sessions, counts and waiting signatures stay behind.
  case people = "people.json"
  /// What public look-up codes are made with.
  case lookup = "lookup.key"

  /// The word of its line in the record.
  var word: String {
    switch self {
    case .people: "people"
    case .lookup: "lookup"
    }
  }

  /// Where it lies beside a backup.
  public func path(of backup: String) -> String { "\(backup).\(rawValue)" }

  /// Where a restore puts it in a store.
  func place(in folder: StoreFolder) -> PrivateFile {
    PrivateFile(folder: "\(folder.path)/station", name: rawValue)
  }

  /// Where it may lie in a store, the one that counts first; nowhere when it is not this user's to read or write.
  func places(in folder: StoreFolder) -> [PrivateFile] {
    switch self {
    case .people: [place(in: folder)]
    // Who signs for another user makes no codes for him either, and keeps his key himself.
    case .lookup where Signer(folder: folder).isAnothers: []
    case .lookup: [PrivateFile(folder: folder.keys, name: rawValue), place(in: folder)]
    }
  }
}

extension PrivateFile {
  /// The accounts and tokens of a store's station.
  public static func people(data: String) -> PrivateFile {
    PrivateFile(folder: "\(data)/station", name: BackupCompanion.people.rawValue)
  }
}

/// Small files on their way into a backup or out of one.
struct BackupCompanions {
  private var contents: [(kind: BackupCompanion, bytes: [UInt8])] = []

  var digests: [BackupCompanion: Digest] {
    Dictionary(uniqueKeysWithValues: contents.map { ($0.kind, MerkleHash.sha256($0.bytes)) })
  }

  /// Those of a store, each as it was at one moment.
  init(of folder: StoreFolder) throws {
    for kind in BackupCompanion.allCases {
      if let bytes = try kind.places(in: folder).lazy.compactMap({ try $0.read() }).first {
        contents.append((kind, bytes))
      }
    }
  }

  /// Those of a backup.
  ///
  /// - Throws: a refusal when one that the record states is not there or is another.
  init(of backup: String, _ record: BackupRecord) throws {
    for kind in BackupCompanion.allCases {
      guard let stated = record.companions[kind] else { continue }
      let path = kind.path(of: backup)
      guard let bytes = try StoreFolder.read(path, limit: 64 << 20) else {
        throw TrackerRefusal(Finding(.backupRecord, path: path))
      }
      let found = MerkleHash.sha256(bytes)
      guard found == stated else {
        throw TrackerRefusal(Finding(.backupDamaged, path: path, expected: stated.hex, found: found.hex))
      }
      contents.append((kind, bytes))
    }
  }

  func write(beside backup: String) throws {
    for (kind, bytes) in contents { try StoreFolder.write(bytes, to: kind.path(of: backup), mode: 0o600) }
  }

  /// Takes away what was written beside a backup that was not finished.
  func remove(beside backup: String) {
    for (kind, _) in contents { unlink(kind.path(of: backup)) }
  }

  /// Puts them into a store, where none is ever overwritten: what lies there is newer.
  ///
  /// - Returns: those that were put there.
  func putBack(into folder: StoreFolder) throws -> [BackupCompanion] {
    var done: [BackupCompanion] = []
    do {
      for (kind, bytes) in contents {
        let places = kind.places(in: folder)
        guard !places.isEmpty, !places.contains(where: { StoreFolder.isTaken($0.path) }) else { continue }
        done.append(kind)
        try kind.place(in: folder).write(bytes)
        // A session that outlived its accounts could fit one that is changed as often again.
        if kind == .people { try StoreFolder.remove("\(folder.path)/station/sessions.json") }
      }
    } catch {
      Self.takeBack(done, from: folder)
      throw error
    }
    return done
  }

  /// Undoes ``putBack(into:)``; folders that are left empty go too.
  static func takeBack(_ kinds: [BackupCompanion], from folder: StoreFolder) {
    for kind in kinds {
      let path = kind.place(in: folder).path
      unlink(path)
      rmdir(String(path.dropLast(kind.rawValue.utf8.count + 1)))
    }
  }
}
