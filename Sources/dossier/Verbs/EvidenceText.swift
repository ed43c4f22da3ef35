internal import DossierTracker

/// A verdict for people: what it is, what was proven and what was not, and what the evidence tells.
struct EvidenceText {
  private let report: EvidenceReport
  private let session: Session

  init(_ report: EvidenceReport, _ session: Session) {
    self.report = report
    self.session = session
  }

  private func say(_ vi: String, _ en: String) -> String { session.text(vi: vi, en: en) }

  func print() throws {
    try write(verdict)
    switch report.subject {
    case .bundle(let summary?): try print(summary)
    case .log(let summary?): try print(summary)
    case .fork(let verdict): try write([verdict.first, verdict.second].compactMap(\.self).map(Self.line))
    case .bundle(nil), .log(nil): break
    }
  }

  private func write(_ lines: [String]) throws {
    try session.output.write(Talk.safe(lines.joined(separator: "\n") + "\n"))
  }

  private var isProven: Bool { report.outcome == .proven }

  // MARK: Verdict

  private var verdict: [String] {
    let word =
      switch report.outcome {
      case .proven: say("ĐẠT", "PROVEN")
      case .refuted: say("PHÁT HIỆN SAI LỆCH", "REFUTED")
      case .undecided: say("CHƯA ĐỦ CHỨNG CỨ", "UNDECIDED")
      }
    var lines = [word + (report.reason.map { ": \($0)" } ?? "")]
    if let sentence = report.sentence(session.language) { lines.append(sentence) }
    guard case .refuted(let problem) = report.outcome else {
      if report.outcome == .undecided(.noKey) {
        lines.append(
          say(
            "Nêu khóa công khai của nhật ký bằng --key, nhận từ nơi tin cậy.",
            "Name the log's public key with --key, taken from where you trust it."))
      }
      return lines
    }
    if let place = report.place { lines.append(say("Chỗ phát hiện: ", "Where: ") + place) }
    if let detail = problem.detail { lines.append("  " + detail) }
    if let expected = problem.expected, let found = problem.found {
      lines.append(say("  phải là \(expected)", "  expected \(expected)"))
      lines.append(say("  gặp     \(found)", "  found    \(found)"))
    }
    return lines
  }

  private static func line(_ checkpoint: Checkpoint) -> String {
    "  \(checkpoint.size)  \(checkpoint.root.base64)"
  }

  private func witnesses(_ cosignatures: [TrustPolicy.VerifiedCosignature]) -> [String] {
    cosignatures.map { cosignature in
      let time = EvidenceTime.text(seconds: cosignature.time) ?? "\(cosignature.time)"
      return say(
        "Bên làm chứng \(cosignature.witness) đã ký lúc \(time).",
        "Witness \(cosignature.witness) cosigned at \(time).")
    }
  }

  private func unproven(asksForWitnesses: Bool, from index: UInt64) -> [String] {
    var lines: [String] = []
    if !asksForWitnesses {
      lines.append(
        say(
          "Không hỏi bên làm chứng nào: chỉ chắc rằng khớp với điều người giữ nhật ký đã ký.",
          "No witness was asked: consistent with what the log's keeper signed."))
    }
    lines.append(
      say(
        "Việc quét có đúng sự thật không, và điều gì xảy ra mà không ai quét.",
        "That a scan was true, and that everything that happened was scanned."))
    lines.append(say("Mọi sự kiện từ số \(index) trở đi.", "Any event from index \(index) on."))
    return lines
  }

  private func write(proven: [String], unproven: [String]) throws {
    try write(
      ["", say("Đã chứng minh:", "Proven:")] + proven.map { "  " + $0 }
        + ["", say("Không chứng minh:", "Not proven:")] + unproven.map { "  " + $0 })
  }

  // MARK: A published log

  private func print(_ log: PublishedLogSummary) throws {
    let checkpoint = log.checkpoint
    try write(["", checkpoint.origin, Self.line(checkpoint)])
    if isProven {
      var proven = [
        say("Chữ ký của nhật ký trên điểm chốt đúng.", "The checkpoint is signed with the log's key."),
        say(
          "Đã băm lại cả \(log.entries) sự kiện; gốc và mọi tệp băm đều khớp.",
          "All \(log.entries) entries were hashed again; root and all tiles agree."),
        say(
          "Chuỗi sự kiện của cả \(log.items) mã bưu gửi liền mạch; \(log.maps) gốc mục lục đều khớp.",
          "The events of all \(log.items) item numbers follow without a gap; \(log.maps) map roots agree."),
      ]
      if !log.earlier.isEmpty {
        let sizes = log.earlier.map { "\($0)" }.joined(separator: ", ")
        proven.append(
          say("Nối tiếp các điểm chốt trước: \(sizes).", "It extends the earlier checkpoints: \(sizes)."))
      }
      try write(
        proven: proven + witnesses(log.cosignatures),
        unproven: unproven(asksForWitnesses: log.asksForWitnesses, from: checkpoint.size))
    }
    var notes: [String] = []
    if log.unknownSignatures > 0 {
      notes.append(
        say(
          "\(log.unknownSignatures) chữ ký của khóa chưa biết không được xét.",
          "\(log.unknownSignatures) signatures of unknown keys were not judged."))
    }
    if log.unneededCount > 0 {
      notes.append(
        say(
          "\(log.unneededCount) tệp không cần cho kết luận này nên không được xét:",
          "\(log.unneededCount) files are not needed for this verdict and were not judged:"))
      notes += log.unneeded.map { "  " + $0 }
    }
    if !notes.isEmpty { try write([""] + notes) }
  }

