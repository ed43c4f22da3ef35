public import DossierCore
public import DossierReport

extension ItemHistory {
  /// An item as others rely on it. The code of an erased dossier is null.
  public func json(_ language: Language) -> JSONOutput {
    [
      "item": .string(summary.number),
      "numbers": .array(numbers.map(JSONOutput.string)),
      "dossiers": .array(dossiers.map { .string(orNull: $0.code) }),
      "leg": .string(orNull: summary.leg?.word),
      "state": .string(summary.state.word),
      "custodian": .string(orNull: summary.custodian),
      "manifest": .string(orNull: summary.manifest),
      "events": .array(events.map { .row(EventTable.timeline, EventTable.row($0)) }),
      "findings": findings.json(language),
    ]
  }
}

extension Shown {
  /// A dossier that travelled in one item is shown as that item.
  public func json(_ language: Language) -> JSONOutput {
    switch self {
    case .item(let item): return item.json(language)
    case .dossier(let code, let items):
      if items.count == 1 { return items[0].json(language) }
      return ["dossier": .string(code), "items": .array(items.map { $0.json(language) })]
    case .manifest(let manifest, let items):
      guard case .object(let members) = JSONOutput.row(ManifestTable.columns, ManifestTable.row(manifest))
      else { return .null }
      let contents = items.map { JSONOutput.row(ItemTable.columns, ItemTable.row($0)) }
      return .object(
        members + [.init(key: "contents", value: .array(contents)), .init(key: "findings", value: [])])
    }
  }
}
