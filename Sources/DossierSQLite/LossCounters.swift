internal import DossierCore

/// What one counter counts: a cohort by month, route, leg, field and agency, in dictionary numbers.
struct CounterKey: Hashable {
  var unit: LossQuery.Unit
  /// `yyyymm` of the local day on which the item was entrusted.
  var month: Int32
  var giver: Int32
  var receiver: Int32
  var leg: UInt8
  /// 0 none; ``several`` when one item holds dossiers of different fields.
  var field: Int32
  var agency: Int32

  static let several: Int32 = -1
}

/// The facts of one dossier that counters need.
struct DossierFacts: Hashable {
  var field: Int32
  var agency: Int32
}

/// What one item adds to the counters: its cohort and outcome, as item and as each of its dossiers.
struct Contribution: Equatable {
  var month: Int32
  var giver: Int32
  var receiver: Int32
  var leg: UInt8
  var counts: OutcomeCounts

  /// nil for an item that was never entrusted.
  init?(_ item: ItemRow) {
    guard let day = item.entrustedDay, let date = CalendarDate(daysSince1970: Int(day)) else { return nil }
    month = Int32(date.monthKey)
    giver = item.entrustedBy
    receiver = item.firstReceiver
    leg = item.leg
    counts = item.counts
  }

  func forEachKey(_ dossiers: [DossierFacts], _ body: (CounterKey) -> Void) {
    func key(_ unit: LossQuery.Unit, _ field: Int32, _ agency: Int32) -> CounterKey {
      CounterKey(
        unit: unit, month: month, giver: giver, receiver: receiver, leg: leg, field: field, agency: agency)
    }
    var field = dossiers.first?.field ?? 0
    var agency = dossiers.first?.agency ?? 0
    for dossier in dossiers {
      if dossier.field != field { field = CounterKey.several }
      if dossier.agency != agency { agency = CounterKey.several }
      body(key(.dossier, dossier.field, dossier.agency))
    }
    body(key(.item, field, agency))
  }
}

/// Collects the changes of a transaction and writes them to `loss_counter` in one go.
final class LossCounters {
  private let upsert: Statement
  private let deleteEmpty: Statement
  private var changes: [CounterKey: OutcomeCounts] = [:]
  private static let limit = 20_000

  init(_ connection: Connection) throws {
    let sums = ["entrusted", "delivered", "returned", "lost", "destroyed", "missing", "found", "damaged"]
      .map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    upsert = try Statement(
      connection,
      """
      INSERT INTO loss_counter VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
      ON CONFLICT DO UPDATE SET \(sums)
      """)
    deleteEmpty = try Statement(
      connection,
      """
      DELETE FROM loss_counter WHERE unit = ?1 AND month = ?2 AND giver = ?3 AND receiver = ?4 AND leg = ?5
        AND field = ?6 AND agency = ?7 AND \(Self.empty)
      """)
  }

  /// A row that counts nothing is not kept, so that the audit can tell one that was put there.
  private static let empty = [
    "entrusted", "delivered", "returned", "lost", "destroyed", "missing", "found", "damaged",
  ].map { "\($0) = 0" }.joined(separator: " AND ")

  func forget() { changes.removeAll(keepingCapacity: true) }

  func add(_ contribution: Contribution?, _ dossiers: [DossierFacts], times factor: Int64) throws {
    guard let contribution else { return }
    contribution.forEachKey(dossiers) { key in
      changes[key, default: OutcomeCounts()].add(contribution.counts, times: factor)
    }
    if changes.count > Self.limit { try flush() }
  }

  private func deleteEmpty(_ key: CounterKey) throws {
    deleteEmpty.bind(1, key.unit.rawValue)
    deleteEmpty.bind(2, key.month)
    deleteEmpty.bind(3, key.giver)
    deleteEmpty.bind(4, key.receiver)
    deleteEmpty.bind(5, key.leg)
    deleteEmpty.bind(6, key.field)
    deleteEmpty.bind(7, key.agency)
    try deleteEmpty.run()
  }

  func flush() throws {
    for (key, counts) in changes where !counts.isZero {
      upsert.bind(1, key.unit.rawValue)
      upsert.bind(2, key.month)
      upsert.bind(3, key.giver)
      upsert.bind(4, key.receiver)
      upsert.bind(5, key.leg)
      upsert.bind(6, key.field)
      upsert.bind(7, key.agency)
      upsert.bind(8, counts.entrusted)
      upsert.bind(9, counts.delivered)
      upsert.bind(10, counts.returned)
      upsert.bind(11, counts.lost)
      upsert.bind(12, counts.destroyed)
      upsert.bind(13, counts.missing)
      upsert.bind(14, counts.found)
      upsert.bind(15, counts.damaged)
      try upsert.run()
      if counts.entrusted < 0 { try deleteEmpty(key) }
    }
    changes.removeAll(keepingCapacity: true)
  }
}
