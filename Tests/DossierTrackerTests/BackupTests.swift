import CustodyLog
import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierTracker

/// Backups are whole, of one moment, verified, without keys; restoring one trusts nothing that it cannot check.
@Suite struct BackupTests {
  private func event(_ name: String) -> EventRequest {
    EventRequest(.held, item: "BG-1", reason: "unclaimed", event: name)
  }

  /// A filled store with a backup of it.
  private func backedUp(_ folder: TemporaryFolder) throws -> (store: String, backup: Backup) {
    let path = folder.path("store")
    try Sample.filled(path)
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy.sqlite"))
    return (path, backup)
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func copyIsTheStoreAndHoldsNoKey() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    #expect(backup.finding == nil)
    #expect(try names(folder) == ["copy.sqlite", "copy.sqlite.txt", "store"])
    for file in [backup.file, backup.file + ".txt"] { #expect(StoreFolder.mode(of: file) == 0o600) }
    let original = try Sample.open(path, readOnly: true)
    #expect(backup.record.head == (try original.head()))
    #expect(backup.record.sha256 == MerkleHash.sha256(try Files.read(backup.file)))
    #expect(BackupRecord(try Files.read(backup.file + ".txt")) == backup.record)
    let secret = try Files.read(path + "/keys/log.key").dropLast().suffix(44)
    for file in [backup.file, backup.file + ".txt"] {
      #expect(
        !(String(decoding: try Files.read(file), as: UTF8.self).contains(
          String(decoding: secret, as: UTF8.self))))
    }
    // The same tables, triggers, STRICT and all.
    func schema(_ file: String) throws -> [String] {
      let queue = try DatabaseQueue(path: file)
      defer { try? queue.close() }
      return try queue.read {
        try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
      }
    }
    #expect(try schema(backup.file) == schema(path + "/store.sqlite"))

    try FileManager.default.copyItem(atPath: path + "/keys", toPath: folder.path("signer"))
    let restored = try Tracker.restore(
      backup.file, to: folder.path("restored"), keys: folder.path("signer"), environment: Sample.environment()
    )
    #expect(restored.finding == nil)
    let again = try Sample.open(folder.path("restored"))
    #expect(try again.audit() == original.audit())
    _ = try again.record(event("after"))
    try again.checkpoint()
    #expect(StoreFolder.mode(of: folder.path("restored") + "/store.sqlite") == 0o600)
  }

