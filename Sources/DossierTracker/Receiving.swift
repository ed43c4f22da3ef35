public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// The running count of a receiving session.
public struct ReceivingCount: Hashable, Sendable {
  public var expected = 0
  public var received = 0
  public var surplus = 0
  public var misrouted = 0
  public var damaged = 0
  public var duplicates = 0
  public var refused = 0

  public var short: Int { expected - received }
}

/// How a session ended.
public struct ReceivingResult: Hashable, Sendable {
  public var manifest: String
  public var count: ReceivingCount
  /// Numbers of the items that were not found.
  public var short: [String]
  /// Whether this call closed the manifest.
  public var closedNow: Bool
  public var findings: [Finding]

  /// Whether expected and received differ in anything.
  public var hasDiscrepancy: Bool {
    count.short > 0 || count.surplus > 0 || count.misrouted > 0 || count.damaged > 0 || count.refused > 0
  }
}

/// One receiving session: a manifest's items are scanned one by one, then reconciled and signed by two people.
///
/// The identifiers of its events follow from manifest, item and office, so that the same list scanned again, at
/// any later time, changes nothing.
public final class ReceivingSession {
  public let manifest: ManifestRecord
  public private(set) var count = ReceivingCount()
  private let tracker: Tracker
  private let office: String
  private let by: String?
  /// The newest checkpoint that the scanning device had seen.
  private let seen: LogHead?
  private var expected: Set<String>
  private var received: Set<String> = []
  private var surplusSeen: Set<String> = []
  private var damagedSeen: Set<String> = []

  /// Begins or takes up again a session at the manifest's receiver.
  ///
  /// - Parameters:
  ///   - number: the manifest's number as typed.
  ///   - by: code of the person who scans.
  ///   - seen: the newest checkpoint that the scanning device had seen; the last one signed here if nil.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown.
  init(_ tracker: Tracker, manifest number: String, by: String?, seen: LogHead?) throws {
    self.tracker = tracker
    self.seen = seen ?? tracker.newestSeen()
    self.by = try by.map { try Self.person($0) }
    let canonical = (try? ManifestNumber.parse(number).get().text) ?? number
    guard let manifest = try tracker.store.manifest(canonical) else {
      throw TrackerRefusal(Finding(.manifestUnknown, found: canonical))
    }
    self.manifest = manifest
    office = manifest.receiver
    let items = try tracker.store.items(ofManifest: canonical)
    expected = Set(items.map(\.number))
    count.expected = expected.count
    for item in items where try wasReceived(item) {
      received.insert(item.number)
      if item.damage != nil { damagedSeen.insert(item.number) }
    }
    count.received = received.count
    count.damaged = damagedSeen.count
  }

  private static func person(_ code: String) throws -> String {
    switch OperatorCode.parse(code) {
    case .success(let code): return code.text
    case .failure: throw TrackerRefusal(Finding(.operatorCodeForm))
    }
  }

  /// An item counts as received when it was observed or declared here after its dispatch and that still counts.
  private func wasReceived(_ item: ItemSummary) throws -> Bool {
    if item.state == .announced || item.state == .offered || item.missing { return false }
    guard let history = try tracker.store.history(ofItem: item.number) else { return false }
    let corrected = Set(history.events.compactMap(\.details.corrects))
    return history.events.contains { event in
      event.kind == .received && event.office == office && event.at >= manifest.dispatchedAt
        && !corrected.contains(event.identifier)
    }
  }

  /// Takes scans, one barcode a line, in one durable commit.
  ///
  /// - Parameter lines: `BARCODE`, or `BARCODE damaged GRADE [DOCUMENTS]`; the barcode may hold blanks. Empty
  ///   lines and lines that begin with `#` are passed over.
  /// - Returns: one receipt a scan, in order; two where a scan also states damage.
  public func scan(_ lines: [String]) throws -> [EventReceipt] {
    var pending: [(draft: EventDraft, verdict: EventReceipt.Verdict)] = []
    var slots: [EventReceipt?] = []
    for line in lines {
      guard let scan = Scan(line) else { continue }
      try take(scan, &pending, &slots)
    }
    let receipts = try tracker.explained { try tracker.append(pending.map(\.draft)) }
    var next = 0
    return slots.map { slot in
      if let slot { return slot }
      let (draft, verdict) = pending[next]
      let receipt = receipts[next]
      next += 1
      return EventReceipt(
        event: draft.identifier, index: receipt.index, item: draft.item, kind: draft.kind,
        verdict: { if case .recorded = receipt { verdict } else { .duplicate } }(), findings: [])
    }
  }

