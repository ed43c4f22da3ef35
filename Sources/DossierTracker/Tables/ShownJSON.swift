public import DossierCore
public import DossierReport

extension ItemHistory {
  /// An item as others rely on it. The code of an erased dossier is null; `erasures` is there only when something was
  /// erased, or ordered to be.
  ///
  /// - Parameter times: one interval an event; they add `notBefore` and `notAfter` to it.
  public func json(_ language: Language, times: [ProvenInterval]? = nil) -> JSONOutput {
    guard case .object(let members) = plainJSON(language, times), !erasures.isEmpty else {
      return plainJSON(language, times)
    }
    return .object(members + [.init(key: "erasures", value: .array(erasures.map(\.json)))])
  }

  private func plainJSON(_ language: Language, _ times: [ProvenInterval]?) -> JSONOutput {
    [
      "item": .string(summary.number),
      "numbers": .array(numbers.map(JSONOutput.string)),
      "dossiers": .array(dossiers.map { .string(orNull: $0.code) }),
      "leg": .string(orNull: summary.leg?.word),
      "state": .string(summary.state.word),
      "custodian": .string(orNull: summary.custodian),
      "manifest": .string(orNull: summary.manifest),
      "events": .array(events.indices.map { event($0, times) }),
      "findings": findings.json(language),
    ]
  }

  private func event(_ position: Int, _ times: [ProvenInterval]?) -> JSONOutput {
    let row = JSONOutput.row(EventTable.timeline, EventTable.row(events[position]))
    guard let times, times.indices.contains(position), case .object(let members) = row else { return row }
    return .object(
      members + [
        .init(key: "notBefore", value: times[position].notBefore?.json ?? .null),
        .init(key: "notAfter", value: times[position].notAfter?.json ?? .null),
      ])
  }
}

extension Shown {
  /// A dossier that travelled in one item is shown as that item.
  ///
  /// - Parameter times: gives one interval an event of an item; nil to leave them out.
  public func json(
    _ language: Language, times: (([EventRecord]) throws -> [ProvenInterval])? = nil
  ) rethrows -> JSONOutput {
    switch self {
    case .item(let item): return try item.json(language, times: times?(item.events))
    case .dossier(let code, let items):
      if items.count == 1 { return try items[0].json(language, times: times?(items[0].events)) }
      return [
        "dossier": .string(code),
        "items": .array(try items.map { try $0.json(language, times: times?($0.events)) }),
      ]
    case .manifest(let manifest, let items):
      guard case .object(let members) = JSONOutput.row(ManifestTable.columns, ManifestTable.row(manifest))
      else { return .null }
      let contents = items.map { JSONOutput.row(ItemTable.columns, ItemTable.row($0)) }
      return .object(
        members + [.init(key: "contents", value: .array(contents)), .init(key: "findings", value: [])])
    }
  }
}
