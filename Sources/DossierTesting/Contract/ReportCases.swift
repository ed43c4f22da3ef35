internal import CustodyLog
public import DossierCore

extension StoreContract {
  static let reportCases: [Case] = [
    Case("loss counts close and agree with the items", lossCounts),
    Case("pages follow each other without gap or overlap", paging),
    Case("filters find the items they name", filters),
  ]

  /// A few weeks with every outcome, over two months and several routes.
  static func busyStore(_ bench: Bench) throws -> any CustodyStore {
    let store = try bench.withOffices()
    for number in 0..<6 {
      var manifest = manifest("BK-\(number)", first: 1 + number * 10, day: 1 + number * 7)
      if number % 2 == 1 {
        (manifest.header.giver.office, manifest.header.receiver.office) = ("BC2", "H12.34")
      }
      manifest.header.leg = number % 3 == 0 ? .intake : .result
      try requireEqual(try record(manifest, in: store).status, .recorded, "status of manifest \(number)")
      let items = manifest.items.map(\.number)
      let receiver = manifest.header.receiver.office
      let day = 2 + number * 7
      let endings: [EventKind] = [.delivered, .lost, .returned, .missing, .destroyed, .received]
      for (position, item) in items.enumerated() {
        let kind = endings[(number + position * 2) % endings.count]
        try append(
          [
            TestValues.event(
              "E\(number)-\(position)", kind, item, at: at(day), office: receiver, reference: "QĐ \(number)")
          ], to: store)
      }
      try append(
        [TestValues.event("G\(number)", .damaged, items[0], at: at(day), office: receiver)], to: store)
    }
    return store
  }

  private static func lossCounts(_ bench: Bench) throws {
    let store = try busyStore(bench)
    try checkLosses(store)
    let counts = try total(store)
    try requireEqual(counts.entrusted, 18, "entrusted items")
    try require(
      counts.delivered > 0 && counts.returned > 0 && counts.lost > 0 && counts.destroyed > 0
        && counts.missing > 0 && counts.damaged > 0, "an outcome is absent from \(counts)")
    let dossiers = try store.lossCounts(LossQuery(unit: .dossier, by: []))
    try requireEqual(dossiers.first?.counts.entrusted, 18, "entrusted dossiers")
    try requireEqual(
      try store.lossCounts(LossQuery(unit: .item, by: [.month])).map(\.labels), [["2025-03"], ["2025-04"]],
      "months")
    try requireEqual(
      try store.lossCounts(LossQuery(unit: .item, by: [.route])).map(\.labels),
      [["BC1 → TTHCC"], ["BC2 → H12.34"]], "routes")
    try requireEqual(
      try store.lossCounts(LossQuery(unit: .item, by: [.leg])).map(\.labels), [["intake"], ["result"]], "legs"
    )
    try requireEqual(
      try store.lossCounts(LossQuery(unit: .item, by: [.field])).map(\.labels), [[""], ["*"], ["Đất đai"]],
      "fields of items")
    try requireEqual(
      try store.lossCounts(LossQuery(unit: .dossier, by: [.field])).map(\.labels),
      [["Hộ tịch"], ["Đất đai"]],
      "fields of dossiers")
  }

  /// Checks that every balance closes, that groupings add up to the total, and that the counts are those of the
  /// items as they are listed.
  public static func checkLosses(_ store: any CustodyStore) throws {
    let snapshot = try StoreSnapshot(of: store)
    for query in StoreSnapshot.queries {
      let groups = try requireValue(snapshot.losses[query], "\(query)")
      let labels = groups.map(\.labels)
      try requireEqual(Set(labels).count, labels.count, "distinct groups of \(query)")
      for group in groups {
        let counts = group.counts
        try requireEqual(group.labels.count, query.by.count, "labels of \(query)")
        try require(!counts.isZero, "\(query) gives an empty group \(group.labels)")
        try require(
          [
            counts.open, counts.delivered, counts.returned, counts.lost, counts.destroyed, counts.missing,
            counts.found, counts.damaged,
          ].allSatisfy { $0 >= 0 && $0 <= counts.entrusted } && counts.missing <= counts.open,
          "the balance of \(group.labels) in \(query) does not close: \(counts)")
      }
      var whole = query
      whole.by = []
      let total = groups.reduce(OutcomeCounts()) { $0 + $1.counts }
      try requireEqual(
        total, snapshot.losses[whole]?.first?.counts ?? OutcomeCounts(), "the sum over groups of \(query)")
    }
    try compareWithItems(snapshot)
  }

