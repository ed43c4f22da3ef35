internal import DossierCore

extension LossEvidence {
  /// One row an event; an item without any stands with empty cells.
  public var table: TabularDocument {
    let columns = [
      Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
      Column("state", vi: "Trạng thái", en: "State", kind: .code),
      Column("weight", vi: "Tính", en: "Counts", kind: .integer),
      Column("index", vi: "Mục sổ", en: "Log index", kind: .integer),
      Column("event", vi: "Mã sự kiện", en: "Event", kind: .code),
      Column("kind", vi: "Sự kiện", en: "Kind", kind: .code),
      Column("grade", vi: "Mức chứng", en: "Grade", kind: .code),
      Column("at", vi: "Xảy ra lúc", en: "Happened at", kind: .time),
      Column("recordedAt", vi: "Ghi lúc", en: "Recorded at", kind: .time),
      Column("office", vi: "Đơn vị", en: "Office", kind: .code),
      Column("reason", vi: "Lý do", en: "Reason", kind: .code),
    ]
    let rows: [[Cell]] = items.flatMap { item -> [[Cell]] in
      let lead: [Cell] = [
        .text(item.number), Self.words(item.state) { StateWord(word: item.state)?.label($0) },
        .integer(item.weight),
      ]
      if item.events.isEmpty { return [lead] }
      return item.events.map { event in
        lead + [
          .integer(Int(event.index)), .text(event.id),
          Self.words(event.kind) { EventKind(word: event.kind)?.label($0) },
          Self.words(event.grade) { EventGrade(word: event.grade)?.label($0) },
          .text(orNone: event.at), .text(orNone: event.recordedAt), .text(orNone: event.office),
          .text(orNone: event.reason),
        ]
      }
    }
    let name = "\(question.row).\(question.column.key)"
    var notes = [
      BilingualText(
        vi:
          "\(name) = \(NumberText.human(count, language: .vi)); bưu gửi: \(NumberText.human(itemCount, language: .vi)).",
        en:
          "\(name) = \(NumberText.human(count, language: .en)); items: \(NumberText.human(itemCount, language: .en))."
      )
    ]
    if unlisted > 0 {
      notes.append(
        BilingualText(
          vi: "Còn \(NumberText.human(unlisted, language: .vi)) bưu gửi không liệt kê (--limit).",
          en: "\(NumberText.human(unlisted, language: .en)) more items are not listed (--limit)."))
    }
    notes.append(
      BilingualText(
        vi: "Nhật ký: \(NumberText.human(log.size, language: .vi)) mục, gốc \(log.root)",
        en: "Log: \(NumberText.human(log.size, language: .en)) entries, root \(log.root)"))
    return TabularDocument(
      columns: columns, rows: rows, title: BilingualText(vi: "Vì sao \(name)", en: "Why \(name)"),
      notes: notes,
      json: json)
  }

  /// The stable word to machines, what it means to people.
  private static func words(_ word: String, _ label: (Language) -> String?) -> Cell {
    .words(BilingualText(vi: label(.vi) ?? word, en: word))
  }

  /// Items of the number that are not listed.
  public var unlisted: Int { itemCount - items.count }

  public var json: JSONOutput {
    [
      "row": .string(question.row), "column": .string(question.column.key), "count": .integer(count),
      "items": .array(items.map(Self.json)), "itemCount": .integer(itemCount), "unlisted": .integer(unlisted),
      "log": ["size": .unsigned(log.size), "root": .string(log.root)],
    ]
  }

  private static func json(_ item: Item) -> JSONOutput {
    let events = item.events.map { event -> JSONOutput in
      [
        "index": .integer(Int(event.index)), "id": .string(event.id), "kind": .string(event.kind),
        "grade": .string(event.grade), "at": .string(orNull: event.at),
        "recordedAt": .string(orNull: event.recordedAt), "office": .string(orNull: event.office),
        "reason": .string(orNull: event.reason),
      ]
    }
    return [
      "item": .string(item.number), "state": .string(item.state), "weight": .integer(item.weight),
      "events": .array(events),
    ]
  }
}
