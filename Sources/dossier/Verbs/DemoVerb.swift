internal import ArgumentParser
internal import DossierTracker

struct DemoVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Một tháng của tỉnh mẫu, từ đầu đến báo cáo · A month of a demo province, from start to report",
    discussion: """
      Creates a store, imports offices, manifests and events, plays two receiving sessions with incidents, \
      shows what is refused, audits and reports.

      EXAMPLE
        dossier demo
        dossier demo --data thu --samples SampleData
        dossier demo --data thu --serve
      """)

  @Option(
    help: ArgumentHelp(
      "Folder of the sample data; default SampleData here or beside the program.", valueName: "dir"),
    completion: .directory)
  var samples: String?

  @Flag(help: "Then open the station on the store, with an account of every role.")
  var serve = false

  @Option(help: "Port of the station; 0 for any that is free.")
  var port = 8080

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let samples = try SampleFolder.find(samples)
    var story = try DemoStory(session, samples: samples, data: store.path)
    try story.tell()
    if serve { try DemoStation(session: session, data: store.path, port: port).open() }
    return Outcome(clean: story.wentAsTold)
  }
}

/// The demo's chapters in their order. What is said goes to standard error, results to standard output.
struct DemoStory {
  private let session: Session
  private let samples: SampleFolder
  private let tracker: Tracker
  private let importing: Importing
  private var chapter = 0
  private var imports: [ImportReport] = []
  private var receivings: [JSONOutput] = []
  /// Whether everything that should be recorded was, and nothing else.
  private(set) var wentAsTold = true

  init(_ session: Session, samples: SampleFolder, data: String) throws {
    self.session = session
    self.samples = samples
    importing = Importing(session)
    let (offices, findings) = OfficesFile.read(try InputFile.read(samples.offices), name: samples.offices)
    guard let keeper = offices.first(where: { $0.code == "H48.25" }) ?? offices.first else {
      throw TrackerRefusal(findings.first ?? Finding(.officesForm, file: samples.offices))
    }
    tracker = try Tracker.create(at: data, office: keeper, environment: Self.monthEnd)
    narrate(
      vi: "Tạo kho dữ liệu \(data) của \(keeper.code), khóa ký và điểm chốt đầu tiên.",
      en: "A store in \(data) for \(keeper.code), with a signing key and a first checkpoint.")
    let changed = try tracker.record(offices: offices)
    narrate(vi: "Nhập danh mục: \(changed) đơn vị.", en: "Master data: \(changed) offices.")
  }

  /// The story is of January 2026, so its clock starts at the beginning of February: ages in reports are then those that a
  /// report officer would have met, not the years since.
  private static var monthEnd: Tracker.Environment {
    let start: Int64 = 1_769_994_000_000  // 2026-02-02T08:00:00+07:00
    let began = Tracker.Environment.systemClock()
    return Tracker.Environment(now: { start + max(0, Tracker.Environment.systemClock() - began) })
  }

  private mutating func narrate(vi: String, en: String) {
    chapter += 1
    session.say(vi: "\n\(chapter). \(vi)", en: "\n\(chapter). \(en)")
  }

  mutating func tell() throws {
    narrate(
      vi: "Nhập bảng kê: mỗi bưu gửi được mở chuỗi giao nhận.",
      en: "Manifests: every item's chain of custody begins.")
    try take(try samples.manifests()) { $0 == .recorded }
    narrate(
      vi: "Nhập luồng sự kiện của hệ thống định vị bưu gửi.", en: "Event feeds of the postal tracking system."
    )
    try take(try samples.feeds()) { $0 == .recorded }
    for scans in try samples.scans() { try receive(scans) }
    narrate(
      vi: "Những tài liệu phải bị từ chối: mọi lỗi được chỉ ra, không gì được ghi.",
      en: "Documents that must be refused: every error is shown, nothing is recorded.")
    try take(try samples.rejected()) { $0 == .rejected || $0 == .conflict }
    narrate(
      vi: "Máy của bưu tá mất sóng gửi sự kiện muộn: trạng thái cuối không phụ thuộc thứ tự đến.",
      en: "A postman's device sends late: the final state does not depend on the order of arrival.")
    try take(try samples.lateFeeds()) { $0 == .recorded }
    try tracker.checkpoint()
    try conclude()
  }

  private mutating func take(_ paths: [String], expecting: (DocumentOutcome.Status) -> Bool) throws {
    if paths.isEmpty { return }
    let report = try importing.run(tracker, paths)
    imports.append(report)
    if !report.documents.allSatisfy({ expecting($0.outcome.status) }) { wentAsTold = false }
    if session.format == .table { try Importing.print(report, session) }
  }

