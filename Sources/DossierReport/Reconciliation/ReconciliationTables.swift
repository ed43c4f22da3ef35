internal import DossierCore

/// The tables of a reconciliation: what the counts are, line for line what differs, and group for group by how much.
///
/// With labels a table is for people, without for programs.
extension ReconciliationReport {
  func summaryTable(_ labels: OutputLanguage?) -> TabularDocument {
    func row(_ word: String, vi: String, en: String, _ count: Int) -> [Cell] {
      [.text(labels.map { $0 == .vi ? vi : en } ?? word), .integer(count)]
    }
    var rows = [
      row("lines", vi: "Dòng dữ liệu trong tệp", en: "Lines of data in the file", result.file.lines),
      row("unreadable", vi: "  không đọc được mã", en: "  without a code that can be read", unreadableLines),
      row("duplicates", vi: "  lặp lại", en: "  repeated", result.file.duplicates.count),
      row("outside", vi: "  ngoài phạm vi", en: "  outside the scope", result.outside),
      row("notByPost", vi: "  không qua bưu chính", en: "  not by post", result.notByPost),
      row("matched", vi: "  có ở cả hai bên", en: "  on both sides", result.matched),
      row("agreeing", vi: "    khớp", en: "    agreeing", result.agreeing),
    ]
    rows += Reconciliation.Kind.allCases.map { kind in
      row(
        kind.rawValue, vi: Self.label(kind).vi, en: Self.label(kind).en, result.differences[kind]?.count ?? 0)
    }
    rows += [
      row("foreign", vi: "Mã không theo mẫu quốc gia", en: "Codes of a form of their own", result.foreign),
      row(
        "erased", vi: "Hồ sơ đã xóa mã, không đối soát được", en: "Erased codes, not comparable",
        result.erased),
    ]
    return TabularDocument(
      columns: [
        Column("what", vi: "Mục", en: "What"), Column("count", vi: "Số lượng", en: "Count", kind: .integer),
      ], rows: rows)
  }

  var unreadableLines: Int { result.file.unreadable.count { $0.isWholeLine } }

  static let lineColumns = [
    Column("code", vi: "Mã hồ sơ", en: "Dossier", kind: .code),
    Column("line", vi: "Dòng", en: "Line", kind: .integer),
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
    Column("place", vi: "Sổ giao nhận", en: "Custody"),
    Column("custodian", vi: "Bên giữ", en: "Custodian", kind: .code),
    Column("custodyAt", vi: "Sự kiện cuối", en: "Last event", kind: .time),
    Column("status", vi: "Phần mềm", en: "Software"),
    Column("tickedAt", vi: "Ngày trả", en: "Ticked", kind: .time),
    Column("due", vi: "Hẹn trả", en: "Due", kind: .time),
  ]

  func linesTable(
    _ lines: [Reconciliation.Difference], _ labels: OutputLanguage?
  ) -> TabularDocument {
    TabularDocument(columns: Self.lineColumns, rows: lines.map { cells($0, labels) })
  }

  func cells(_ line: Reconciliation.Difference, _ labels: OutputLanguage?) -> [Cell] {
    let latest = line.custody?.latest
    let due = line.row?.due ?? line.custody?.due.map { SoftwareTime($0) }
    let status = line.row?.status.map { status in
      labels.map { "\(status.rawValue) \(status.label[$0])" } ?? "\(status.rawValue)"
    }
    return [
      .text(line.code ?? "…"), line.line.map { .integer(Int($0)) } ?? .none,
      .text(orNone: latest.map { names.item($0.item) }),
      .text(
        orNone: line.custody.map { custody in labels.map { custody.place.label[$0] } ?? custody.place.rawValue
        }),
      .text(orNone: latest.map { names.office($0.custodian) }),
      latest.map { ReportValue.time($0.endedAt ?? $0.lastAt) } ?? .none, .text(orNone: status),
      .text(orNone: line.row?.tickedAt?.text), .text(orNone: due?.text),
    ]
  }

  // MARK: Signed differences, and what the file is like

  func sidesTable(
    _ key: String, vi: String, en: String, _ rows: [(String, Reconciliation.Sides)]
  ) -> TabularDocument {
    func columns(_ key: String, vi: String, en: String) -> [Column] {
      [
        Column("\(key)Custody", vi: "\(vi): sổ", en: "\(en): custody", kind: .integer),
        Column("\(key)Software", vi: "\(vi): phần mềm", en: "\(en): software", kind: .integer),
        Column("\(key)Difference", vi: "\(vi): chênh lệch", en: "\(en): difference", kind: .integer),
      ]
    }
    func cells(_ name: String, _ sides: Reconciliation.Sides) -> [Cell] {
      [
        .text(name), .integer(sides.custody.received), .integer(sides.software.received),
        .integer(sides.received), .integer(sides.custody.returned), .integer(sides.software.returned),
        .integer(sides.returned), .integer(sides.custody.overdue), .integer(sides.software.overdue),
        .integer(sides.overdue),
      ]
    }
    return TabularDocument(
      columns: [Column(key, vi: vi, en: en, kind: .code)]
        + columns("received", vi: "Tiếp nhận", en: "Received")
        + columns("returned", vi: "Đã trả", en: "Returned")
        + columns("overdue", vi: "Quá hạn", en: "Overdue"),
      rows: rows.map { cells($0.0, $0.1) }, total: cells("total", result.total))
  }

  var unitsTable: TabularDocument {
    sidesTable(
      "unit", vi: "Đơn vị", en: "Unit",
      result.byUnit.sorted { ReportValue.precedes($0.key, $1.key) }.map { ($0.key, $0.value) })
  }

  var fieldsTable: TabularDocument {
    sidesTable("field", vi: "Lĩnh vực", en: "Field", groups.map { ($0.field, $0.sides) })
  }

  var duplicatesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("code", vi: "Mã hồ sơ", en: "Dossier", kind: .code),
        Column("first", vi: "Dòng đầu", en: "First line", kind: .integer),
        Column("line", vi: "Dòng lặp", en: "Repeated in line", kind: .integer),
        Column("same", vi: "Giống hệt", en: "Alike", kind: .flag),
      ],
      rows: result.file.duplicates.map { duplicate in
        let row = SoftwareFile.Row(
          code: duplicate.code, isForeign: DossierCode(duplicate.code)?.isForeign ?? true,
          line: duplicate.line)
        return [
          .text(SoftwareFile.printable(row) ?? "…"), .integer(Int(duplicate.first)),
          .integer(Int(duplicate.line)), .flag(duplicate.isSame),
        ]
      })
  }

  var unreadableTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("line", vi: "Dòng", en: "Line", kind: .integer),
        Column("column", vi: "Cột", en: "Column", kind: .code),
        Column("leftOut", vi: "Bỏ cả dòng", en: "Line left out", kind: .flag),
      ],
      rows: result.file.unreadable.map {
        [.integer(Int($0.line)), .text($0.column.rawValue), .flag($0.isWholeLine)]
      })
  }

  func statesTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("status", vi: "Mã", en: "Code", kind: .code),
        Column("name", vi: "Trạng thái phần mềm", en: "Software's state"),
        Column("places", vi: "Khớp khi hồ sơ", en: "Agrees with"),
      ],
      rows: NationalStatus.allCases.map { status in
        [
          .text("\(status.rawValue)"), .text(status.label[labels ?? .en]),
          .list(
            DossierPlace.allCases.filter { status.compatible.contains($0) }.map { place in
              labels.map { place.label[$0] } ?? place.rawValue
            }),
        ]
      })
  }
}
