import DossierTesting
import GRDB
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// The rules of the audit, each in both directions: a history that breaks it is reported with the right event, one that
/// does not is clean.
@Suite struct AuditRuleTests {
  private static let day: Int64 = 86_400_000
  private static let here = "H48.25"
  private static let there = "590230"

  private func report(
    rules: AuditRules = AuditRules(), _ fill: (Tracker) throws -> Void
  ) throws -> AuditReport {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let kept = Array(try tracker.checkpoint().utf8)
    try fill(tracker)
    try tracker.checkpoint()
    let report = try tracker.audit(rules: rules)
    // What grew since the beginning is everything, so that an audit of the growth says the same about rules.
    let growth = try tracker.audit(since: ("kept", kept), rules: rules)
    let codes: [FindingCode] = [.mapMismatch, .mapProjection]
    let differing = Set(growth.findings).symmetricDifference(report.findings).filter {
      !codes.contains($0.code)
    }
    if report.findingsLeftOut == 0 { #expect(differing.isEmpty, "\(differing)") }
    // One item's audit knows the rules of items as well.
    for finding in report.findings where finding.code == .offerUnanswered || finding.code == .dispatchedToSelf
    {
      let own = try tracker.audit(item: finding.item ?? "", rules: rules)
      #expect(own?.findings.contains(finding) == true)
    }
    return report
  }

  private func event(
    _ identifier: String, _ kind: EventKind, days: Int64 = 0, to: String? = nil, office: String = here,
    grade: EventGrade = .keyed, corrects: String? = nil
  ) -> EventDraft {
    TestValues.event(
      identifier, kind, "BG-1", at: Sample.now - days * Self.day, office: office, to: to, grade: grade,
      reason: corrects == nil ? nil : "incorrect_data", corrects: corrects)
  }

  private func drafts(_ drafts: [EventDraft], rules: AuditRules = AuditRules()) throws -> AuditReport {
    try report(rules: rules) { _ = try $0.append(drafts) }
  }

  // MARK: C6, two parties

  @Test func aDispatchHasAReceiver() throws {
    let own = event("d-1", .dispatched, to: Self.here)
    let broken = try drafts([event("a-1", .accepted), own])
    #expect(broken.findings.map(\.code) == [.dispatchedToSelf])
    #expect(broken.findings.first?.events == ["d-1"])
    #expect(broken.findings.first?.found == Self.here)
    #expect(broken.findings.first?.item == "BG-1")
    #expect(broken.verdict == .gap)
    let corrected = try drafts([event("a-1", .accepted), own, event("c-1", .corrected, corrects: "d-1")])
    #expect(corrected.findings == [] && corrected.verdict == .intact)
    let other = try drafts([event("a-1", .accepted), event("d-1", .dispatched, to: Self.there)])
    #expect(other.findings == [] && other.verdict == .intact)
  }

  private func manifest(
    _ number: String, from giver: String = there, seals: [String?] = [], items: [String] = ["BG-1"]
  ) -> TestManifest {
    TestManifest(
      number, from: giver, to: Self.here, at: Sample.now,
      containers: seals.enumerated().map { Container(number: "T\($0.offset)", seal: $0.element) },
      items: items.map {
        TestItem($0, acceptedAt: Sample.now, dossiers: [TestDossier("H48.25-260112-\($0.suffix(1))001")])
      })
  }

  private func record(_ manifest: TestManifest, in tracker: Tracker) throws {
    let outcome = try tracker.store.record(
      ArrayDocumentSource(manifest), recordedAt: Sample.now, dryRun: false)
    #expect(outcome.status == .recorded, "\(outcome.findings)")
  }

  @Test func aManifestGoesFromOneOfficeToAnother() throws {
    let broken = try report { try record(manifest("BK-1", from: Self.here), in: $0) }
    let finding = try #require(broken.findings.first { $0.code == .sameGiverAndReceiver })
    #expect(finding.path == "manifest/1" && finding.events == ["BK-1+2"] && finding.found == Self.here)
    #expect(broken.verdict == .gap)
    let clean = try report { try record(manifest("BK-1"), in: $0) }
    #expect(clean.findings == [] && clean.verdict == .intact)
  }

  @Test(arguments: [("GDV01", "gdv01"), ("GDV01", "GDV02")])
  func aManifestIsClosedByTwo(signer: String, witness: String) throws {
    let closed = try report { tracker in
      try record(manifest("BK-1"), in: tracker)
      let closing = ManifestClosing(
        manifest: "BK-1", office: Self.here, at: Sample.now, zone: 420, signer: signer, witness: witness,
        received: 1, surplus: 0, damaged: 0, misrouted: 0, missing: [])
      _ = try tracker.store.close(closing, recordedAt: Sample.now)
    }
    if signer.lowercased() == witness.lowercased() {
      #expect(closed.findings.map(\.code) == [.sameSigner])
      #expect(closed.findings.first?.events == ["close+BK-1"])
      #expect(closed.verdict == .gap)
    } else {
      #expect(closed.findings == [] && closed.verdict == .intact)
    }
  }

  // MARK: C7, seals

  @Test func aSealIsUsedOnce() throws {
    let twice = try report { tracker in
      try record(manifest("BK-1", seals: ["S1", "S2", nil]), in: tracker)
      try record(manifest("BK-2", seals: [nil, "S2"], items: ["BG-2"]), in: tracker)
    }
    #expect(twice.findings.map(\.code) == [.sealReused])
    #expect(twice.findings.first?.found == "S2")
    #expect(twice.findings.first?.path == "manifest/2")
    #expect(twice.findings.first?.events == ["BK-1+2", "BK-2+2"])
    #expect(twice.verdict == .intact)
    let within = try report { try record(manifest("BK-1", seals: ["S1", "S1"]), in: $0) }
    #expect(within.findings.map(\.code) == [.duplicateSeal])
    let once = try report { tracker in
      try record(manifest("BK-1", seals: ["S1", nil]), in: tracker)
      try record(manifest("BK-2", seals: [nil, "S2"], items: ["BG-2"]), in: tracker)
    }
    #expect(once.findings == [])
  }

  // MARK: C11, times

  @Test func aClockMayBeFastByFiveMinutes() throws {
    for (minutes, isReported) in [(4, false), (6, true)] as [(Int64, Bool)] {
      var own = event("a-1", .accepted)
      own.at = Sample.now + minutes * 60_000
      var device = event("a-1", .accepted)
      device.deviceTime = Sample.now + minutes * 60_000
      for draft in [own, device] {
        let report = try drafts([draft])
        #expect(report.findings.map(\.code) == (isReported ? [.clockSkew] : []))
        #expect(report.verdict == .intact)
        if let finding = report.findings.first {
          #expect(finding.events == ["a-1"] && finding.path == "event/1")
          #expect(finding.expected == "2026-02-02T08:00:00+07:00")
          #expect(finding.found == "2026-02-02T08:06:00+07:00")
        }
      }
    }
  }

  @Test func aLateScanIsRemarkedAndALateDocumentListed() throws {
    let late = try drafts([event("a-1", .accepted, days: 4, grade: .observed)])
    #expect(late.findings.map(\.code) == [.recordedLate] && late.verdict == .intact)
    #expect(late.findings.first?.events == ["a-1"])
    #expect(try drafts([event("a-1", .accepted, days: 2, grade: .observed)]).findings == [])
    let declared = try drafts([event("a-1", .accepted, days: 4, grade: .declared)])
    #expect(declared.findings == [])
    #expect(declared.unchecked.first { $0.what == "times" }?.count == 1)
  }

  @Test func whoKnewACheckpointCannotHaveStatedAnythingBeforeIt() throws {
    for (minutes, isReported) in [(4, false), (6, true)] as [(Int64, Bool)] {
      let report = try report { tracker in
        var draft = event("a-1", .accepted)
        draft.at = Sample.now - minutes * 60_000
        draft.seen = try tracker.head()
        _ = try tracker.append([draft])
      }
      #expect(report.findings.map(\.code) == (isReported ? [.backDated] : []))
      #expect(report.checked.first { $0.what == "seenCheckpoints" }?.count == 1)
      #expect(report.verdict == .intact)
      if isReported { #expect(report.findings.first?.events == ["a-1"]) }
    }
  }

  @Test func aCheckpointThatTheLogNeverHadIsEvidence() throws {
    let elsewhere = try report { tracker in
      var draft = event("a-1", .accepted)
      let head = try tracker.head()
      draft.seen = head
      var other = event("h-1", .held)
      other.seen = LogHead(size: head.size, root: MerkleHash.sha256([1]))
      _ = try tracker.append([draft, other])
    }
    #expect(elsewhere.findings.map(\.code) == [.seenElsewhere])
    #expect(elsewhere.findings.first?.events == ["h-1"])
    #expect(elsewhere.verdict == .contradiction)
    let future = try report { tracker in
      var draft = event("a-1", .accepted)
      draft.seen = LogHead(size: 2, root: try tracker.head().root)
      _ = try tracker.append([draft])
    }
    #expect(future.findings.map(\.code) == [.seenElsewhere])
  }

  @Test func namedCheckpointsAreComparedThroughoutTheLog() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    for round in 0..<40 {
      let head = try tracker.head()
      _ = try tracker.append(
        (0..<23).map { number in
          var draft = TestValues.event(
            "e-\(round)-\(number)", .accepted, "BG-\(round)-\(number)", at: Sample.now, office: Self.here)
          draft.seen = head
          return draft
        })
    }
    try tracker.checkpoint()
    let report = try tracker.audit()
    #expect(report.findings == [])
    #expect(report.checked.first { $0.what == "seenCheckpoints" }?.count == 40)
  }

  // MARK: C12, counts

  /// A reader that lies about what it has read.
  private final class LyingSource: DocumentSource {
    let honest: ArrayDocumentSource
    let items: Int
    let dossiers: Int
    var name: String { "lie.xml" }

    init(_ manifest: TestManifest, items: Int, dossiers: Int) {
      honest = ArrayDocumentSource(manifest)
      self.items = items
      self.dossiers = dossiers
    }

    func next() throws -> DocumentPart {
      let part = try honest.next()
      guard case .end(var summary) = part else { return part }
      summary.items += items
      summary.dossiers += dossiers
      return .end(summary)
    }

    func recycle(_ batch: ManifestBatch) { honest.recycle(batch) }
  }

  @Test(arguments: [(0, 0), (1, 0), (0, 1), (-1, 0)]) func aManifestHoldsWhatItStates(
    items: Int, dossiers: Int
  ) throws {
    let report = try report { tracker in
      try record(manifest("BK-1", items: ["BG-1", "BG-2"]), in: tracker)
      _ = try tracker.store.record(
        LyingSource(manifest("BK-2", items: ["BG-3", "BG-4"]), items: items, dossiers: dossiers),
        recordedAt: Sample.now, dryRun: false)
    }
    if items == 0 && dossiers == 0 {
      #expect(report.findings == [] && report.verdict == .intact)
    } else {
      #expect(report.findings.map(\.code) == [.manifestCount])
      #expect(report.findings.first?.path == "manifest/2")
      #expect(report.findings.first?.events == ["BK-2+4"])
      #expect(report.verdict == .contradiction)
    }
  }

  // MARK: C16, offers

  @Test func anOfferIsAnsweredWithinAWeek() throws {
    func offer(_ days: Int64, _ more: [EventDraft] = []) -> [EventDraft] {
      [event("a-1", .accepted, days: days), event("d-1", .dispatched, days: days, to: Self.there)] + more
    }
    let old = try drafts(offer(8))
    let finding = try #require(old.findings.first { $0.code == .offerUnanswered })
    #expect(finding.events == ["d-1"] && finding.expected == Self.there && finding.found == "8")
    #expect(finding.severity == .info)
    #expect(old.verdict == .intact)
    func isReported(_ list: [EventDraft], days: Int = 7) throws -> Bool {
      try drafts(list, rules: AuditRules(offerDays: days)).findings.contains { $0.code == .offerUnanswered }
    }
    #expect(try !isReported(offer(6)))
    #expect(try isReported(offer(6), days: 6))
    #expect(try !isReported(offer(8), days: 9))
    #expect(try !isReported(offer(8, [event("r-1", .received, days: 7, office: Self.there)])))
    #expect(try !isReported(offer(8, [event("m-1", .missing, days: 7, office: Self.there)])))
    #expect(try !isReported(offer(8, [event("c-1", .corrected, corrects: "d-1")])))
  }

  // MARK: The log's own events

  /// Appends an event as somebody who can write the file and sign for it.
  private func forge(_ tracker: Tracker, _ change: (inout EventRow, StoreWriter) throws -> Void) throws {
    try tracker.store.write(now: Sample.now) { writer in
      var row = EventRow()
      row.grade = .keyed
      row.at = Sample.now
      row.zone = 420
      row.office = try writer.terms.number(Self.here)
      try change(&row, writer)
      _ = try writer.log.append(&row)
      return ((), true)
    }
  }

  @Test func aMapSaysWhatTheLogHolds() throws {
    func items(_ tracker: Tracker, _ range: Range<Int>) throws {
      _ = try tracker.append(
        range.map {
          TestValues.event("e-\($0)", .accepted, "BG-\($0 % 700)", at: Sample.now, office: Self.here)
        })
    }
    let right = try report { tracker in
      try items(tracker, 0..<400)
      _ = try tracker.store.recordMap(recordedAt: Sample.now)
      // Items that the map knows, and others that it does not.
      try items(tracker, 400..<900)
      _ = try tracker.store.recordMap(recordedAt: Sample.now)
      try items(tracker, 900..<1_100)
    }
    #expect(right.findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
    #expect(right.checked.first { $0.what == "mapEntries" }?.count == 700)
    #expect(right.unchecked.first { $0.what == "maps" }?.count == 1)

    let wrong = try report { tracker in
      try items(tracker, 0..<10)
      try forge(tracker) { row, writer in
        row.kind = .mapRecorded
        row.identifier = Array("map+11".utf8)
        var details = EventDetails()
        details.map = MerkleHash.sha256([1])
        details.entries = 10
        row.more = try details.encoded()
      }
    }
    let finding = try #require(wrong.findings.first { $0.code == .mapMismatch })
    #expect(finding.path == "event/11" && finding.events == ["map+11"])
    #expect(wrong.verdict == .contradiction)
  }

  @Test(arguments: [0, 5] as [Int64]) func theLogsOwnEventsFormAChain(sequence: Int64) throws {
    let report = try report { tracker in
      try forge(tracker) { row, _ in
        row.kind = .keyRotated
        row.identifier = Array("log+0".utf8)
        row.sequence = sequence
        var details = EventDetails()
        details.newKey = try KeyRing.read(tracker.signer.folder).current.fingerprint
        row.more = try details.encoded()
      }
    }
    if sequence == 0 {
      #expect(report.findings == [] && report.verdict == .intact)
    } else {
      #expect(report.findings.map(\.code) == [.previousMismatch])
      #expect(report.findings.first?.path == "event/1")
      #expect(report.verdict == .contradiction)
    }
  }

  @Test(arguments: [0, 3] as [Int64]) func eventsAboutTheUseOfTheStationFormAChain(sequence: Int64) throws {
    let report = try report { tracker in
      try forge(tracker) { row, _ in
        row.kind = .accessRecorded
        row.identifier = Array("access+0".utf8)
        row.sequence = sequence
      }
      try tracker.recordAccess("signIn", by: "GDV01")
    }
    #expect(report.findings.isEmpty == (sequence == 0))
    #expect(report.findings.allSatisfy { $0.code == .previousMismatch })
  }

  @Test func aFloodOfRemarksHidesNoGap() throws {
    var flood = (0..<1_500).map {
      TestValues.event(
        "e-\($0)", .accepted, "BG-\($0)", at: Sample.now - 5 * Self.day, office: Self.here, grade: .observed)
    }
    flood.append(
      TestValues.event("g-1", .delivered, "BG-9999", at: Sample.now, office: Self.here, reference: "R1"))
    let report = try drafts(flood)
    #expect(report.verdict == .gap)
    #expect(report.findings.count == 1_000 && report.findingsLeftOut == 501)
    #expect(report.findings.first?.code == .actedWithoutCustody)
  }
}