  private mutating func receive(_ path: String) throws {
    let manifest = SampleFolder.name(path, without: ".txt")
    narrate(
      vi: "Phiên quét nhận \(manifest), rồi chốt với hai người ký.",
      en: "A receiving session for \(manifest), closed and signed by two.")
    let receiving = try Receiving(tracker, manifest: manifest, by: "GDV01", session)
    try receiving.scan(InputFile(path))
    let result = try receiving.close(witness: "GDV02")
    if !result.closedNow { wentAsTold = false }
    let log = try tracker.head()
    receivings.append(result.json(events: receiving.receipts, log: log, session.language))
    if session.format == .table { try receiving.print(result, log: log) }
  }

  private mutating func conclude() throws {
    narrate(
      vi: "Kiểm tra toàn bộ: đọc lại, băm lại, theo từng bưu gửi.",
      en: "The audit: everything read again, hashed again, followed item by item.")
    let audit = try tracker.audit()
    if audit.verdict == .contradiction || audit.verdict == .unchecked { wentAsTold = false }
    if session.format == .table {
      try session.output.write(Talk.safe(AuditText.text(audit, session)))
      try session.output.flush()
    }

    narrate(
      vi: "Báo cáo thất lạc và hư hỏng, theo chiều và theo đơn vị.",
      en: "The report of loss and damage, by leg and by office.")
    let byLeg = try tracker.losses(by: [.leg])
    let byOffice = try tracker.losses(by: [.office])
    if session.format == .table {
      for report in [byLeg, byOffice] {
        try session.output.write(report.render(.table, style: session.style) + "\n")
      }
    }
    let both = try tracker.losses(by: [.leg, .office])
    try writeReports()
    switch session.format {
    case .json, .ndjson:
      try session.print([
        "imports": .array(imports.map { $0.json(session.language) }), "receiving": .array(receivings),
        "audit": audit.json(session.language), "losses": both.json,
      ])
    case .csv, .tsv: try session.output.write(both.render(session.format))
    case .table: break
    }
    try session.output.flush()
    sayWhatNext()
  }

  /// The month's reports as an office hands them in. A machine that cannot print pages still gets the others.
  private func writeReports() throws {
    let folder = tracker.path + "/reports"
    try ResultOutput.makeFolder(folder)
    let basis = try tracker.basis()
    let losses = try tracker.losses(LossRequest(unit: .dossier, by: [.leg, .office]), at: basis).document
    var reports = [("losses", losses)]
    if let first = CalendarDate(year: 2026, month: 1, day: 1),
      let last = CalendarDate(year: 2026, month: 1, day: 31)
    {
      let settlement = try tracker.settlement(at: basis, from: first, through: last)
      reports.append(
        (
          "settlement",
          settlement.document(
            language: session.style.language, heading: basis.heading, note: settlement.note(at: basis))
        ))
    }
    for (name, report) in reports {
      for format in [ReportFormat.csv, .json, .xlsx, .html, .pdf] {
        let file = ResultOutput(file: "\(folder)/\(name).\(format.rawValue)")
        do {
          try file.write(
            bytes: try report.render(format, style: TableStyle(language: session.style.language)))
          try file.finish()
        } catch let refusal as RenderingRefusal {
          file.abandon()
          session.tell([refusal.finding])
        } catch {
          file.abandon()
          throw error
        }
      }
    }
  }

  private func sayWhatNext() {
    let data = tracker.path
    session.say(
      vi: """

        Báo cáo nằm ở \(data)/reports: mở losses.pdf, settlement.xlsx. Thử tiếp:
          dossier show EM473653477VN --data \(data)
          dossier list items --state missing --data \(data)
          dossier list findings --data \(data)
          dossier report losses --why total.lost --data \(data)
          dossier report delays --output tre-han.pdf --data \(data)
          dossier log checkpoint --data \(data) --output diem-chot.txt
          dossier explain D-2103
        """,
      en: """

        The reports are in \(data)/reports: open losses.pdf, settlement.xlsx. Try next:
          dossier show EM473653477VN --data \(data)
          dossier list items --state missing --data \(data)
          dossier list findings --data \(data)
          dossier report losses --why total.lost --data \(data)
          dossier report delays --output delays.pdf --data \(data)
          dossier log checkpoint --data \(data) --output checkpoint.txt
          dossier explain D-2103
        """)
  }
}