  private func take(
    _ scan: Scan, _ pending: inout [(draft: EventDraft, verdict: EventReceipt.Verdict)],
    _ slots: inout [EventReceipt?]
  ) throws {
    guard let item = try resolve(scan.barcode), !scan.isMalformed else {
      count.refused += 1
      slots.append(
        EventReceipt(
          event: nil, index: nil, item: scan.barcode, kind: .received, verdict: .refused,
          findings: [Finding(.unreadableBarcode, found: scan.barcode)]))
      return
    }
    func add(_ draft: EventDraft, _ verdict: EventReceipt.Verdict) {
      pending.append((draft, verdict))
      slots.append(nil)
    }
    if expected.contains(item) {
      if received.insert(item).inserted {
        count.received += 1
        add(draft(.received, item), .accepted)
      } else {
        count.duplicates += 1
        slots.append(try duplicate(.received, item))
      }
    } else {
      var draft = draft(.surplus, item)
      let known = try tracker.store.event(identifier: draft.identifier)
      // The first scan of a stray item makes it known here, so its own answer stands.
      let elsewhere =
        if let known { known.reason == Self.misrouted } else { try belongsElsewhere(item) }
      if surplusSeen.insert(item).inserted {
        if elsewhere { count.misrouted += 1 } else { count.surplus += 1 }
        if elsewhere { draft.reason = Self.misrouted }
        if let known {
          slots.append(
            EventReceipt(
              event: known.identifier, index: known.index, item: item, kind: .surplus, verdict: .duplicate,
              findings: []))
        } else {
          add(draft, elsewhere ? .misrouted : .surplus)
        }
      } else {
        count.duplicates += 1
        slots.append(try duplicate(.surplus, item))
      }
    }
    if let damage = scan.damage, damagedSeen.insert(item).inserted {
      var draft = draft(.damaged, item)
      draft.damage = damage
      draft.documentsAffected = scan.documents
      if try tracker.store.event(identifier: draft.identifier) == nil { add(draft, .accepted) }
    }
    count.damaged = damagedSeen.count
  }

  /// The canonical item number behind a barcode: an item number, or a dossier code that one item carries.
  private func resolve(_ barcode: String) throws -> String? {
    if case .success(let number) = ItemNumber.parse(barcode) {
      if expected.contains(number.text) { return number.text }
      // A relabelled item answers to all its numbers.
      if let history = try tracker.store.history(ofItem: number.text) {
        return history.numbers.first { expected.contains($0) } ?? number.text
      }
      if case .success(let code) = DossierCode.parse(barcode), !code.isForeign {
        return try carrier(of: code) ?? number.text
      }
      return number.text
    }
    if case .success(let code) = DossierCode.parse(barcode) { return try carrier(of: code) }
    return nil
  }

  private func carrier(of code: DossierCode) throws -> String? {
    let items = try tracker.store.items(carrying: code.text)
    return items.first { expected.contains($0) } ?? items.last
  }

  private func belongsElsewhere(_ item: String) throws -> Bool {
    guard let history = try tracker.store.history(ofItem: item) else { return false }
    return history.summary.manifest != nil || history.summary.offeredTo != nil
  }

  private func duplicate(_ kind: EventKind, _ item: String) throws -> EventReceipt {
    let identifier = Self.identifier(kind, manifest.number, item, office)
    let known = try tracker.store.event(identifier: identifier)
    return EventReceipt(
      event: known?.identifier ?? identifier, index: known?.index, item: item, kind: kind,
      verdict: .duplicate, findings: [])
  }

  private func draft(_ kind: EventKind, _ item: String) -> EventDraft {
    EventDraft(
      identifier: Self.identifier(kind, manifest.number, item, office), kind: kind, grade: .observed,
      item: item, at: tracker.now, zone: tracker.environment.zone, office: office, operatorCode: by,
      manifest: manifest.number, seen: seen)
  }

  static func identifier(_ kind: EventKind, _ manifest: String, _ item: String, _ office: String) -> String {
    let digest = MerkleHash.sha256(Array("\(kind.word)\n\(manifest)\n\(item)\n\(office)".utf8))
    return kind.word + "-" + digest.hex.prefix(32)
  }

