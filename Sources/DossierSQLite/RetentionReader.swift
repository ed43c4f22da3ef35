internal import DossierCore

/// Finds what was kept as long as a policy says, and is still there.
struct RetentionReader {
  private let reader: StoreReader
  private let rules: [(rule: RetentionPolicy.Rule, before: Int64)]

  init(_ reader: StoreReader, _ rules: [(rule: RetentionPolicy.Rule, before: Int64)]) {
    self.reader = reader
    self.rules = rules
  }

  /// Items whose journey ended, counted from the last that was heard of them.
  func items(after id: Int64, limit: Int) throws -> [RetentionDue] {
    let select = try Statement(
      reader.connection,
      """
      SELECT id, number, outcome, last_at FROM item
      WHERE id > ?1 AND same_as IS NULL AND outcome <> 0 AND last_at < ?2 ORDER BY id
      """)
    var due: [RetentionDue] = []
    guard let latest = rules.filter({ !$0.rule.concernsManifest }).map(\.before).max() else { return [] }
    select.bind(1, id)
    select.bind(2, latest)
    defer { select.reset() }
    while due.count < limit, try select.step() {
      let ending: EventKind
      switch Outcome(rawValue: UInt8(exactly: select.int(2)) ?? 0) {
      case .delivered: ending = .delivered
      case .returned: ending = .returned
      case .lost: ending = .lost
      case .destroyed: ending = .destroyed
      default: continue
      }
      try add(
        .item(Subject.read(select, 1).string), ending, endedAt: select.int(3), id: select.int(0), to: &due)
    }
    return due
  }

  /// Manifests that were closed.
  func manifests(after id: Int64, limit: Int) throws -> [RetentionDue] {
    let select = try Statement(
      reader.connection,
      """
      SELECT m.id, m.number, e.at FROM manifest m JOIN event e ON e.idx = m.closed_event
      WHERE m.id > ?1 AND e.at < ?2 ORDER BY m.id
      """)
    var due: [RetentionDue] = []
    guard let latest = rules.filter(\.rule.concernsManifest).map(\.before).max() else { return [] }
    select.bind(1, id)
    select.bind(2, latest)
    defer { select.reset() }
    while due.count < limit, try select.step() {
      try add(
        .manifest(select.string(1)), .manifestClosed, endedAt: select.int(2), id: select.int(0), to: &due)
    }
    return due
  }

  private func add(
    _ subject: ErasureSubject, _ ending: EventKind, endedAt: Int64, id: Int64, to due: inout [RetentionDue]
  ) throws {
    for basis in LegalBasis.allCases {
      let fields = rules.filter { $0.rule.after == ending && $0.rule.basis == basis && endedAt < $0.before }
        .map(\.rule.field)
      if fields.isEmpty { continue }
      var plan = try ErasurePlan(reader)
      try plan.add(subject, Set(fields))
      let targets = try plan.targets()
      let names = Set(targets.flatMap(\.names).compactMap { VaultField.named($0)?.field })
      // An original goes with the fields that it states; it is due by itself where a rule says so.
      let left = fields.filter {
        $0.vaultField.map(names.contains) ?? targets.contains { $0.manifest != nil }
      }
      if left.isEmpty { continue }
      due.append(
        RetentionDue(subject: subject, after: ending, endedAt: endedAt, fields: left, basis: basis, id: id))
    }
  }
}
