internal import CustodyLog
internal import DossierCore

/// What is checked once, after the passes.
struct RestAudit {
  private let reader: StoreReader
  private(set) var findings: [Finding] = []
  private(set) var offices: Int64 = 0
  private(set) var counters: Int64 = 0

  init(_ reader: StoreReader) { self.reader = reader }

  mutating func contents(expected: Int64, found: Int64) throws {
    if expected == found { return }
    try list(
      .disclosureMissing,
      "SELECT idx FROM event WHERE content IS NOT NULL AND idx NOT IN (SELECT event FROM content) LIMIT 100",
      path: "event")
    try list(
      .orphanRow,
      """
      SELECT event FROM content
      WHERE event NOT IN (SELECT idx FROM event WHERE content IS NOT NULL) LIMIT 100
      """, path: "content")
  }

  mutating func dossiers(found: Int64) throws {
    if try number("SELECT COUNT(*) FROM dossier") == found { return }
    try list(
      .orphanRow,
      """
      SELECT d.id FROM dossier d LEFT JOIN content c ON c.event = d.event
      WHERE c.first_dossier IS NULL OR d.id < c.first_dossier OR d.id >= c.first_dossier + c.dossiers LIMIT 100
      """, path: "dossier")
    try list(
      .dossierProjection,
      """
      SELECT c.event FROM content c WHERE c.dossiers <>
        (SELECT COUNT(*) FROM dossier d WHERE d.id >= c.first_dossier AND d.id < c.first_dossier + c.dossiers)
      LIMIT 100
      """, path: "content")
    findings.append(Finding(.orphanRow, path: "dossier", found: "\(found)"))
  }

  /// Every counter against the recount from the items.
  mutating func counters(_ recount: [CounterKey: OutcomeCounts]) throws {
    var rest = recount
    let select = try Statement(reader.connection, "SELECT * FROM loss_counter")
    while try select.step() {
      counters += 1
      let numbers = (0..<7).map { select.int($0) }
      guard let unit = LossQuery.Unit(rawValue: UInt8(exactly: numbers[0]) ?? 0),
        let leg = UInt8(exactly: numbers[4]), numbers.allSatisfy({ Int32(exactly: $0) != nil })
      else {
        let unit = numbers[0] == 1 ? "dossier" : numbers[0] == 2 ? "item" : "\(numbers[0])"
        let rest = numbers.dropFirst().map { "\($0)" }.joined(separator: "/")
        findings.append(Finding(.counterProjection, path: "loss_counter/\(unit)/\(rest)"))
        continue
      }
      let key = CounterKey(
        unit: unit, month: select.int32(1), giver: select.int32(2), receiver: select.int32(3), leg: leg,
        field: select.int32(5), agency: select.int32(6))
      var counts = OutcomeCounts()
      counts.entrusted = select.int(7)
      counts.delivered = select.int(8)
      counts.returned = select.int(9)
      counts.lost = select.int(10)
      counts.destroyed = select.int(11)
      counts.missing = select.int(12)
      counts.found = select.int(13)
      counts.damaged = select.int(14)
      let expected = rest.removeValue(forKey: key) ?? OutcomeCounts()
      if counts != expected || counts.isZero {
        findings.append(
          Finding(
            .counterProjection, path: path(key), expected: "\(expected)".counterText,
            found: "\(counts)".counterText))
      }
    }
    // In one order, whatever the order of a dictionary.
    let missing = rest.filter { !$0.value.isZero }.map { (path($0.key), $0.value) }.sorted { $0.0 < $1.0 }
    for (path, counts) in missing {
      findings.append(
        Finding(.counterProjection, path: path, expected: "\(counts)".counterText, found: "-"))
    }
  }

  /// The row that says where the log stands, and the kept roots of high subtrees.
  mutating func logState(size: UInt64) throws {
    let last = try number("SELECT recorded_at FROM event ORDER BY idx DESC LIMIT 1")
    if try number("SELECT recorded_at FROM log_state WHERE id = 0") != last {
      findings.append(Finding(.logStateMismatch, path: "log_state", expected: "\(last)"))
    }
    var expected: Int64 = 0
    var width = size / 256
    while width > 0 {
      expected += Int64(width)
      width /= 256
    }
    let stray = try Statement(reader.connection, "SELECT level, number FROM subtree")
    while try stray.step() {
      let (level, number) = (stray.int(0), stray.int(1))
      let complete = (1...7).contains(level) ? Int64(size >> UInt64(8 * level)) : 0
      if number < 0 || number >= complete {
        findings.append(Finding(.orphanRow, path: "subtree/\(level)/\(number)"))
      }
    }
    let found = try number("SELECT COUNT(*) FROM subtree")
    if found != expected {
      findings.append(Finding(.orphanRow, path: "subtree", expected: "\(expected)", found: "\(found)"))
    }
    // Levels 1 and 2 were compared while hashing; a higher one is a hash over 256 rows of the level below.
    let rows = try SubtreeRows(reader.connection)
    let select = try Statement(reader.connection, "SELECT level, number, hash FROM subtree WHERE level >= 3")
    while try select.step() {
      var tree = CompactRange()
      let level = Int(select.int(0))
      for child in 0..<256 {
        let number = UInt64(bitPattern: select.int(1)) &* 256 &+ UInt64(child)
        if let hash = try rows.hash(level: level - 1, number: number) { tree.append(hash) }
      }
      if tree.root != select.digest(2) {
        findings.append(Finding(.subtreeMismatch, path: "subtree/\(level)/\(select.int(1))"))
      }
    }
  }