  private static let misrouted = "misrouted"

  /// Takes up what earlier sessions found besides the manifest's own items: the record that two people sign counts
  /// everything, not only the last session.
  private func recallStrays() throws {
    var strays: [String: Bool] = [:]
    var damaged: Set<String> = []
    var corrected: Set<String> = []
    var found: [EventRecord] = []
    var next = manifest.recordedEvent + 1
    while true {
      let events = try tracker.store.events(from: next, limit: 1_000)
      for event in events {
        if let target = event.details.corrects { corrected.insert(target) }
        guard event.manifest == manifest.number, event.office == office else { continue }
        if event.kind == .surplus || event.kind == .damaged { found.append(event) }
      }
      guard let last = events.last else { break }
      next = last.index + 1
    }
    for event in found where !corrected.contains(event.identifier) {
      guard let item = event.item else { continue }
      if event.kind == .damaged {
        damaged.insert(item)
      } else {
        strays[item] = event.reason == Self.misrouted
      }
    }
    damagedSeen.formUnion(damaged)
    count.damaged = damagedSeen.count
    count.misrouted = strays.values.count { $0 }
    count.surplus = strays.count - count.misrouted
  }

  /// Where the session stands.
  public func result() -> ReceivingResult {
    ReceivingResult(
      manifest: manifest.number, count: count, short: expected.subtracting(received).sorted(),
      closedNow: false,
      findings: [])
  }

  /// Reconciles expected and received, records `missing` for the short ones and closes the manifest.
  ///
  /// - Parameters:
  ///   - signer: code of the person who receives.
  ///   - witness: code of a second person.
  /// - Returns: the result; closing a closed manifest changes nothing and says so.
  /// - Throws: ``TrackerRefusal`` when the two are one person.
  public func close(signer: String?, witness: String?) throws -> ReceivingResult {
    guard let signer = signer ?? by, let witness else { throw TrackerRefusal(Finding(.signersRequired)) }
    let first = try Self.person(signer)
    let second = try Self.person(witness)
    guard Array(first.lowercased().utf8) != Array(second.lowercased().utf8) else {
      throw TrackerRefusal(Finding(.sameSigner, found: first))
    }
    try tracker.explained { try recallStrays() }
    var result = result()
    var missing = result.short.map { draft(.missing, $0) }
    for position in missing.indices {
      missing[position].operatorCode = first
      missing[position].grade = .keyed
    }
    let closing = ManifestClosing(
      manifest: manifest.number, office: office, at: tracker.now, zone: tracker.environment.zone,
      signer: first, witness: second, received: count.received, surplus: count.surplus,
      damaged: count.damaged, misrouted: count.misrouted, missing: missing, seen: seen)
    result.closedNow =
      try tracker.explained { try tracker.store.close(closing, recordedAt: tracker.now) } != nil
    if !result.closedNow { result.findings.append(Finding(.alreadyClosed, found: manifest.number)) }
    result.findings += result.short.map { Finding(.itemShort, item: $0) }
    return result
  }
}

/// One line of a scan list.
struct Scan {
  var barcode: String
  var damage: DamageGrade?
  var documents: Int?
  /// A damage that is none of the grades.
  var isMalformed = false

  /// - Returns: nil for a line without a scan.
  init?(_ line: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, !first.hasPrefix("#") else { return nil }
    guard let split = words.firstIndex(of: "damaged"), split > 0 else {
      barcode = words.joined(separator: " ")
      return
    }
    barcode = words[..<split].joined(separator: " ")
    let rest = words[(split + 1)...]
    damage = rest.first.flatMap { DamageGrade(word: $0) }
    if rest.count > 1 { documents = Int(rest[split + 2]) }
    isMalformed = damage == nil || rest.count > 2 || rest.count == 2 && (documents ?? -1) < 0
  }
}

extension Tracker {
  /// Begins a receiving session, or takes one up again.
  ///
  /// - Parameters:
  ///   - manifest: the manifest's number.
  ///   - by: code of the person who scans.
  ///   - seen: the newest checkpoint that the scanning device had seen, for scans made offline; the last one signed
  ///     here if nil.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown.
  public func receive(manifest: String, by: String? = nil, seen: LogHead? = nil) throws -> ReceivingSession {
    try explained { try ReceivingSession(self, manifest: manifest, by: by, seen: seen) }
  }
}
