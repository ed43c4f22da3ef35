internal import CustodyLog
internal import DossierCore

/// A rule that one item's history breaks, in dictionary numbers.
struct RuleFinding {
  var code: FindingCode
  /// Index of the event at which it is broken.
  var event: Int64
  var expectedOffice: Int32 = 0
  var foundOffice: Int32 = 0
  var found: String?
}

extension ItemRules {
  /// The rules about offers (C6, C16), which leave no trace in where the item stands.
  ///
  /// - Parameter events: all of the item's, under all its numbers.
  func findings(_ custody: CustodyState, _ events: [CustodyEvent]) -> [RuleFinding] {
    var findings: [RuleFinding] = []
    let toSelf = events.filter { $0.kind == .dispatched && $0.to == $0.office && $0.to != 0 }
    if !toSelf.isEmpty {
      let voided = CustodyState.voided(events)
      findings += toSelf.filter { !voided.contains($0.index) }.map {
        RuleFinding(code: .dispatchedToSelf, event: $0.index, foundOffice: $0.office)
      }
    }
    // That an item is missing is an answer to the offer, and its end too.
    guard custody.offeredTo != 0, custody.outcome == .open, !custody.missing,
      let offer = events.first(where: { $0.index == custody.offerIndex }),
      let days = limits.days(since: offer.at, newest: newestRecording)
    else { return findings }
    findings.append(
      RuleFinding(
        code: .offerUnanswered, event: offer.index, expectedOffice: custody.offeredTo, found: "\(days)"))
    return findings
  }
}

extension StoreReader {
  /// A broken rule in the words of the catalogue.
  func finding(_ rule: RuleFinding, item: String) throws -> Finding {
    let identifier = try items.event(rule.event).map { try coder.identifier(of: $0) }
    return Finding(
      rule.code, path: "event/\(rule.event)", item: item, events: identifier.map { [$0] } ?? [],
      expected: try terms.optionalString(rule.expectedOffice),
      found: try rule.found ?? terms.optionalString(rule.foundOffice))
  }
}

/// Rules that no single row breaks.
struct RuleAudit {
  private let reader: StoreReader
  private(set) var findings: [Finding] = []
  private static let limit = 1_000

  init(_ reader: StoreReader) { self.reader = reader }

  /// A seal number is used once, over all manifests and within one (C7).
  mutating func seals() throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT seal, MIN(manifest), MAX(manifest) FROM container WHERE seal IS NOT NULL
      GROUP BY seal HAVING COUNT(*) > 1 ORDER BY seal LIMIT \(Self.limit)
      """)
    while try select.step() { try report(seal: select.string(0), select.int(1), select.int(2)) }
  }

  /// The same of one manifest's seals.
  mutating func seals(ofManifest id: Int64) throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT c.seal, MIN(o.manifest), MAX(o.manifest)
      FROM (SELECT DISTINCT seal FROM container WHERE manifest = ?1 AND seal IS NOT NULL) c
      CROSS JOIN container o ON o.seal = c.seal
      GROUP BY c.seal HAVING COUNT(*) > 1 ORDER BY c.seal LIMIT \(Self.limit)
      """)
    select.bind(1, id)
    while try select.step() { try report(seal: select.string(0), select.int(1), select.int(2)) }
  }

  private mutating func report(seal: String, _ first: Int64, _ last: Int64) throws {
    let manifests = first == last ? [last] : [first, last]
    findings.append(
      Finding(
        first == last ? .duplicateSeal : .sealReused, severity: .warning, path: "manifest/\(last)",
        events: try manifests.compactMap { try recordedEvent($0) }, found: seal))
  }

  private func recordedEvent(_ manifest: Int64) throws -> String? {
    let select = try reader.connection.prepared("SELECT recorded_event FROM manifest WHERE id = ?1")
    select.bind(1, manifest)
    guard try select.step() else { return nil }
    let event = select.int(0)
    select.reset()
    return try reader.items.event(event).map { try reader.coder.identifier(of: $0) }
  }

  /// What manifests state against the events that entrust their items (C12), when the sums over all of them differ.
  mutating func manifestItems() throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT m.id, m.items, (SELECT COUNT(*) FROM event e WHERE e.idx >= m.first_event
        AND e.idx < m.recorded_event AND e.kind = \(EventKind.dispatched.rawValue) AND e.id IS NULL
        AND e.manifest = m.id) AS entrusted, m.recorded_event
      FROM manifest m WHERE m.items <> entrusted ORDER BY m.id LIMIT \(Self.limit)
      """)
    while try select.step() {
      findings.append(
        Finding(
          .manifestCount, path: "manifest/\(select.int(0))",
          events: try recordedEvent(select.int(0)).map { [$0] } ?? [], expected: "\(select.int(1)) items",
          found: "\(select.int(2))"))
    }
    // The sums differ, so something does, even where the manifests' rows agree.
    if findings.isEmpty {
      findings.append(Finding(.manifestCount, path: "manifest", expected: "-", found: "-"))
    }
  }

  /// Events that are about no item and no manifest form chains: master data, the map, erasures, the log itself,
  /// who used the station.
  ///
  /// - Parameters:
  ///   - events: all of them, or those from `first` on and the ones that they link to.
  ///   - first: links of earlier events are not looked at.
  mutating func ownChains(_ events: [OwnEvent], from first: Int64 = 0) throws {
    let chains: [[EventKind]] = [
      [.mapRecorded], [.keyRotated, .logSucceeded, .reportPublished], [.accessRecorded],
    ]
    for kinds in chains {
      var previous: (index: Int64, hash: Digest)?
      var sequence: Int64 = 0
      for event in events where kinds.contains(event.kind) {
        guard let row = try reader.items.event(event.index) else { continue }
        if row.index < first {
          sequence = row.sequence
        } else if row.sequence != sequence || row.previousEvent != previous?.index
          || row.previous != previous?.hash
        {
          findings.append(
            Finding(
              .previousMismatch, path: "event/\(row.index)", events: [try reader.coder.identifier(of: row)],
              expected: previous.map { "event/\($0.index)" } ?? "-",
              found: row.previousEvent.map { "event/\($0)" } ?? "-"))
        }
        previous = (row.index, try reader.coder.leafHash(row))
        sequence += 1
      }
    }
    // erasureOrdered and erasureCarriedOut: their chain is checked where erasures are (AuditContents).
  }
}