  /// The totals over all time against the listed items: those that are entrusted have an acceptance or a dispatch
  /// that was not taken back.
  private static func compareWithItems(_ snapshot: StoreSnapshot) throws {
    for unit in LossQuery.Unit.allCases {
      var expected = OutcomeCounts()
      for item in snapshot.items {
        let history = try requireValue(snapshot.histories[item.number], "history of \(item.number)")
        let byIdentifier = Dictionary(
          history.events.map { ($0.identifier, $0.kind) }, uniquingKeysWith: { first, _ in first })
        let takenBack = Set(
          history.events.filter { $0.kind == .corrected }.compactMap(\.details.corrects)
            .filter { byIdentifier[$0] != .corrected })
        let counted = history.events.filter { !takenBack.contains($0.identifier) }
        guard counted.contains(where: { $0.kind == .accepted || $0.kind == .dispatched }) else { continue }
        var one = OutcomeCounts()
        one.entrusted = 1
        switch outcome(item) {
        case .delivered: one.delivered = 1
        case .returned: one.returned = 1
        case .destroyed: one.destroyed = 1
        case .lost: one.lost = 1
        case .open: one.missing = item.missing ? 1 : 0
        }
        one.damaged = item.damage == nil ? 0 : 1
        expected.add(one, times: unit == .item ? 1 : Int64(item.dossiers))
      }
      let query = LossQuery(unit: unit, by: [])
      var found = snapshot.losses[query]?.first?.counts ?? OutcomeCounts()
      found.found = 0
      if snapshot.items.contains(where: { $0.state == .disputed }) {
        // How a disputed journey ended is not told by its summary: compare what is.
        for counts in [\OutcomeCounts.delivered, \.returned, \.destroyed, \.lost, \.missing] {
          found[keyPath: counts] = 0
          expected[keyPath: counts] = 0
        }
      }
      try requireEqual(found, expected, "totals by \(unit.word) against the listed items")
    }
  }

  private static func outcome(_ item: ItemSummary) -> Outcome {
    switch item.state {
    case .delivered: .delivered
    case .returned: .returned
    case .destroyed: .destroyed
    case .lost: .lost
    default: .open
    }
  }

  private static func paging(_ bench: Bench) throws {
    let store = try busyStore(bench)
    for limit in [1, 4, 7] {
      var items: [ItemSummary] = []
      while true {
        let page = try store.items(matching: ItemFilter(), after: items.last?.id ?? 0, limit: limit)
        try require(page.count <= limit, "a page of items is too long")
        if page.isEmpty { break }
        items += page
      }
      try requireEqual(
        items, try store.items(matching: ItemFilter(), after: 0, limit: .max), "items in pages of \(limit)")
      var manifests: [ManifestRecord] = []
      while true {
        let page = try store.manifests(after: manifests.last?.id ?? 0, limit: limit)
        try require(page.count <= limit, "a page of manifests is too long")
        if page.isEmpty { break }
        manifests += page
      }
      try requireEqual(manifests.map(\.number), (0..<6).map { "BK-\($0)" }, "manifests in pages of \(limit)")
      var events: [EventRecord] = []
      while true {
        let page = try store.events(from: Int64(events.count), limit: limit)
        try require(page.count <= limit, "a page of events is too long")
        if page.isEmpty { break }
        events += page
      }
      try requireEqual(UInt64(events.count), try store.head().size, "events in pages of \(limit)")
    }
    try requireEqual(try store.items(matching: ItemFilter(), after: 0, limit: 0), [], "a page of no items")
    try requireEqual(try store.events(from: 1_000_000, limit: 5), [], "events beyond the end")
  }

  private static func filters(_ bench: Bench) throws {
    let store = try busyStore(bench)
    let all = try store.items(matching: ItemFilter(), after: 0, limit: .max)
    for state in StateWord.allCases {
      try requireEqual(
        try store.items(matching: ItemFilter(state: state), after: 0, limit: .max),
        all.filter { $0.state == state }, "items in state \(state.word)")
    }
    for custodian in Set(all.compactMap(\.custodian)).union(["NOWHERE"]) {
      try requireEqual(
        try store.items(matching: ItemFilter(custodian: custodian), after: 0, limit: .max),
        all.filter { $0.custodian == custodian }, "items held by \(custodian)")
    }
    let withFindings = try store.items(matching: ItemFilter(withFindings: true), after: 0, limit: .max)
    try requireEqual(withFindings, all.filter { $0.findings > 0 }, "items with findings")
    for item in all {
      let history = try requireValue(try store.history(ofItem: item.number), "history of \(item.number)")
      try requireEqual(history.summary, item, "summary of \(item.number)")
      try requireEqual(
        history.findings.filter { $0.severity != .info }.count, item.findings, "findings of \(item.number)")
    }
  }
}
