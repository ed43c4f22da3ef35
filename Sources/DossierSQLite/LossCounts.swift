internal import DossierCore

/// Answers a loss query: from the counters when the period is whole months, from the items otherwise.
struct LossCounts {
  private let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  func groups(_ query: LossQuery) throws -> [LossGroup] {
    let sums =
      "SUM(entrusted), SUM(delivered), SUM(returned), SUM(lost), SUM(destroyed), SUM(missing), SUM(found), SUM(damaged)"
    let keys = query.by.flatMap(Self.columns)
    let selected = keys.isEmpty ? "" : keys.joined(separator: ", ") + ", "
    let grouping = keys.isEmpty ? "" : " GROUP BY " + keys.joined(separator: ", ")
    let source = isWholeMonths(query) ? try counterRows(query) : try itemRows(query)
    let select = try reader.connection.prepared("SELECT \(selected)\(sums) FROM (\(source))\(grouping)")
    var groups: [LossGroup] = []
    while try select.step() {
      let base = Int32(keys.count)
      if select.isNull(base) { continue }  // no rows at all, without grouping
      var counts = OutcomeCounts()
      counts.entrusted = select.int(base)
      counts.delivered = select.int(base + 1)
      counts.returned = select.int(base + 2)
      counts.lost = select.int(base + 3)
      counts.destroyed = select.int(base + 4)
      counts.missing = select.int(base + 5)
      counts.found = select.int(base + 6)
      counts.damaged = select.int(base + 7)
      if counts.isZero { continue }
      var column: Int32 = 0
      var labels: [String] = []
      for grouping in query.by { labels.append(try label(grouping, select, &column)) }
      groups.append(LossGroup(labels: labels, counts: counts))
    }
    return groups.sorted { left, right in
      left.labels.lexicographicallyPrecedes(right.labels) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  private static func columns(_ grouping: LossQuery.Grouping) -> [String] {
    switch grouping {
    case .office: ["giver"]
    case .route: ["giver", "receiver"]
    case .field: ["field"]
    case .agency: ["agency"]
    case .leg: ["leg"]
    case .month: ["month"]
    }
  }

  private func label(_ grouping: LossQuery.Grouping, _ row: Statement, _ column: inout Int32) throws -> String
  {
    defer { column += 1 }
    switch grouping {
    case .office: return try reader.terms.string(row.int32(column))
    case .route:
      let giver = try reader.terms.string(row.int32(column))
      column += 1
      return giver + " → " + (try reader.terms.string(row.int32(column)))
    case .field, .agency:
      let term = row.int32(column)
      return term == CounterKey.several ? "*" : try reader.terms.string(term)
    case .leg: return Leg(rawValue: UInt8(exactly: row.int(column)) ?? 0)?.word ?? ""
    case .month:
      let month = row.int(column)
      return "\(month / 100)-" + (month % 100 < 10 ? "0" : "") + "\(month % 100)"
    }
  }

  private func isWholeMonths(_ query: LossQuery) -> Bool {
    (query.from.map { $0.day == 1 } ?? true) && (query.through.map { $0.advanced(by: 1).day == 1 } ?? true)
  }

  private func counterRows(_ query: LossQuery) throws -> String {
    var conditions = ["unit = \(query.unit.rawValue)"]
    if let from = query.from { conditions.append("month >= \(from.monthKey)") }
    if let through = query.through { conditions.append("month <= \(through.monthKey)") }
    return "SELECT * FROM loss_counter WHERE " + conditions.joined(separator: " AND ")
  }

  /// The same rows worked out from the items, whose local day of entrusting is known.
  private func itemRows(_ query: LossQuery) throws -> String {
    var conditions = ["i.entrusted_day IS NOT NULL", "i.same_as IS NULL"]
    if let from = query.from { conditions.append("i.entrusted_day >= \(from.daysSince1970)") }
    if let through = query.through { conditions.append("i.entrusted_day <= \(through.daysSince1970)") }
    let month = "CAST(strftime('%Y%m', i.entrusted_day * 86400, 'unixepoch') AS INTEGER)"
    let outcome = { (value: Outcome) in "(i.outcome = \(value.rawValue))" }
    let counts = """
      1 AS entrusted, \(outcome(.delivered)) AS delivered, \(outcome(.returned)) AS returned,
      \(outcome(.lost)) AS lost, \(outcome(.destroyed)) AS destroyed,
      (i.outcome = 0 AND i.flags & \(ItemRow.flagMissing) <> 0) AS missing,
      (i.flags & \(ItemRow.flagFound) <> 0) AS found, (i.damage > 0) AS damaged
      """
    let keys = "\(month) AS month, i.entrusted_by AS giver, i.first_receiver AS receiver, i.leg AS leg"
    // Every consignment of every number of the item, each dossier once: as its earliest manifest states it.
    let dossiers = """
      SELECT item, field, agency FROM (
        SELECT COALESCE(n.same_as, n.id) AS item, COALESCE(d.field, 0) AS field,
          COALESCE(d.agency, 0) AS agency, ROW_NUMBER() OVER (
            PARTITION BY COALESCE(n.same_as, n.id), \(try DossierTwins.key(reader.connection, "d"))
            ORDER BY e.at, m.number, d.id) AS place
        FROM dossier d JOIN event e ON e.idx = d.event JOIN manifest m ON m.id = d.manifest
          JOIN item n ON n.number = e.subject)
      WHERE place = 1
      """
    switch query.unit {
    case .dossier:
      return """
        SELECT \(keys), d.field AS field, d.agency AS agency, \(counts)
        FROM item i JOIN (\(dossiers)) d ON d.item = i.id WHERE \(conditions.joined(separator: " AND "))
        """
    case .item:
      let common = { (key: String) in
        "CASE WHEN MIN(\(key)) = MAX(\(key)) THEN MIN(\(key)) ELSE \(CounterKey.several) END AS \(key)"
      }
      return """
        SELECT \(keys), COALESCE(d.field, 0) AS field, COALESCE(d.agency, 0) AS agency, \(counts)
        FROM item i LEFT JOIN (
          SELECT item, \(common("field")), \(common("agency")) FROM (\(dossiers)) GROUP BY item
        ) d ON d.item = i.id WHERE \(conditions.joined(separator: " AND "))
        """
    }
  }
}
