internal import DossierCore

extension MemoryView {
  /// Counts items one by one, and each once for every dossier when dossiers are asked for.
  func lossCounts(_ query: LossQuery) -> [LossGroup] {
    var groups: [[String]: OutcomeCounts] = [:]
    for item in items {
      guard let day = item.day else { continue }
      if let from = query.from, day < from { continue }
      if let through = query.through, through < day { continue }
      let dossiers = item.history.dossiers
      switch query.unit {
      case .item:
        let labels = query.by.map {
          label($0, item, day, field: common(dossiers.map(\.field)), agency: common(dossiers.map(\.agency)))
        }
        groups[labels, default: OutcomeCounts()] += OutcomeCounts(item.state)
      case .dossier:
        for dossier in dossiers {
          let labels = query.by.map {
            label($0, item, day, field: dossier.field ?? "", agency: dossier.agency ?? "")
          }
          groups[labels, default: OutcomeCounts()] += OutcomeCounts(item.state)
        }
      }
    }
    return groups.map { LossGroup(labels: $0.key, counts: $0.value) }
      .sorted { $0.labels.lexicographicallyPrecedes($1.labels) { $0.precedes($1) } }
  }

  private func label(
    _ grouping: LossQuery.Grouping, _ item: MemoryItem, _ day: CalendarDate, field: String, agency: String
  ) -> String {
    switch grouping {
    case .office: item.entrustedBy
    case .route: "\(item.entrustedBy) → \(item.firstReceiver)"
    case .field: field
    case .agency: agency
    case .leg: item.summary.leg?.word ?? ""
    case .month: String(day.text.prefix(7))
    }
  }

  /// The one value of all; `*` when they differ, nothing when there are none.
  private func common(_ values: [String?]) -> String {
    guard let first = values.first else { return "" }
    return values.allSatisfy { $0 == first } ? first ?? "" : "*"
  }
}
