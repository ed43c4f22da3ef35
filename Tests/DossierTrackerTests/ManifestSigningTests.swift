import CustodyLog
import DossierCore
import DossierTesting
import Foundation
import Testing

@testable import DossierTracker

/// Closing with a signed list, what is printed of it, and the receipt.
@Suite struct ManifestSigningTests {
  private func received(_ folder: TemporaryFolder) throws -> Tracker {
    let tracker = try Sample.create(folder.path("store"))
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    _ = try Sample.receive(tracker, Sample.session, close: false)
    return tracker
  }

  private func list(_ tracker: Tracker) throws -> Digest {
    try #require(try tracker.reconciliation(ofManifest: Sample.session)).digest
  }

  private func receipt(_ tracker: Tracker) throws -> [UInt8] {
    final class Parts { var bytes: [UInt8] = [] }
    let parts = Parts()
    try tracker.receipt(ofManifest: Sample.session) { parts.bytes += $0 }
    return parts.bytes
  }

  @Test func theClosingNamesTheListAndTheAuditIsClean() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let list = try list(tracker)
    let outcome = try tracker.signOff(
      manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080", isOffline: true)
    #expect(outcome == .closed(try tracker.head()))
    let found = try #require(try tracker.reconciliation(ofManifest: Sample.session))
    let closing = try #require(found.closing)
    #expect(closing.list == list && closing.isOffline)
    #expect([closing.signer, closing.witness] == ["GDV01", "GDV-080"])
    #expect(found.digest == list, "closing does not change the list")
    let event = try #require(try tracker.events(from: closing.index, limit: 1).first)
    #expect(event.details.document == list && event.reason == "offline")
    #expect(event.details.short == 1)
    let missing = try tracker.events(from: closing.index - 1, limit: 1)
    #expect(missing.map(\.kind) == [.missing] && missing.map(\.operatorCode) == ["GDV01"])
    try tracker.checkpoint()
    #expect(try tracker.audit().findings.filter { $0.severity == .error } == [])
    #expect(
      try tracker.signOff(manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080")
        == .alreadyClosed)
  }