  /// Terms that no row uses were put there by someone else.
  mutating func terms(used: Set<Int32>) throws {
    let select = try Statement(reader.connection, "SELECT id FROM term")
    while try select.step() {
      if used.contains(select.int32(0)) { continue }
      findings.append(Finding(.orphanRow, path: "term/\(select.int(0))"))
    }
  }

  private func path(_ key: CounterKey) -> String {
    "loss_counter/\(key.unit.word)/\(key.month)/\(key.giver)/\(key.receiver)/\(key.leg)/\(key.field)/\(key.agency)"
  }

  /// Every officesRecorded event against the rows that it states.
  ///
  /// - Parameter events: the events about no item and no manifest.
  mutating func offices(_ events: [OwnEvent]) throws {
    let selectKeeper = try Statement(reader.connection, "SELECT office, created_at FROM store")
    guard try selectKeeper.step() else {
      findings.append(Finding(.officeAltered, path: "store"))
      return
    }
    let keeper = selectKeeper.string(0)
    let createdAt = selectKeeper.int(1)
    selectKeeper.reset()

    var stated: Set<Int64> = []
    var previous: (index: Int64, hash: Digest)?
    for event in events where event.kind == .officesRecorded {
      guard let row = try reader.items.event(event.index) else { continue }
      let rows = try OfficeRows.stated(reader.connection, by: row.index)
      offices += Int64(rows.count)
      stated.insert(row.index)
      let details = EventDetails(encoded: row.more)
      if details?.document != OfficeRows.digest(rows) || details?.items != rows.count {
        findings.append(
          Finding(.officeAltered, path: "office", events: [try reader.coder.identifier(of: row)]))
      }
      if previous == nil {
        if try reader.terms.string(row.office) != keeper || row.recordedAt != createdAt {
          findings.append(Finding(.officeAltered, path: "store"))
        }
      }
      if row.previousEvent != previous?.index || row.previous != previous?.hash {
        findings.append(Finding(.previousMismatch, path: "event/\(row.index)"))
      }
      previous = (row.index, try reader.coder.leafHash(row))
    }
    try officeOrder()
    let all = try number("SELECT COUNT(*) FROM office")
    if all != offices {
      findings.append(Finding(.orphanRow, path: "office", expected: "\(offices)", found: "\(all)"))
    }
  }

  /// The newest row of a code holds, so the order of the rows counts: by event, then by code, without a gap.
  private mutating func officeOrder() throws {
    let select = try Statement(reader.connection, "SELECT id, event, code, kind FROM office ORDER BY id")
    var previous: (event: Int64, code: [UInt8]) = (-1, [])
    var expected: Int64 = 1
    while try select.step() {
      let (id, event, code) = (select.int(0), select.int(1), select.bytes(2))
      let follows =
        event > previous.event
        || event == previous.event && previous.code.lexicographicallyPrecedes(code)
      // A kind that is none would be read as the first one.
      if id != expected || !follows || Office.Kind(rawValue: select.string(3)) == nil {
        findings.append(Finding(.officeAltered, path: "office/\(id)"))
      }
      previous = (event, code)
      expected = id &+ 1
    }
  }

  mutating func relabellings(expected: Int64) throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT r.event, e.kind, o.number, n.number, e.subject, e.more FROM relabelling r
      LEFT JOIN event e ON e.idx = r.event LEFT JOIN item o ON o.id = r.old_item
      LEFT JOIN item n ON n.id = r.new_item ORDER BY r.event
      """)
    var count: Int64 = 0
    while try select.step() {
      count += 1
      let details = EventDetails(encoded: select.bytes(5))
      let isRight =
        select.int(1) == Int64(EventKind.relabelled.rawValue)
        && Subject.read(select, 2) == Subject.read(select, 4)
        && details?.newNumber == Subject.read(select, 3).string
      if !isRight { findings.append(Finding(.orphanRow, path: "relabelling/\(select.int(0))")) }
    }
    if count != expected {
      findings.append(Finding(.orphanRow, path: "relabelling", expected: "\(expected)", found: "\(count)"))
    }
  }

  /// What manifests and their bags say together; each for itself is checked by ``ManifestAudit``.
  mutating func manifests(_ run: ManifestRun, expected: Int64) throws {
    if run.manifests != expected {
      findings.append(
        Finding(.orphanRow, path: "manifest", expected: "\(expected)", found: "\(run.manifests)"))
    }
    if try number("SELECT COUNT(*) FROM container") != run.containers {
      findings.append(Finding(.orphanRow, path: "container"))
    }
    if try number("SELECT COUNT(*) FROM document_part WHERE manifest NOT IN (SELECT id FROM manifest)") > 0 {
      findings.append(Finding(.orphanRow, path: "document_part"))
    }
  }

  private func number(_ sql: String) throws -> Int64 {
    let select = try Statement(reader.connection, sql)
    return try select.step() ? select.int(0) : 0
  }

  private mutating func list(_ code: FindingCode, _ sql: String, path: String) throws {
    let select = try Statement(reader.connection, sql)
    while try select.step() { findings.append(Finding(code, path: "\(path)/\(select.int(0))")) }
  }
}

extension String {
  /// `OutcomeCounts(entrusted: 1, …)` without the type's name.
  fileprivate var counterText: String {
    guard let open = firstIndex(of: "("), hasSuffix(")") else { return self }
    return String(self[index(after: open)...].dropLast())
  }
}
