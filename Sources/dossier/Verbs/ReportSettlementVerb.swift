internal import ArgumentParser
internal import DossierTracker

struct ReportSettlement: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "settlement",
    abstract: "Biểu II.06 cho hồ sơ gửi qua bưu chính · Form II.06 of dossiers carried by the post",
    discussion: """
      Received, resolved and in progress by field, under both readings of "late": by end of processing and by return of \
      the result; a period is required (--period, or --from and --to). A period that was published is answered from the state of the log that it was published from, and its \
      hash is compared; --current shows it as known now, with what has changed since.

      EXAMPLE
        dossier report settlement --period 2026-Q1
        dossier report settlement --period 2026-Q1 --publish
        dossier report settlement --period 2026-Q1 --current --output quy-1.csv
      """)

  @OptionGroup var period: PeriodOptions

  @Option(
    help: ArgumentHelp("The form; default by the end of the period.", valueName: "form"),
    completion: .list(FormLayout.Edition.allCases.map(\.rawValue)))
  var layout: FormLayout.Edition?

  @Flag(help: "Publish the period: the log states the hash of its figures, and they no longer change.")
  var publish = false

  @Flag(help: "With --publish: correct a period that was published; both stay visible.")
  var replace = false

  @Flag(help: "A published period as known now, with the differences.")
  var current = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if period.first == nil || period.last == nil {
      throw ValidationError("A period is needed: --period 2026-Q1, or --from and --to.")
    }
    if replace && !publish { throw ValidationError("--replace goes with --publish.") }
    if publish && (current || report.asOf != nil || report.verify != nil) {
      throw ValidationError("--publish takes the log as it is: without --current, --as-of and --verify.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    guard let from = period.first, let through = period.last else { return .undecided }
    let tracker = try publish ? store.write() : store.read()
    if publish { return try publish(tracker, from, through, session) }
    let published = try tracker.publishedSettlement(from: from, through: through)
    if let published, current { return try compare(tracker, published, from, through, session) }
    if let published, report.asOf == nil { return try repeated(tracker, published, from, through, session) }
    let basis = try report.basis(tracker)
    let made = try tracker.settlement(at: basis, from: from, through: through, edition: layout)
    let outcome = try deliver(made, basis, session)
    if published == nil {
      session.say(vi: "Kỳ này chưa được công bố.", en: "This period has not been published.")
    }
    return outcome
  }

  /// What is known of publishing may be recorded after the state that the report speaks of, so it is said beside the
  /// report and never in it: made again at the same size, the report has the same bytes.
  private func deliver(
    _ made: SettlementReport, _ basis: ReportBasis, since: SettlementReport? = nil, _ session: Session
  ) throws -> Outcome {
    var note = made.note(at: basis)
    if since != nil { note.command += " --current" }
    return try deliver(
      made.document(
        language: session.style.language, heading: basis.heading, note: note, published: since), session)
  }

  private func say(_ words: BilingualText, _ session: Session) { session.say(vi: words.vi, en: words.en) }

  private func publish(
    _ tracker: Tracker, _ from: CalendarDate, _ through: CalendarDate, _ session: Session
  ) throws -> Outcome {
    let (published, made, basis) = try tracker.publishSettlement(
      from: from, through: through, edition: layout, replacing: replace)
    let signing = Result { try tracker.checkpointIfPermitted() }
    let outcome = try deliver(made, basis, session)
    try session.output.flush()
    _ = try signing.get()
    session.say(
      vi: "Đã công bố \(published.reference): SHA-256 \(published.hexadecimal).",
      en: "Published \(published.reference): SHA-256 \(published.hexadecimal).")
    return outcome
  }

  /// The published figures, computed again.
  private func repeated(
    _ tracker: Tracker, _ published: PublishedReport, _ from: CalendarDate, _ through: CalendarDate,
    _ session: Session
  ) throws -> Outcome {
    let basis = try tracker.basis(asOf: .size(published.seen.size))
    let made = try tracker.settlement(
      at: basis, from: from, through: through, edition: layout ?? published.edition)
    guard made.layout.edition == published.edition else {
      let words = published.edition?.rawValue ?? "-"
      let remark = BilingualText(
        vi:
          "Kỳ này đã công bố theo biểu \(words); đây là cùng trạng thái nhật ký theo biểu khác, không so mã băm.",
        en:
          "This period was published in form \(words); this is the same state of the log in another form, and no hash "
          + "is compared.")
      let outcome = try deliver(made, basis, session)
      say(remark, session)
      return outcome
    }
    let digest = try made.digest(at: basis)
    let agrees = digest == published.document
    let outcome = try deliver(made, basis, session)
    try session.output.flush()
    say(Self.words(published, agrees: agrees), session)
    if agrees { return outcome }
    session.tell([
      Finding(
        .publishedDiffers, path: published.reference, events: [published.event],
        expected: published.document.base64, found: digest.base64)
    ])
    return .problems
  }

  private func compare(
    _ tracker: Tracker, _ published: PublishedReport, _ from: CalendarDate, _ through: CalendarDate,
    _ session: Session
  ) throws -> Outcome {
    let then = try tracker.basis(asOf: .size(published.seen.size))
    let edition = layout ?? published.edition
    let before = try tracker.settlement(at: then, from: from, through: through, edition: edition)
    let basis = try report.basis(tracker)
    let made = try tracker.settlement(at: basis, from: from, through: through, edition: edition)
    let outcome = try deliver(made, basis, since: before, session)
    say(Self.words(published, agrees: nil), session)
    return outcome
  }

  private static func words(_ published: PublishedReport, agrees: Bool?) -> BilingualText {
    let day = published.day?.text ?? ""
    let size = published.seen.size
    let (vi, en) =
      switch agrees {
      case true?: ("mã băm khớp", "hash agrees")
      case false?: ("MÃ BĂM KHÔNG KHỚP", "HASH DOES NOT AGREE")
      case nil:
        (
          "đây là số liệu hiện biết, không phải bản công bố",
          "these are figures as known now, not those published"
        )
      }
    return BilingualText(
      vi: "Đã công bố ngày \(day) trên \(size) mục của nhật ký (\(published.event)); \(vi).",
      en: "Published on \(day) at size \(size) of the log (\(published.event)); \(en).")
  }
}

struct ReportPublished: Verb {
  static let configuration = CommandConfiguration(
    commandName: "published",
    abstract: "Các kỳ báo cáo đã công bố · Periods that were published",
    discussion: """
      EXAMPLE
        dossier report published
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let reports = try store.read().publishedReports()
    try session.print(
      TabularDocument(
        columns: [
          Column("reference", vi: "Báo cáo", en: "Report", kind: .code),
          Column("published", vi: "Ngày công bố", en: "Published", kind: .date),
          Column("size", vi: "Trên số mục", en: "At size", kind: .integer),
          Column("sha256", vi: "SHA-256", en: "SHA-256", kind: .code),
          Column("event", vi: "Sự kiện", en: "Event", kind: .code),
          Column("replaced", vi: "Đã thay thế", en: "Replaced", kind: .flag),
        ],
        rows: reports.map { report in
          [
            .text(report.reference), .text(report.day?.text ?? ""), .integer(Int(report.seen.size)),
            .text(report.hexadecimal), .text(report.event), .flag(report.isReplaced),
          ]
        }))
    return .clean
  }
}