  @Test func theSecondSignatureIsRecordedInTheClosingsCommit() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let list = try list(tracker)
    func use(_ code: String) -> ManifestSigning.Use {
      .init(what: "signed", by: code, office: "590230", reference: Sample.session)
    }
    let before = try tracker.head()
    #expect(throws: TrackerRefusal.self) {
      try tracker.signOff(
        manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080",
        recording: use("Phan Kim Nhung"))
    }
    #expect(try tracker.head() == before, "what the log cannot take closes nothing")
    let outcome = try tracker.signOff(
      manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080", recording: use("GDV-080"))
    #expect(outcome == .closed(try tracker.head()))
    let closing = try #require(try tracker.reconciliation(ofManifest: Sample.session)?.closing)
    let events = try tracker.events(from: closing.index, limit: 100)
    #expect(events.map(\.kind) == [.manifestClosed, .accessRecorded])
    #expect(events.last?.operatorCode == "GDV-080" && events.last?.details.reference == Sample.session)
    #expect(events.last?.details.document == list)
    #expect(
      try tracker.signOff(
        manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080", recording: use("GDV-080"))
        == .alreadyClosed)
    #expect(try tracker.events(from: closing.index, limit: 100).count == 2)
    #expect(try tracker.audit().findings.filter { $0.severity == .error } == [])
  }

  @Test func anotherListOnePersonAndAnUnknownManifestAreRefused() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let list = try list(tracker)
    let head = try tracker.head()
    #expect(
      try tracker.signOff(
        manifest: Sample.session, list: MerkleHash.sha256([1]), receiver: "A", giver: "B")
        == .listChanged(list))
    for (receiver, giver) in [("GDV01", "GDV01"), ("GDV01", "gdv01")] {
      #expect(throws: TrackerRefusal(Finding(.sameSigner, found: receiver))) {
        try tracker.signOff(manifest: Sample.session, list: list, receiver: receiver, giver: giver)
      }
    }
    #expect(throws: TrackerRefusal.self) {
      try tracker.signOff(manifest: "BK-NONE", list: list, receiver: "A", giver: "B")
    }
    #expect(try tracker.head() == head)
  }

  @Test func whatIsRecordedLaterChangesNeitherPaperNorReceipt() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let list = try list(tracker)
    #expect(throws: TrackerRefusal(Finding(.manifestOpen, found: Sample.session))) { try receipt(tracker) }
    _ = try tracker.signOff(manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080")
    let signed = try receipt(tracker)
    let record = try tracker.handOverRecord(ofManifest: Sample.session)
    let short = try #require(record.lines.first { $0.outcome == .short }?.item)
    #expect(record.lines.first { $0.outcome == .short }?.custodian == "590230")
    #expect(record.checkpoint == nil, "no checkpoint covers it yet")
    // The short item turns up, and another one is damaged.
    for request in [
      EventRequest(.found, item: short, event: "late-1"),
      EventRequest(.received, item: short, manifest: Sample.session, event: "late-2"),
      EventRequest(.damaged, item: "RM473195388VN", damage: .readable, event: "late-3"),
    ] {
      _ = try tracker.record(request)
    }
    try tracker.checkpoint()
    #expect(try receipt(tracker) == signed)
    var later = try tracker.handOverRecord(ofManifest: Sample.session)
    #expect(later.checkpoint?.contains(tracker.origin) == true)
    later.checkpoint = nil
    #expect(later == record)
    #expect(record.signing?.list == record.list)
  }

  @Test func otherItemsScannedMeanwhileDoNotStandInTheWay() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let list = try list(tracker)
    // Somebody else writes on and on, about another manifest.
    let other = try Sample.open(folder.path("store"))
    let elsewhere = Thread {
      for number in 0..<200 {
        _ = try? other.record(
          EventRequest(.accepted, item: "BG-\(number)", event: "elsewhere-\(number)"))
      }
    }
    elsewhere.start()
    let outcome = try tracker.signOff(
      manifest: Sample.session, list: list, receiver: "GDV01", giver: "GDV-080")
    guard case .closed = outcome else {
      Issue.record("\(outcome)")
      return
    }
    while !elsewhere.isFinished { usleep(1_000) }
    #expect(try tracker.audit().findings.filter { $0.severity == .error } == [])
  }

  @Test func slipsAndLabelsNameNobody() throws {
    let folder = try TemporaryFolder()
    let tracker = try received(folder)
    let slip = try tracker.slip(ofItem: "rm473195388vn", address: "https://hoso.example.vn")
    #expect(slip.item == "RM473195388VN")
    let code = try #require(slip.lookup)
    #expect(code.hasPrefix("QC") && OwnCode(code) != nil)
    #expect(slip.office == "Bưu cục Lộc Thượng" && slip.acceptedAt != nil)
    let labels = try tracker.labels(ofManifest: Sample.session)
    #expect(labels.items.count == 25)
    let texts = [
      String(decoding: try slip.document(language: .vi).html(), as: UTF8.self),
      String(decoding: try labels.document(language: .vi).html(), as: UTF8.self),
      String(
        decoding: try tracker.handOverRecord(ofManifest: Sample.session)
          .document(copy: .original, language: .vi).html(), as: UTF8.self),
    ]
    let manifest = try String(
      contentsOfFile: Repository.sample("manifests/\(Sample.session).xml"), encoding: .utf8)
    for element in ["name", "applicant", "phone", "address"] {
      for part in manifest.components(separatedBy: "<\(element)>").dropFirst() {
        let value = part.prefix { $0 != "<" }
        for text in texts { #expect(!text.contains(value), "\(value)") }
      }
    }
    #expect(throws: TrackerRefusal.self) { try tracker.slip(ofItem: "BG-NONE", address: nil) }
    #expect(throws: TrackerRefusal.self) { try tracker.labels(ofManifest: "BK-NONE") }
  }
}
