internal import ArgumentParser
internal import DossierTracker

struct DoctorVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Khám máy và kho dữ liệu trước khi dùng · Check the machine and the store",
    discussion: """
      Libraries, clock, free space, the store's permissions, its key and checkpoint. Exit code 1 when something \
      needs a look. Where no store was asked for, having none is no fault.

      EXAMPLE
        dossier doctor --data thu
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  private static let columns = [
    Column("check", vi: "Mục", en: "Check", kind: .code),
    Column("status", vi: "Kết quả", en: "Status", kind: .code),
    Column("value", vi: "Hiện có", en: "Found", kind: .code),
    Column("code", vi: "Mã", en: "Code", kind: .code),
    Column("hint", vi: "Nên làm", en: "What to do"),
  ]

  func perform(_ session: Session) throws -> Outcome {
    let checks = Health.examine(store.path).map { check in
      guard check.finding?.code == .storeAbsent, !store.isChosen else { return check }
      var harmless = check
      harmless.finding?.severity = .info
      return harmless
    }
    var rows = checks.map { Self.row($0, session.language) }
    rows.append([
      .text("language"), .text("ok"),
      .text("\(session.language.rawValue) (\(Surroundings.locale ?? "–"))"), .none, .none,
    ])
    try session.print(TabularDocument(columns: Self.columns, rows: rows))
    try session.output.flush()
    let findings = checks.compactMap(\.finding)
    if session.format == .table {
      for finding in findings { Talk.line(FindingText.lines(finding, session.language)) }
    }
    return Outcome(clean: findings.allSatisfy { $0.severity == .info })
  }

  private static func row(_ check: HealthCheck, _ language: Language) -> [Cell] {
    [
      .text(check.subject.rawValue), .text(check.finding?.severity.rawValue ?? "ok"), .text(check.value),
      .text(orNone: check.finding?.code.rawValue), .text(orNone: check.finding?.hint(language)),
    ]
  }
}