  @Test func whatWasDeletedDoesNotComeAlong() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let marker = "NGUYEN-VAN-DA-XOA"
    try Attack.database(path) { db in
      try db.execute(sql: "PRAGMA secure_delete = OFF")
      try db.execute(sql: "CREATE TABLE aside(text TEXT)")
      for _ in 0..<400 { try db.execute(sql: "INSERT INTO aside VALUES(?)", arguments: [marker]) }
      try db.execute(sql: "DROP TABLE aside")
      try db.checkpoint(.truncate)
    }
    func holdsMarker(_ file: String) throws -> Bool {
      try Data(contentsOf: URL(filePath: file)).range(of: Data(marker.utf8)) != nil
    }
    #expect(try holdsMarker(path + "/store.sqlite"))
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    #expect(try !holdsMarker(backup.file))
  }

  @Test func namesAreTakenOnlyOnce() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    let tracker = try Sample.open(path, readOnly: true)
    let bytes = try Files.read(backup.file)
    #expect(try refusal { try tracker.backup(to: backup.file) }?.code == .outputUnwritable)
    #expect(try Files.read(backup.file) == bytes)
    try FileManager.default.createDirectory(atPath: folder.path("usb"), withIntermediateDirectories: true)
    let named = try tracker.backup(to: folder.path("usb/"))
    #expect(named.file == folder.path("usb") + "/H48.25-20260202T080000.sqlite")
    #expect(named.record.head == backup.record.head)
    #expect(try refusal { try tracker.backup(to: folder.path("none/x")) }?.code == .outputUnwritable)
    // What a killed process left is taken over; a living one is not disturbed.
    let draft = folder.path("third") + ".new"
    try Files.write(Array("half".utf8), draft)
    let busy = try DraftFile(folder.path("third"), drafting: { _ in })
    #expect(try refusal { try tracker.backup(to: folder.path("third")) }?.code == .storeBusy)
    #expect(Files.exists(draft))
    busy.abandon()
    try Files.write(Array("half".utf8), draft)
    #expect(try tracker.backup(to: folder.path("third")).record.head == backup.record.head)
    #expect(!Files.exists(draft))
  }

  @Test func copyTakenWhileOthersWriteIsOfOneMoment() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let files = try FileManager.default.contentsOfDirectory(atPath: Repository.sample("manifests"))
    #expect(files.count > 3)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          let tracker = try Sample.open(path)
          for number in 0..<150 {
            _ = try tracker.record(
              EventRequest(
                .held, item: "W-\(writer)-\(number % 9)", reason: "a", event: "W-\(writer)-\(number)"))
            if number % 10 == 0 { try tracker.checkpoint() }
          }
        }
      }
      group.addTask {
        var last: UInt64 = 0
        for number in 0..<6 {
          let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy-\(number)"))
          #expect(backup.finding == nil)
          #expect(backup.record.head.size >= last)
          last = backup.record.head.size
        }
      }
      try await group.waitForAll()
    }
    for number in 0..<6 {
      let store = folder.path("store-\(number)")
      let restored = try Tracker.restore(
        folder.path("copy-\(number)"), to: store, keys: path + "/keys", environment: Sample.environment())
      let audit = try Sample.open(store, readOnly: true).audit()
      let bad = audit.findings.filter { $0.code.rawValue.hasPrefix("D-3") && $0.severity != .info }
      // Nothing is wrong with it but that more was signed since.
      #expect(bad.allSatisfy { $0.code == .rolledBack }, "\(bad)")
      #expect((restored.finding?.code == .rolledBack) == !bad.isEmpty)
      #expect(audit.head == restored.record.head)
    }
  }

  // MARK: What goes along

  private static let accounts = Array("{\"accounts\":[]}\n".utf8)

  /// A filled store whose codes are on paper already, with accounts and what a station remembers.
  private func inhabited(_ folder: TemporaryFolder) throws -> (store: String, code: String) {
    let path = folder.path("store")
    try Sample.filled(path)
    let tracker = try Sample.open(path)
    let code = try #require(try tracker.lookupCode(ofItem: "RM473981177VN"))
    try Sample.close(tracker)
    try PrivateFile.people(data: path).write(Self.accounts)
    for name in ["sessions.json", "serving"] {
      try PrivateFile(folder: path + "/station", name: name).write([0x7B, 0x7D])
    }
    return (path, code)
  }

  @Test func accountsAndLookUpKeyGoAlongAndSessionsDoNot() throws {
    let folder = try TemporaryFolder()
    let (path, code) = try inhabited(folder)
    let key = try Files.read(path + "/keys/lookup.key")
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    let files = ["copy", "copy.lookup.key", "copy.people.json", "copy.txt"]
    #expect(try names(folder) == files + ["store"])
    for file in files { #expect(StoreFolder.mode(of: folder.path(file)) == 0o600) }
    #expect(backup.record.companions.count == 2)
    #expect(BackupRecord(try Files.read(backup.file + ".txt")) == backup.record)

    // The signer's store as README says to keep it: without the look-up key.
    try FileManager.default.copyItem(atPath: path + "/keys", toPath: folder.path("signer"))
    try FileManager.default.removeItem(atPath: folder.path("signer") + "/lookup.key")
    let new = folder.path("new")
    let restored = try Tracker.restore(
      backup.file, to: new, keys: folder.path("signer"), environment: Sample.environment())
    #expect(restored.finding == nil && restored.companions == [.people, .lookup])
    #expect(try Files.read(new + "/station/people.json") == Self.accounts)
    #expect(try Files.read(new + "/station/lookup.key") == key)
    #expect(!Files.exists(folder.path("signer/lookup.key")))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: new + "/station").sorted()
        == ["lookup.key", "people.json"])
    for file in ["/station/people.json", "/station/lookup.key"] {
      #expect(StoreFolder.mode(of: new + file) == 0o600)
    }
    #expect(StoreFolder.mode(of: new + "/station") == 0o700)
    #expect(try Sample.open(new).lookup(code: code)?.item == "RM473981177VN")
  }

  /// The signer's store is lost with the rest, and a successor log goes on: codes on paper outlive even that.
  @Test func aCodeOnPaperOutlivesTheSignersStore() throws {
    let folder = try TemporaryFolder()
    let (path, code) = try inhabited(folder)
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    let new = folder.path("new")
    let restored = try Tracker.restore(backup.file, to: new, environment: Sample.environment())
    #expect(restored.finding?.code == .checkpointMissing && restored.companions.contains(.lookup))
    // The place of the keys stays free for them.
    #expect(!Files.exists(new + "/keys"))
    _ = try Tracker.succeed(at: new, reason: "restored", environment: Sample.environment())
    let successor = try Sample.open(new)
    #expect(try successor.lookup(code: code)?.item == "RM473981177VN")
    #expect(try successor.lookupCode(ofItem: "RM473981177VN") == code)
    // A backup of what was restored takes it along again.
    let second = try successor.backup(to: folder.path("second"))
    #expect(try Files.read(second.file + ".lookup.key") == Files.read(backup.file + ".lookup.key"))
  }

  /// The disk with the keys is elsewhere just then, and comes back.
  @Test func aLinkToKeysThatAreAwayHindersNothing() throws {
    let folder = try TemporaryFolder()
    let (path, code) = try inhabited(folder)
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    try FileManager.default.copyItem(atPath: path + "/keys", toPath: folder.path("signer"))
    try FileManager.default.removeItem(atPath: folder.path("signer") + "/lookup.key")
    let new = folder.path("new")
    try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: new + "/keys", withDestinationPath: folder.path("unplugged"))
    let restored = try Tracker.restore(backup.file, to: new, environment: Sample.environment())
    #expect(restored.finding?.code == .checkpointMissing && restored.companions == [.people, .lookup])
    try FileManager.default.moveItem(atPath: folder.path("signer"), toPath: folder.path("unplugged"))
    #expect(try Sample.open(new).lookup(code: code)?.item == "RM473981177VN")
  }

  @Test func aCompanionThatIsAlteredOrMissingIsRefusedAndNothingIsLeft() throws {
    let folder = try TemporaryFolder()
    let (path, _) = try inhabited(folder)
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    func attempt() throws -> FindingCode? {
      try refusal {
        try Tracker.restore(backup.file, to: folder.path("new"), environment: Sample.environment())
      }?
      .code
    }
    for kind in BackupCompanion.allCases {
      let file = kind.path(of: backup.file)
      let bytes = try Files.read(file)
      for altered in [[], bytes.dropLast(), bytes + [0x0A], [bytes[0] ^ 1] + bytes.dropFirst()] {
        try Files.write(Array(altered), file)
        #expect(try attempt() == .backupDamaged, "\(kind)")
      }
      try FileManager.default.removeItem(atPath: file)
      #expect(try attempt() == .backupRecord, "\(kind)")
      try Files.write(bytes, file)
    }
    // The copy itself is damaged: what goes along is not put back either.
    let bytes = try Files.read(backup.file)
    try Files.write(bytes.dropLast(), backup.file)
    #expect(try attempt() == .backupDamaged)
    #expect(!Files.exists(folder.path("new")))
    try Files.write(bytes, backup.file)
    #expect(try attempt() == nil && Files.exists(folder.path("new/store.sqlite")))
  }

  /// A disk that took the database alone: accounts that were changed since the backup stay as they are.
  @Test func whatLiesInTheFolderIsNewerAndStays() throws {
    let folder = try TemporaryFolder()
    let (path, code) = try inhabited(folder)
    let backup = try Sample.open(path, readOnly: true).backup(to: folder.path("copy"))
    let newer = Array("{\"accounts\":[],\"version\":1}\n".utf8)
    try PrivateFile.people(data: path).write(newer)
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + "/store.sqlite" + ending)
    }
    let restored = try Tracker.restore(backup.file, to: path, environment: Sample.environment())
    #expect(restored.companions.isEmpty)
    #expect(try Files.read(path + "/station/people.json") == newer)
    #expect(Files.exists(path + "/station/sessions.json"))
    #expect(try Sample.open(path).lookup(code: code) != nil)
    // Accounts that come back find no session of those that were lost.
    try FileManager.default.removeItem(atPath: path + "/station/people.json")
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + "/store.sqlite" + ending)
    }
    let again = try Tracker.restore(backup.file, to: path, environment: Sample.environment())
    #expect(again.companions == [.people])
    #expect(!Files.exists(path + "/station/sessions.json"))
  }

  /// Accounts are changed while copies are made: each holds whole accounts, and none that its log does not know of.
  @Test func accountsOfACopyAreWholeAndRecordedInIt() async throws {
    let folder = try TemporaryFolder()
    let (path, _) = try inhabited(folder)
    try PrivateFile.people(data: path).write(Array("0\n".utf8))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let tracker = try Sample.open(path)
        for number in 1...60 {
          // As every change of accounts: recorded first, then made.
          _ = try tracker.record(EventRequest(.held, item: "P-1", reason: "a", event: "P-\(number)"))
          try PrivateFile.people(data: path).write(Array("\(number)\n".utf8))
        }
      }
      group.addTask {
        for number in 0..<6 {
          _ = try Sample.open(path, readOnly: true).backup(to: folder.path("copy-\(number)"))
        }
      }
      try await group.waitForAll()
    }
    for number in 0..<6 {
      let store = folder.path("store-\(number)")
      _ = try Tracker.restore(
        folder.path("copy-\(number)"), to: store, keys: path + "/keys", environment: Sample.environment())
      let text = String(decoding: try Files.read(store + "/station/people.json"), as: UTF8.self)
      let count = try #require(Int(text.dropLast()))
      let known = try Sample.open(store, readOnly: true).store.history(ofItem: "P-1")?.events.count ?? 0
      #expect(count <= known)
    }
  }

  // MARK: Restoring

  @Test func alteredOrTruncatedBackupIsRefused() throws {
    let folder = try TemporaryFolder()
    let (_, backup) = try backedUp(folder)
    let bytes = try Files.read(backup.file)
    func attempt() throws -> FindingCode? {
      try refusal {
        try Tracker.restore(backup.file, to: folder.path("new"), environment: Sample.environment())
      }?
      .code
    }
    for count in [0, 1, 100, bytes.count / 2, bytes.count - 1] {
      try Files.write(Array(bytes.prefix(count)), backup.file)
      #expect(try attempt() == .backupDamaged, "\(count)")
    }
    var random = SplitMix64(seed: 7)
    for _ in 0..<20 {
      var altered = bytes
      altered[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << Int.random(in: 0..<8, using: &random)
      try Files.write(altered, backup.file)
      #expect(try attempt() == .backupDamaged)
    }
    try Files.write(bytes, backup.file)
    let record = try Files.read(backup.file + ".txt")
    for position in stride(from: 0, to: record.count, by: 3) {
      var altered = record
      altered[position] ^= 1
      try Files.write(altered, backup.file + ".txt")
      let code = try attempt()
      if code == nil { try FileManager.default.removeItem(atPath: folder.path("new")) }
      // The file's name, the time, the program's version and the checkpoint are for people.
      var expected = backup.record
      if let read = BackupRecord(altered) {
        expected.file = read.file
        expected.taken = read.taken
        expected.program = read.program
        expected.checkpoint = read.checkpoint
        #expect((code == nil) == (read == expected), "\(position)")
        #expect(code == nil || code == .backupDamaged, "\(position)")
      } else {
        #expect(code == .backupRecord, "\(position)")
      }
    }
    try FileManager.default.removeItem(atPath: backup.file + ".txt")
    #expect(try attempt() == .backupRecord)
    #expect(!Files.exists(folder.path("new")))
  }

  /// Someone who alters both the copy and its record is found out by what others hold: the signer, and the audit.
  @Test func forgedBackupDoesNotGetPastTheSigner() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    let queue = try DatabaseQueue(path: backup.file)
    try queue.writeWithoutTransaction { db in
      try Attack.withoutTriggers(db) { try db.execute(sql: "UPDATE event SET at = at + 1 WHERE idx = 530") }
    }
    try queue.close()
    var record = backup.record
    record.sha256 = MerkleHash.sha256(try Files.read(backup.file))
    record.bytes = Int64(try Files.read(backup.file).count)
    try Files.write(Array(record.text.utf8), backup.file + ".txt")
    func attempt(_ name: String) throws -> FindingCode? {
      try refusal {
        try Tracker.restore(
          backup.file, to: folder.path(name), keys: path + "/keys", environment: Sample.environment())
      }?.code
    }
    // The rows no longer hash to what the store itself states.
    #expect(try attempt("first") == .backupDamaged)
    #expect(!Files.exists(folder.path("first")))
  }

  @Test func storesAreNeverOverwritten() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    let bytes = try Files.read(path + "/store.sqlite")
    #expect(try refusal { try Tracker.restore(backup.file, to: path) }?.code == .storeExists)
    #expect(try Files.read(path + "/store.sqlite") == bytes)
    // A write-ahead log of the store that was there would be read as part of this one.
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + "/store.sqlite" + ending)
    }
    try Files.write(Array("frames".utf8), path + "/store.sqlite-wal")
    #expect(try refusal { try Tracker.restore(backup.file, to: path) }?.code == .storeExists)
    try FileManager.default.removeItem(atPath: path + "/store.sqlite-wal")
    #expect(try Tracker.restore(backup.file, to: path, environment: Sample.environment()).finding == nil)
    #expect(try Sample.open(path).audit().isSigned)
  }

  @Test func withoutOrWithAnothersSignerItIsOnlyRead() throws {
    let folder = try TemporaryFolder()
    let (_, backup) = try backedUp(folder)
    _ = try Sample.create(folder.path("other"))
    let alone = try Tracker.restore(backup.file, to: folder.path("alone"), environment: Sample.environment())
    #expect(alone.finding?.code == .checkpointMissing)
    #expect(try refusal { try Sample.open(folder.path("alone")) }?.code == .checkpointMissing)
    #expect(try Sample.open(folder.path("alone"), readOnly: true).head() == backup.record.head)
    let foreign = try Tracker.restore(
      backup.file, to: folder.path("foreign"), keys: folder.path("other") + "/keys",
      environment: Sample.environment())
    #expect(foreign.finding?.code == .signerForeign)
    let none = try refusal {
      try Tracker.restore(backup.file, to: folder.path("none"), keys: folder.path("nothing"))
    }
    #expect(none?.code == .checkpointMissing)
    #expect(!Files.exists(folder.path("none")))
  }

  @Test func oldBackupIsReadAndWrittenOnlyAsASuccessor() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    let later = try Sample.open(path)
    for number in 0..<5 { _ = try later.record(event("L-\(number)")) }
    try later.checkpoint()
    try Sample.close(later)
    let restored = try Tracker.restore(
      backup.file, to: folder.path("new"), keys: path + "/keys", environment: Sample.environment())
    #expect(restored.finding?.code == .rolledBack)
    #expect(restored.finding?.expected == "\(backup.record.head.size + 5)")
    #expect(try refusal { try Sample.open(folder.path("new")) }?.code == .rolledBack)
    #expect(try Tracker.freeze(at: folder.path("new")).finding?.code == .rolledBack)
    _ = try Tracker.succeed(at: folder.path("new"), reason: "restored", environment: Sample.environment())
    let tracker = try Sample.open(folder.path("new"))
    _ = try tracker.record(event("after"))
    try tracker.checkpoint()
    let audit = try tracker.audit()
    #expect(audit.isSigned)
    #expect(audit.findings.filter { $0.code.rawValue.hasPrefix("D-3") && $0.severity != .info } == [])
    // The newer store, should it turn up again, is no longer the signer's.
    #expect(try refusal { try Sample.open(path) }?.code == .signerForeign)
  }

  @Test func copyOfARolledBackStoreSaysSo() throws {
    let folder = try TemporaryFolder()
    let (path, backup) = try backedUp(folder)
    let later = try Sample.open(path)
    _ = try later.record(event("L"))
    try later.checkpoint()
    try Sample.close(later)
    try Files.restore(try Files.read(backup.file), in: path)
    #expect(
      try Sample.open(path, readOnly: true).backup(to: folder.path("evidence")).finding?.code == .rolledBack)
  }
}
