import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierTracker

/// The signer never signs a log that is not what it signed last, and the audit never trusts it alone.
@Suite struct SignerTests {
  private func folder() throws -> (TemporaryFolder, store: String) {
    let folder = try TemporaryFolder()
    return (folder, folder.path("store"))
  }

  private func event(_ name: String) -> EventRequest {
    EventRequest(.held, item: "BG-1", reason: "unclaimed", event: name)
  }

  /// A store with `count` events recorded and signed, closed.
  private func store(_ path: String, events count: Int, named name: String = "E") throws {
    let tracker = try Sample.create(path)
    for number in 0..<count { _ = try tracker.record(event("\(name)-\(number)")) }
    try tracker.checkpoint()
    try Sample.close(tracker)
  }

  @Test func rolledBackDatabaseIsRefusedAndNeverSigned() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    let old = try Files.read(path + "/store.sqlite")
    let tracker = try Sample.open(path)
    for number in 3..<6 { _ = try tracker.record(event("E-\(number)")) }
    try tracker.checkpoint()
    try Sample.close(tracker)
    let signed = try Files.read(path + "/keys/head")
    try Files.restore(old, in: path)

    let finding = try refusal { try Sample.open(path) }
    #expect(finding?.code == .rolledBack)
    #expect(finding?.code.rawValue == "D-3010")
    #expect(finding?.expected == "7")
    #expect(finding?.found == "4")
    #expect(try Files.read(path + "/keys/head") == signed)
    // It can still be read, and the audit says the same.
    let reading = try Sample.open(path, readOnly: true)
    let report = try reading.audit()
    #expect(report.verdict == .contradiction)
    #expect(report.findings.contains { $0.code == .rolledBack })
    #expect(try refusal { try reading.checkpoint() } != nil)
    #expect(try Files.read(path + "/keys/head") == signed)
    _ = folder
  }

  @Test func databaseRolledBackUnderAnOpenTrackerIsNotSigned() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    try Files.copy(path, to: folder.path("later"))
    let later = try Sample.open(folder.path("later"))
    for number in 3..<6 { _ = try later.record(event("E-\(number)")) }
    try later.checkpoint()
    try Sample.close(later)
    let head = try Files.read(folder.path("later") + "/keys/head")
    // This one was opened before anything newer was signed.
    let tracker = try Sample.open(path)
    try Files.write(head, path + "/keys/head")
    #expect(try refusal { try tracker.checkpoint() }?.code == .rolledBack)
    _ = try tracker.record(event("other"))
    #expect(try refusal { try tracker.checkpoint() }?.code == .rolledBack)
    for number in 0..<5 { _ = try tracker.record(event("other-\(number)")) }
    // Longer than what was signed, and another history.
    #expect(try refusal { try tracker.checkpoint() }?.code == .checkpointInconsistent)
    #expect(try Files.read(path + "/keys/head") == head)
  }

  @Test func databaseOfAnotherStoreIsRefused() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    try store(folder.path("other"), events: 9, named: "F")
    let mine = try Files.read(path + "/store.sqlite")
    try Files.restore(try Files.read(folder.path("other") + "/store.sqlite"), in: path)
    #expect(try refusal { try Sample.open(path) }?.code == .signerForeign)
    let report = try Sample.open(path, readOnly: true).audit()
    #expect(report.verdict == .contradiction)
    #expect(report.findings.contains { $0.code == .rootMismatch })
    #expect(report.findings.contains { $0.path == "store" })
    // Put back, everything is as before.
    try Files.restore(mine, in: path)
    #expect(try Sample.open(path).audit().findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
  }

  @Test func checkpointWithAWrongSignatureIsRefused() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    try store(folder.path("other"), events: 3)
    let signed = try Files.read(path + "/keys/head")
    let foreign = try Files.read(folder.path("other") + "/keys/head")
    var altered: [[UInt8]] = [foreign, [], Array(signed.dropLast()), Array(signed.prefix(20))]
    // Every byte of the note, one bit at a time, turning through the eight bits.
    for position in signed.indices {
      var note = signed
      note[position] ^= 1 << (position % 8)
      altered.append(note)
    }
    for (number, note) in altered.enumerated() {
      try Files.write(note, path + "/keys/head")
      #expect(try refusal { try Sample.open(path) }?.code == .checkpointSignature, "\(number)")
      let report = try Sample.open(path, readOnly: true).audit()
      #expect(report.verdict == .contradiction, "\(number)")
      #expect(report.findings.contains { $0.code == .checkpointSignature }, "\(number)")
    }
    try Files.write(signed, path + "/keys/head")
    #expect(try Sample.open(path).audit().isSigned)
  }

  @Test func publicKeyThatIsNotTheLogsIsNoticed() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    try store(folder.path("other"), events: 3)
    let own = try Files.read(path + "/keys/log.pub")
    var altered: [[UInt8]] = [try Files.read(folder.path("other") + "/keys/log.pub"), []]
    for position in own.indices.dropLast() {
      var key = own
      key[position] ^= 1 << (position % 8)
      altered.append(key)
    }
    for (number, key) in altered.enumerated() {
      try Files.write(key, path + "/keys/log.pub")
      let finding = try refusal { try Sample.open(path) }
      let codes: [FindingCode?] = [.checkpointSignature, .keyAbsent, .signerForeign]
      #expect(codes.contains(finding?.code), "\(number)")
      let report = try Sample.open(path, readOnly: true).audit()
      #expect(report.verdict != .intact, "\(number)")
      #expect(!report.isSigned, "\(number)")
    }
    try FileManager.default.removeItem(atPath: path + "/keys/log.pub")
    #expect(try refusal { try Sample.open(path) }?.code == .keyAbsent)
    let report = try Sample.open(path, readOnly: true).audit()
    #expect(report.verdict != .intact)
    #expect(report.unchecked.contains { $0.what == "checkpoint" })
  }

  @Test func keyOthersCanReadIsNotUsed() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    let key = path + "/keys/log.key"
    #expect(StoreFolder.mode(of: key) == 0o600)
    #expect(StoreFolder.mode(of: path + "/keys") == 0o700)
    #expect(StoreFolder.mode(of: path + "/keys/head") == 0o600)
    let signed = try Files.read(path + "/keys/head")
    for mode in [0o644, 0o640, 0o604, 0o660] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
      let tracker = try Sample.open(path)
      _ = try tracker.record(event("mode-\(mode)"))
      let finding = try refusal { try tracker.checkpoint() }
      #expect(finding?.code == .keyPermissions)
      #expect(finding?.code.rawValue == "D-4004")
      #expect(finding?.found == String(mode, radix: 8))
    }
    #expect(try Files.read(path + "/keys/head") == signed)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    try Sample.open(path).checkpoint()
    #expect(try Files.read(path + "/keys/head") != signed)
    _ = folder
  }

  @Test func missingOrForeignKeySignsNothing() throws {
    let (folder, path) = try folder()
    try store(path, events: 3)
    try store(folder.path("other"), events: 3)
    let signed = try Files.read(path + "/keys/head")
    try FileManager.default.removeItem(atPath: path + "/keys/log.key")
    let tracker = try Sample.open(path)
    _ = try tracker.record(event("after"))
    #expect(try refusal { try tracker.checkpoint() }?.code == .keyAbsent)
    // What another key would sign could never be opened again.
    try FileManager.default.copyItem(
      atPath: folder.path("other") + "/keys/log.key", toPath: path + "/keys/log.key")
    #expect(try refusal { try tracker.checkpoint() } != nil)
    #expect(try Files.read(path + "/keys/head") == signed)
    let report = try tracker.audit()
    #expect(report.isSigned)
    #expect(report.unchecked.map(\.count) == [1])
  }

  @Test func keptCheckpointsAreVerifiedAgainstTheLog() throws {
    let (folder, path) = try folder()
    let tracker = try Sample.create(path)
    var notes: [[UInt8]] = []
    for number in 0..<40 {
      _ = try tracker.record(event("E-\(number)"))
      if number % 7 == 0 { notes.append(Array(try tracker.checkpoint().utf8)) }
    }
    for (position, note) in notes.enumerated() {
      let checkpoint = try tracker.verify(checkpoint: note, name: "kept")
      #expect(checkpoint.head.size == UInt64(2 + position * 7))
      let report = try tracker.audit(checkpoint: ("kept", note))
      #expect(report.findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
    }
    // A log that forks after the first checkpoint, signed by the same key.
    try Files.copy(path, to: folder.path("fork"))
    let fork = folder.path("fork")
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: fork + "/store.sqlite" + ending)
    }
    try FileManager.default.removeItem(atPath: fork + "/keys/head")
    let second = try Sample.create(folder.path("second"))
    try Sample.close(second)
    try Files.restore(try Files.read(folder.path("second") + "/store.sqlite"), in: fork)
    try Attack.database(fork) { db in
      try Attack.withoutTriggers(db) {
        try db.execute(sql: "UPDATE store SET origin = ?", arguments: [tracker.origin])
      }
    }
    let beginning = try Tracker(fork, .maintaining, Sample.environment())
    try beginning.signer.begin(beginning.store, key: try beginning.signer.key(), now: Sample.now)
    let forked = try Sample.open(fork)
    for number in 0..<50 { _ = try forked.record(event("F-\(number)")) }
    let evidence = Array(try forked.checkpoint().utf8)
    #expect(try forked.audit().isSigned)
    #expect(
      try refusal { try forked.verify(checkpoint: notes[2], name: "kept") }?.code == .checkpointInconsistent)
    let report = try forked.audit(checkpoint: ("kept", notes[2]))
    #expect(report.verdict == .contradiction)
    #expect(report.findings.contains { $0.code == .rootMismatch && $0.path == "kept" })
    #expect(try refusal { try tracker.verify(checkpoint: evidence, name: "fork") }?.code == .rolledBack)
    // A note of another log is no evidence about this one.
    let other = Array(try Sample.create(folder.path("other")).checkpoint().utf8)
    #expect(
      try refusal { try tracker.verify(checkpoint: other, name: "other") }?.code == .checkpointSignature)
    #expect(try tracker.audit(checkpoint: ("other", other)).verdict == .contradiction)
  }

  // MARK: What is not checked is never green

  @Test func withoutACheckpointNothingIsIntact() throws {
    let (folder, path) = try folder()
    try Sample.filled(path)
    try FileManager.default.removeItem(atPath: path + "/keys/head")
    let report = try Sample.open(path, readOnly: true).audit()
    #expect(!report.isSigned)
    #expect(report.verdict != .intact)
    #expect(report.unchecked.contains { $0.what == "checkpoint" })
    #expect(report.unchecked.first { $0.what == "events" }?.count == Int64(report.head.size))
    // A store without any gap, too: the only thing absent is the signature.
    try store(folder.path("small"), events: 0)
    try FileManager.default.removeItem(atPath: folder.path("small") + "/keys/head")
    let small = try Sample.open(folder.path("small"), readOnly: true).audit()
    #expect(small.findings == [])
    #expect(small.verdict == .unchecked)
    let item = try #require(try Sample.open(path, readOnly: true).audit(item: "RM473113004VN"))
    #expect(item.verdict != .intact)
    #expect(
      item.unchecked.first { $0.what == "events" }?.count == item.checked.first { $0.what == "events" }?.count
    )
    #expect(item.checked.first { $0.what == "inclusionProofs" }?.count == 0)
  }

  @Test func eventsAfterTheLastCheckpointAreListedAsUnchecked() throws {
    let (folder, path) = try folder()
    let tracker = try Sample.create(path)
    for number in 0..<5 { _ = try tracker.record(event("E-\(number)")) }
    try tracker.checkpoint()
    #expect(try tracker.audit().unchecked == [])
    for number in 5..<12 { _ = try tracker.record(event("E-\(number)")) }
    let report = try tracker.audit()
    #expect(report.unchecked.map(\.what) == ["events"])
    #expect(report.unchecked.map(\.count) == [7])
    let item = try #require(try tracker.audit(item: "BG-1"))
    #expect(item.unchecked.map(\.count) == [7])
    #expect(item.checked.first { $0.what == "inclusionProofs" }?.count == 5)
    try tracker.checkpoint()
    #expect(try tracker.audit().unchecked == [])
    _ = folder
  }
}
