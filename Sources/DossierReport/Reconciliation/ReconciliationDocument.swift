public import DossierCore

/// A reconciliation with its names, ready to be printed.
public struct ReconciliationReport: Sendable {
  let result: Reconciliation
  let names: ReportNames
  private let digest: String
  private let words: [Int32: String]
  let groups: [(field: String, sides: Reconciliation.Sides)]

  /// - Parameters:
  ///   - texts: what the tally's ``ReconciliationTally/terms`` and the result's ``Reconciliation/items`` mean.
  ///   - digest: SHA-256 of the file, in hexadecimal digits.
  /// - Throws: an accident of the store, or ``CustodyReportRefusal`` when sums do not close.
  public init(
    _ result: Reconciliation, terms: Set<Int32>, texts: some JourneyTexts, digest: String
  ) throws {
    self.result = result
    self.digest = digest
    names = try ReportNames(texts, terms: terms, items: result.items)
    words = try texts.texts(ofTerms: terms.filter { $0 != 0 })
    // A field that custody names by a term and the file by the same text is one field.
    var byName: [String: Reconciliation.Sides] = [:]
    for (field, sides) in result.byField {
      byName[Self.name(field, words, result.file), default: Reconciliation.Sides()] += sides
    }
    groups = byName.map { ($0, $1) }.sorted { ReportValue.precedes($0.field, $1.field) }
    try check()
  }

  private static func name(
    _ field: Reconciliation.Field, _ words: [Int32: String], _ file: SoftwareFile
  ) -> String {
    switch field {
    case .term(let term): words[term] ?? "-"
    case .text(let position):
      position > 0 && file.fields.indices.contains(Int(position)) ? file.fields[Int(position)] : "-"
    }
  }

  private func check() throws(CustodyReportRefusal) {
    func sum(_ sides: some Sequence<Reconciliation.Sides>) -> Reconciliation.Sides {
      sides.reduce(into: Reconciliation.Sides()) { $0 += $1 }
    }
    guard sum(result.byUnit.values) == result.total, sum(groups.map(\.sides)) == result.total else {
      throw .doesNotClose("differences by unit and by field")
    }
    let onlySoftware = result.differences[.onlyInSoftware]?.count ?? 0
    let onlyCustody = result.differences[.onlyInCustody]?.count ?? 0
    guard result.total.custody.received == result.matched + onlyCustody,
      result.total.software.received == result.matched + onlySoftware,
      result.file.rows.count == result.matched + onlySoftware + result.notByPost + result.outside
    else { throw .doesNotClose("rows \(result.file.rows.count), matched \(result.matched)") }
  }

  /// Whether the two sides differ in anything.
  public var hasDifferences: Bool { result.hasDifferences }

  /// - Parameters:
  ///   - language: of words in cells; headers and sentences have both.
  ///   - limit: so many lines of each list are printed in tables for people; nil for all. The flat table and the JSON
  ///     have every line.
  ///   - note: state of the log and command; definitions are added to it.
  public func document(
    language: OutputLanguage, limit: Int?, heading: ReportHeading? = nil, note: ReportNote
  ) -> ReportDocument {
    var note = note
    note.lines += definitions
    return ReportDocument(
      kind: "reconciliation",
      title: BilingualText(
        vi: "Đối soát phần mềm một cửa với sổ giao nhận", en: "One-stop software against custody"),
      heading: heading, lead: lead, sections: sections(WorkTables(language: language, limit: limit)),
      note: note,
      flat: flat, json: json, isLandscape: true)
  }

  private var lead: [BilingualText] {
    var lead: [BilingualText] = []
    if result.scope.from != nil || result.scope.through != nil {
      let (first, last) = (result.scope.from?.text ?? "…", result.scope.through?.text ?? "…")
      lead.append(
        BilingualText(
          vi:
            "Ngày tiếp nhận: \(HumanDate.text(first, language: .vi)) – \(HumanDate.text(last, language: .vi))",
          en: "Received: \(first) to \(last)"))
    }
    let units =
      result.scope.office
      ?? result.byUnit.keys.sorted(by: ReportValue.precedes).prefix(8)
      .joined(separator: ", ")
    let more = result.scope.office == nil && result.byUnit.count > 8 ? ", …" : ""
    lead.append(
      BilingualText(
        vi: "Đơn vị trong mã hồ sơ: \(units)\(more)", en: "Units of dossier codes: \(units)\(more)"))
    return lead
  }

  // MARK: Sections

