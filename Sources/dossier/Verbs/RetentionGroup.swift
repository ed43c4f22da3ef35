internal import ArgumentParser
internal import DossierTracker

struct RetentionGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Thời hạn lưu giữ dữ liệu cá nhân · How long personal data are kept",
    discussion: """
      EXAMPLE
        dossier retention policy --output luu-giu.csv
        dossier retention list --policy luu-giu.csv --as-of 2036-01-31
        dossier retention apply --policy luu-giu.csv --as-of 2036-01-31 --by CB01 --witness CB02
      """,
    subcommands: [RetentionPolicyVerb.self, RetentionList.self, RetentionApply.self])
}

struct RetentionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The office's policy, CSV with field,after,months,basis; default the one that retention policy prints.",
      valueName: "file"), completion: .file(extensions: ["csv"]))
  var policy: String?

  @Option(help: ArgumentHelp("The day for which to ask; default today.", valueName: "date"))
  var asOf: CalendarDate?

  /// The rules, or wrong usage of the file: nothing is due by half a policy.
  func read(_ session: Session) throws -> RetentionPolicy {
    let bytes = try policy.map { try InputFile.read($0) } ?? Array(RetentionPolicy.standardText.utf8)
    let (rules, findings) = RetentionPolicy.read(bytes, name: policy ?? "retention policy")
    if let finding = findings.first { throw TrackerRefusal(finding) }
    if policy == nil {
      session.say(
        vi: "thời hạn mặc định chỉ là số tạm: đơn vị phải tự đặt (dossier retention policy, --policy)",
        en:
          "the default periods are provisional: the office must set its own (dossier retention policy, --policy)"
      )
    }
    return rules
  }

  func day(_ tracker: Tracker, _ session: Session) throws -> CalendarDate {
    guard let day = asOf ?? tracker.today else {
      throw ValidationError("--as-of is needed: the clock is wrong.")
    }
    session.say(vi: "tính đến \(day.text)", en: "as of \(day.text)")
    return day
  }
}

struct RetentionPolicyVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "In chính sách mẫu để sửa · Print the default policy, to be edited",
    discussion: """
      No law was found that states periods for these data: every office must set its own.

      EXAMPLE
        dossier retention policy --output luu-giu.csv
      """)

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    guard session.format != .table else {
      try session.output.write(RetentionPolicy.standardText)
      return .clean
    }
    let (policy, _) = RetentionPolicy.read(Array(RetentionPolicy.standardText.utf8), name: "")
    let columns = [
      Column("field", vi: "Trường", en: "Field", kind: .code),
      Column("after", vi: "Kết thúc", en: "After", kind: .code),
      Column("months", vi: "Tháng", en: "Months", kind: .integer),
      Column("basis", vi: "Căn cứ", en: "Basis", kind: .code),
    ]
    let cells: [[Cell]] = policy.rules.map {
      [.text($0.field.rawValue), .text($0.after.word), .integer($0.months), .text($0.basis.rawValue)]
    }
    try session.print(TabularDocument(columns: columns, rows: cells))
    return .clean
  }
}

struct RetentionList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Những gì đã hết hạn lưu giữ · What was kept long enough",
    discussion: """
      Items whose journey ended, counted from the last that was heard of them, and manifests that were closed. What \
      is erased already is left out. The same store and day give the same list.

      EXAMPLE
        dossier retention list --policy luu-giu.csv --as-of 2036-01-31
      """)

  @OptionGroup var retention: RetentionOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let policy = try retention.read(session)
    let tracker = try store.read()
    let day = try retention.day(tracker, session)
    let stream = RowStream(RetentionTable.columns, session)
    try tracker.retentionDue(policy, on: day) {
      if !session.output.isClosed { try stream.add(RetentionTable.row($0, labels: session.labels)) }
    }
    try stream.end()
    return .clean
  }
}

struct RetentionApply: Verb {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Xóa những gì đã hết hạn, hai người làm · Erase what was kept long enough, by two people",
    discussion: """
      In batches, each of which is whole or not at all; stopped at any moment it can be begun again. The file is \
      written anew once, in the end.

      EXAMPLE
        dossier retention apply --policy luu-giu.csv --as-of 2036-01-31 --by CB01 --witness CB02
      """)

  @Option(help: ArgumentHelp("Code of the person who orders it.", valueName: "id"))
  var by: String

  @Option(help: ArgumentHelp("Code of the other person, who carries it out.", valueName: "id"))
  var witness: String

  @OptionGroup var retention: RetentionOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let policy = try retention.read(session)
    let tracker = try store.write()
    let day = try retention.day(tracker, session)
    let progress = Progress()
    let stream = RowStream(ErasureTable.columns, session)
    var done = 0
    var originals = 0
    let applied = Result {
      try tracker.applyRetention(policy, on: day, by: by, witness: witness) { records in
        for record in records { try stream.add(ErasureTable.row(record, labels: session.labels)) }
        done += records.count
        originals += records.count(where: \.concernsDocument)
        progress.show("\(done)")
      }
    }
    progress.clear()
    let signing = Result { try tracker.checkpoint() }
    let findings = try applied.get()
    try stream.end()
    try session.output.flush()
    session.say(
      vi: "đã xóa theo \(done) bản ghi, trong đó \(originals) bản gốc của bảng kê",
      en: "erased by \(done) records, \(originals) of them originals of manifests")
    session.tell(findings)
    _ = try signing.get()
    return Outcome(clean: findings.isEmpty)
  }
}