  // MARK: A proof of custody

  private func print(_ bundle: BundleSummary) throws {
    if isProven {
      let time =
        OffsetDateTime(
          milliseconds: bundle.mapRecordedAt, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text ?? "–"
      var proven = [
        say(
          "Điểm chốt \(bundle.checkpoint.head.size) của \(bundle.origin): đúng chữ ký của nhật ký.",
          "Checkpoint \(bundle.checkpoint.head.size) of \(bundle.origin): signed with the log's key.")
      ]
      for item in bundle.items {
        proven.append(
          item.count == 0
            ? say("\(item.number): không có sự kiện nào.", "\(item.number): there is no event.")
            : say(
              "\(item.number): đủ \(item.count) sự kiện dưới đây, không thiếu, không thêm, không sửa.",
              "\(item.number): the \(item.count) events below are all of them, unaltered."))
      }
      proven.append(
        say(
          "Đủ tính đến số \(bundle.mapIndex), ghi lúc \(time), trong nhật ký \(bundle.checkpoint.head.size) sự kiện.",
          "Complete as of index \(bundle.mapIndex), recorded at \(time), in a log of \(bundle.checkpoint.head.size) events."
        ))
      try write(
        proven: proven + witnesses(bundle.checkpoint.cosignatures),
        unproven: unproven(asksForWitnesses: bundle.asksForWitnesses, from: bundle.mapIndex))
    }
    if case .refuted = report.outcome { return }
    try write([""])
    try session.print(
      TabularDocument(
        columns: Self.timeline,
        rows: bundle.events.map(row) + bundle.statements.map(row)))
    let revealed =
      bundle.events.map { ($0.index, $0.revealed) } + bundle.statements.map { ($0.index, $0.revealed) }
    let fields = revealed.flatMap { index, fields in
      fields.map { "  \(index)  \($0.field): \(String(decoding: $0.json, as: UTF8.self))" }
    }
    if !fields.isEmpty {
      try write(["", say("Các trường được tiết lộ:", "Revealed fields:")] + fields)
    }
  }

  private static let timeline = [
    Column("index", vi: "Số", en: "Index", kind: .integer),
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
    Column("kind", vi: "Việc", en: "Kind", kind: .code),
    Column("grade", vi: "Mức chứng", en: "Grade", kind: .code),
    Column("at", vi: "Khai lúc", en: "Stated time", kind: .time),
    Column("office", vi: "Đơn vị", en: "Office", kind: .code),
    Column("to", vi: "Giao cho", en: "To", kind: .code),
    Column("notBefore", vi: "Không trước", en: "Not before", kind: .code),
    Column("notAfter", vi: "Không sau", en: "Not after", kind: .code),
  ]

  private func row(_ event: BundleSummary.Event) -> [Cell] {
    let known = event.notBefore.map {
      say("điểm chốt", "checkpoint") + " \($0.head.size)" + ($0.isSigned ? "" : "?")
    }
    var latest = say("điểm chốt", "checkpoint") + " \(event.notAfter.head.size)"
    if let time = event.notAfter.time.flatMap({ EvidenceTime.text(seconds: $0) }) { latest += " (\(time))" }
    return cells(event.index, event.leaf) + [.text(orNone: known), .text(latest)]
  }

  private func row(_ statement: BundleSummary.Statement) -> [Cell] {
    guard let leaf = statement.leaf else {
      return [
        .integer(Int(clamping: statement.index)), .none, .text(say("không hiểu được", "not understood")),
      ]
    }
    return cells(statement.index, leaf)
  }

  /// What was erased and on what basis; the time is the statement's own.
  private func erasure(_ leaf: LeafText) -> String {
    guard leaf.kind == .erasureCarriedOut, let basis = leaf.more?["basis"]?.stringValue else { return "" }
    let fields = leaf.more?["fields"]?.arrayValue?.compactMap(\.stringValue) ?? []
    let name = LegalBasis(rawValue: basis)?.label(session.language) ?? basis
    return ": " + (fields + [say("căn cứ", "basis") + " \(name)"]).joined(separator: ", ")
  }

  private func cells(_ index: UInt64, _ leaf: LeafText) -> [Cell] {
    [
      .integer(Int(clamping: index)), .text(orNone: leaf.item ?? leaf.manifest),
      .text(leaf.kindLabel(session.language) + erasure(leaf)),
      .text(EventGrade(word: leaf.grade)?.label(session.language) ?? leaf.grade),
      .time(leaf.at, zone: Int16(clamping: leaf.zone)), .text(leaf.office), .text(orNone: leaf.to),
    ]
  }
}