  private func sections(_ tables: WorkTables) -> [ReportSection] {
    let labels = tables.language
    var sections = [
      ReportSection(
        id: "summary", title: BilingualText(vi: "Tóm tắt", en: "Summary"), table: summaryTable(labels))
    ]
    for kind in Reconciliation.Kind.allCases {
      guard let lines = result.differences[kind], !lines.isEmpty else { continue }
      let title = Self.label(kind)
      sections += tables.section(
        Self.anchor(kind), vi: title.vi, en: title.en, text: [Self.task(kind)], linesTable(lines, labels))
    }
    let signed = BilingualText(
      vi: "Chênh lệch = sổ giao nhận − phần mềm, giữ dấu: dương là phần mềm thiếu, âm là phần mềm thừa.",
      en:
        "Difference = custody − software, with its sign: positive where the software lacks, negative where it has more."
    )
    sections.append(
      ReportSection(
        id: "by-unit", title: BilingualText(vi: "Chênh lệch theo đơn vị", en: "Signed differences by unit"),
        text: [signed], table: tables.totalled(unitsTable)))
    let fields = tables.capped(fieldsTable)
    sections.append(
      ReportSection(
        id: "by-field",
        title: BilingualText(vi: "Chênh lệch theo lĩnh vực", en: "Signed differences by field"),
        text: fields.remark, table: fields.table))
    sections += tables.section(
      "duplicates", vi: "Mã hồ sơ lặp lại trong tệp", en: "Codes that occur twice in the file",
      text: [
        BilingualText(
          vi: "Chỉ dòng đầu được đối soát; hai dòng khác nhau thì phải sửa trên phần mềm.",
          en: "Only the first line is compared; where the lines differ, the software has to be put right.")
      ], duplicatesTable)
    sections += tables.section(
      "unreadable", vi: "Dòng và ô không đọc được", en: "Lines and cells that cannot be read",
      text: [
        BilingualText(
          vi: "Nội dung ô không in lại ở đây; xem theo số dòng trong tệp.",
          en: "What stands in them is not printed here; look it up by its line in the file.")
      ], unreadableTable)
    sections.append(
      ReportSection(
        id: "states",
        title: BilingualText(
          vi: "Trạng thái nào khớp với nơi nào", en: "Which state agrees with which place"),
        table: statesTable(labels)))
    return sections
  }

  static func anchor(_ kind: Reconciliation.Kind) -> String {
    switch kind {
    case .deliveredNotTicked: "delivered-not-ticked"
    case .tickedNotDelivered: "ticked-not-delivered"
    case .tickedLate: "ticked-late"
    case .statusDiffers: "status-differs"
    case .onlyInSoftware: "only-in-software"
    case .onlyInCustody: "only-in-custody"
    }
  }

  static func label(_ kind: Reconciliation.Kind) -> BilingualText {
    switch kind {
    case .deliveredNotTicked: BilingualText(vi: "Đã phát cho dân, chưa tích trả", en: "Delivered, not ticked")
    case .tickedNotDelivered: BilingualText(vi: "Đã tích trả, chưa phát", en: "Ticked, not delivered")
    case .tickedLate: BilingualText(vi: "Phát đúng hạn, tích trả muộn", en: "Delivered on time, ticked late")
    case .statusDiffers: BilingualText(vi: "Trạng thái không khớp", en: "Different status")
    case .onlyInSoftware: BilingualText(vi: "Chỉ có trên phần mềm", en: "Only in the software")
    case .onlyInCustody: BilingualText(vi: "Chỉ có trong sổ giao nhận", en: "Only in custody")
    }
  }

  /// What to do about it.
  static func task(_ kind: Reconciliation.Kind) -> BilingualText {
    switch kind {
    case .deliveredNotTicked:
      BilingualText(
        vi: "Tích trả kết quả trên phần mềm, với ngày phát ghi ở đây.",
        en: "Tick the return in the software, with the day of delivery given here.")
    case .tickedNotDelivered:
      BilingualText(
        vi: "Kết quả chưa đến tay dân: bỏ tích, hoặc tìm bưu gửi và ghi sự kiện phát còn thiếu.",
        en:
          "The citizen does not have it: take the tick back, or find the item and record the delivery that is lacking."
      )
    case .tickedLate:
      BilingualText(
        vi: "Phần mềm tính quá hạn oan: đề nghị sửa ngày trả theo ngày phát, kèm bằng chứng của bưu gửi.",
        en:
          "The software counts it overdue wrongly: have its day corrected to that of delivery, with the item's evidence."
      )
    case .statusDiffers:
      BilingualText(
        vi: "Xem giấy tờ đang ở đâu, rồi sửa bên sai.",
        en: "Look where the papers are, and put the wrong side right.")
    case .onlyInSoftware:
      BilingualText(
        vi: "Phần mềm ghi qua bưu chính nhưng không bảng kê nào có: hỏi bưu cục, nhập bảng kê còn thiếu.",
        en:
          "The software says by post, but no manifest has it: ask the post office, import the manifest that is lacking."
      )
    case .onlyInCustody:
      BilingualText(
        vi: "Giấy tờ đã đi qua bưu chính mà phần mềm không có: tiếp nhận trên phần mềm, hoặc sửa mã hồ sơ.",
        en:
          "Papers were carried that the software does not have: accept them there, or correct the dossier code."
      )
    }
  }

