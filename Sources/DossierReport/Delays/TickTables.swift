internal import DossierCore

/// Late ticks apart from late deliveries.
extension DelayReport {
  static func name(_ word: TickFigures.Case) -> BilingualText {
    switch word {
    case .tickedLate: BilingualText(vi: "Phát đúng hạn, tích trễ", en: "Delivered in time, ticked late")
    case .neverTicked: BilingualText(vi: "Đã phát, chưa tích", en: "Delivered, never ticked")
    case .bothLate: BilingualText(vi: "Phát trễ, tích trễ", en: "Delivered late, ticked late")
    case .deliveredLateOnly:
      BilingualText(vi: "Phát trễ, tích đúng hạn", en: "Delivered late, ticked in time")
    case .bothInTime: BilingualText(vi: "Phát và tích đúng hạn", en: "Delivered and ticked in time")
    case .tickedUndelivered: BilingualText(vi: "Đã tích, chưa thấy phát", en: "Ticked, no delivery recorded")
    case .neither: BilingualText(vi: "Chưa phát, chưa tích", en: "Neither delivered nor ticked")
    case .withoutDue: BilingualText(vi: "Không có hạn", en: "No due date")
    }
  }

  func tickSections(_ ticks: TickFigures, _ language: OutputLanguage) -> [ReportSection] {
    let counts = TabularDocument(
      columns: [
        Column("case", vi: "Trường hợp", en: "Case"),
        Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
      ],
      rows: TickFigures.Case.allCases.map {
        [.text(Self.name($0)[language]), .integer(ticks.counts[$0] ?? 0)]
      },
      total: [.text("total"), .integer(ticks.matched)])
    func number(_ count: Int, _ language: OutputLanguage) -> String {
      NumberText.human(count, language: language)
    }
    let corrected = ticks.lateByTick - (ticks.counts[.tickedLate] ?? 0)
    let text = [
      BilingualText(
        vi: "Phần mềm tính quá hạn \(number(ticks.lateByTick, .vi)) theo ngày trả; trong đó "
          + "\(number(ticks.counts[.tickedLate] ?? 0, .vi)) đã phát đúng hạn, chỉ tích trễ: còn "
          + "\(number(corrected, .vi)). Tính theo ngày kết thúc xử lý: \(number(ticks.lateByProcessing, .vi)).",
        en: "The software counts \(number(ticks.lateByTick, .en)) late by the day of return; "
          + "\(number(ticks.counts[.tickedLate] ?? 0, .en)) of them were delivered in time and only ticked late, which "
          + "leaves \(number(corrected, .en)). By the end of processing it counts "
          + "\(number(ticks.lateByProcessing, .en))."),
      BilingualText(
        vi: "Mục này lấy hạn trả theo tệp của phần mềm; không có thì lấy theo bảng kê như các mục trên.",
        en:
          "This section takes the due dates of the software's file; where it has none, the manifest's as above."
      ),
      BilingualText(
        vi: "Xử lý xong đúng hạn nhưng phát sau hạn: \(number(ticks.lateAfterProcessing, .vi)).",
        en: "Processed in time and delivered after the due date: \(number(ticks.lateAfterProcessing, .en))."),
      BilingualText(
        vi:
          "Có trong tệp mà không có ở đây (ngoài kỳ hoặc không qua bưu chính): \(number(ticks.unknownHere, .vi)); đã "
          + "phát ở đây mà không có trong tệp: \(number(ticks.missingThere, .vi)); dòng lặp mã: "
          + "\(number(ticks.repeated, .vi)); dòng không đọc được: \(number(ticks.unreadable, .vi)).",
        en:
          "In the file and not here (outside the period, or not sent by post): \(number(ticks.unknownHere, .en)); "
          + "delivered here and not in the file: \(number(ticks.missingThere, .en)); rows repeating a code: "
          + "\(number(ticks.repeated, .en)); rows that could not be read: \(number(ticks.unreadable, .en))."),
    ]
    let summary = ReportSection(
      id: "ticks",
      title: BilingualText(vi: "Tích trễ và phát trễ", en: "Late ticks and late deliveries"), text: text,
      table: totalled(counts, language))
    let lists = TickFigures.Case.allCases.filter(\.isListed).compactMap { word in
      listed("ticks-\(word.rawValue)", Self.name(word), tickTable(ticks, word), of: ticks.counts[word] ?? 0)
    }
    return [summary] + lists
  }

  private func tickTable(_ ticks: TickFigures, _ word: TickFigures.Case) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("dossier", vi: "Mã hồ sơ", en: "Dossier", kind: .code),
        Column("due", vi: "Hạn", en: "Due", kind: .date),
        Column("delivered", vi: "Đã phát", en: "Delivered", kind: .date),
        Column("ticked", vi: "Ngày tích", en: "Ticked", kind: .date),
        Column("processed", vi: "Kết thúc xử lý", en: "Processed", kind: .date),
      ],
      rows: ticks.rows.lazy.filter { $0.case == word }.prefix(figures.query.limit).map { row in
        [.text(row.code)]
          + [row.due, row.delivered, row.ticked, row.processed].map { Cell.text(orNone: $0?.text) }
      })
  }

  func json(_ ticks: TickFigures) -> JSONOutput {
    .object(
      TickFigures.Case.allCases.map { .init(key: $0.rawValue, value: .integer(ticks.counts[$0] ?? 0)) } + [
        .init(key: "matched", value: .integer(ticks.matched)),
        .init(key: "lateByTick", value: .integer(ticks.lateByTick)),
        .init(key: "lateByProcessing", value: .integer(ticks.lateByProcessing)),
        .init(key: "lateAfterProcessing", value: .integer(ticks.lateAfterProcessing)),
        .init(key: "unknownHere", value: .integer(ticks.unknownHere)),
        .init(key: "missingThere", value: .integer(ticks.missingThere)),
        .init(key: "repeated", value: .integer(ticks.repeated)),
        .init(key: "unreadable", value: .integer(ticks.unreadable)),
        .init(
          key: "rows",
          value: .array(
            ticks.rows.map { row in
              [
                "case": .string(row.case.rawValue), "dossier": .string(row.code),
                "due": .string(orNull: row.due?.text), "delivered": .string(orNull: row.delivered?.text),
                "ticked": .string(orNull: row.ticked?.text),
                "processed": .string(orNull: row.processed?.text),
              ]
            })),
      ])
  }
}