  // MARK: For machines

  private var json: [JSONOutput.Member] {
    let counts = summaryTable(nil).rows.compactMap { row -> JSONOutput.Member? in
      guard case .text(let key) = row[0], case .integer(let count) = row[1] else { return nil }
      return .init(key: key, value: .integer(count))
    }
    return [
      .init(key: "file", value: ["sha256": .string(digest)]),
      .init(
        key: "scope",
        value: [
          "from": .string(orNull: result.scope.from?.text), "to": .string(orNull: result.scope.through?.text),
          "office": .string(orNull: result.scope.office),
        ]),
      .init(
        key: "columns",
        value: .array(
          SoftwareColumn.allCases.filter { result.file.columns.contains($0) }.map { .string($0.rawValue) })),
      .init(key: "counts", value: .object(counts)),
      .init(
        key: "differences",
        value: .object(
          Reconciliation.Kind.allCases.map { kind in
            .init(key: kind.rawValue, value: linesTable(result.differences[kind] ?? [], nil).jsonRows)
          })),
      .init(key: "units", value: unitsTable.jsonRows), .init(key: "fields", value: fieldsTable.jsonRows),
      .init(key: "total", value: unitsTable.jsonTotal),
      .init(key: "duplicates", value: duplicatesTable.jsonRows),
      .init(key: "unreadable", value: unreadableTable.jsonRows),
    ]
  }

  /// Every line that somebody can work off.
  private var flat: TabularDocument {
    let columns =
      [Column("difference", vi: "Sai lệch", en: "Difference", kind: .code)] + Self.lineColumns + [
        Column("unit", vi: "Đơn vị", en: "Unit", kind: .code)
      ]
    var rows: [[Cell]] = []
    for kind in Reconciliation.Kind.allCases {
      for line in result.differences[kind] ?? [] {
        rows.append([.text(kind.rawValue)] + cells(line, nil) + [.text(line.unit)])
      }
    }
    for row in duplicatesTable.rows { rows.append([.text("duplicate"), row[0], row[2]]) }
    for row in unreadableTable.rows { rows.append([.text("unreadable"), row[1], row[0]]) }
    return TabularDocument(columns: columns, rows: rows)
  }

  private var definitions: [BilingualText] {
    let columns = SoftwareColumn.allCases.filter { result.file.columns.contains($0) }.map(\.rawValue)
      .joined(separator: ", ")
    return [
      BilingualText(vi: "SHA-256 của tệp: \(digest)", en: "SHA-256 of the file: \(digest)"),
      BilingualText(
        vi: "Cột đã đọc: \(columns). Các cột khác, trong đó có họ tên, điện thoại, địa chỉ, không đọc đến.",
        en: "Columns read: \(columns). Others, names, telephones and addresses among them, are not looked at."
      ),
      BilingualText(
        vi: "Hạn trả lấy theo tệp, không dời khi rơi vào ngày nghỉ; không có thì lấy theo bảng kê.",
        en: "Due dates are the file's, not moved off days off; where it has none, the manifest's."),
      BilingualText(
        vi: "Mã hồ sơ cũ (000.17.22.H56) được đổi về dạng mới (H56.22.17) trước khi so.",
        en:
          "Codes of the former form (000.17.22.H56) are brought to the present one (H56.22.17) before they are compared."
      ),
      BilingualText(
        vi:
          "Không qua bưu chính: phần mềm ghi nộp và trả đều không qua bưu chính; tệp không có hai cột đó thì mọi hồ sơ "
          + "đều được đối soát.",
        en:
          "Not by post: filed and returned otherwise, as the software says; a file without these columns is compared "
          + "whole."),
      BilingualText(
        vi:
          "Đã trả, quá hạn chỉ đếm kết quả đi bưu chính. Sổ giao nhận tính theo lúc phát; chưa phát thì theo lúc ghi "
          + "sự kiện mới nhất. Hẹn theo ngày thì hết ngày mới quá hạn.",
        en:
          "Returned and overdue count results in the post only. Custody goes by the delivery, and of what is not "
          + "delivered by the recording of the newest event. A term without a time of day ends with its day."),
    ]
  }
}
