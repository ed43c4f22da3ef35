internal import CustodyLog
internal import DossierCore

/// Takes one document from its source into the store: a manifest whole, or a feed whole, or nothing.
struct DocumentIntake {
  let writer: StoreWriter
  let recorder: ManifestRecorder

  /// What is being read, once that is known.
  private enum Subject {
    case unknown
    case manifest(ManifestHeader)
    /// The number is taken: read on, to compare the bytes and to report every finding.
    case taken(ManifestHeader)
    case feed
  }

  func run(_ source: some DocumentSource, dryRun: Bool) throws -> DocumentOutcome {
    try recorder.begin(file: source.name)
    var subject = Subject.unknown
    var findings: [Finding] = []
    var recorded = 0
    var duplicates = 0
    var knownOffices: Set<String> = []

    func check(office: String, line: Int?) throws {
      guard knownOffices.insert(office).inserted else { return }
      if try !writer.knows(office: office) {
        findings.append(Finding(.unknownOffice, file: source.name, line: line, found: office))
      }
    }

    while true {
      switch try source.next() {
      case .original(let bytes):
        if case .feed = subject { continue }
        if case .taken = subject { continue }
        try recorder.keep(original: bytes)
      case .header(let header):
        try check(office: header.giver.office, line: nil)
        try check(office: header.receiver.office, line: nil)
        if try writer.manifestID(header.number) != nil {
          subject = .taken(header)
        } else {
          subject = .manifest(header)
          try recorder.begin(header)
        }
      case .items(var batch):
        if case .manifest = subject { try recorder.add(&batch) }
        source.recycle(batch)
      case .events(let events):
        subject = .feed
        for event in events {
          try check(office: event.draft.office, line: event.line)
          let isKnown = try writer.items.item(.init(number: event.draft.item)) != nil
          let isTaken = try writer.items.takesNumberOfAnother(event.draft)
          switch try writer.append(event.draft) {
          case .recorded:
            recorded += 1
            if isTaken {
              findings.append(
                Finding(.relabelConflict, file: source.name, line: event.line, item: event.draft.item))
            }
            if !isKnown && event.draft.kind != .accepted {
              findings.append(
                Finding(.unknownItem, file: source.name, line: event.line, item: event.draft.item))
            }
          case .duplicate: duplicates += 1
          case .conflict(_, let fields):
            findings.append(
              Finding(
                .eventConflict, file: source.name, line: event.line, item: event.draft.item,
                events: [event.draft.identifier], found: fields.joined(separator: ", ")))
          }
        }
      case .end(let summary):
        return try finish(
          subject, summary, findings, recorded: recorded, duplicates: duplicates, file: source.name,
          dryRun: dryRun)
      }
    }
  }

  private func finish(
    _ subject: Subject, _ summary: DocumentSummary, _ findings: [Finding], recorded: Int, duplicates: Int,
    file: String, dryRun: Bool
  ) throws -> DocumentOutcome {
    var outcome = DocumentOutcome(
      status: .rejected, manifest: nil, items: summary.items, dossiers: summary.dossiers, events: 0,
      findings: summary.findings + recorder.findings + findings)
    outcome.findings.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    let isAcceptable = summary.isValid && !outcome.findings.contains { $0.severity == .error }
    switch subject {
    case .unknown: break
    case .taken(let header):
      outcome.manifest = header.number
      let stored = try writer.manifestDigest(header.number)
      if stored == summary.sha256 {
        outcome.status = .alreadyRecorded
        outcome.findings = [
          Finding(.alreadyRecorded, file: file, found: header.number)
        ]
      } else {
        outcome.status = summary.isValid ? .conflict : .rejected
        outcome.findings.append(
          Finding(
            .manifestConflict, file: file, expected: stored?.hex, found: summary.sha256.hex,
            detail: header.number))
      }
    case .manifest(let header):
      outcome.manifest = header.number
      guard isAcceptable else { break }
      outcome.events = try recorder.finish(summary)
      outcome.status = dryRun ? .valid : .recorded
    case .feed:
      guard isAcceptable else { break }
      outcome.events = recorded
      outcome.duplicates = duplicates
      outcome.status = dryRun ? .valid : recorded == 0 && duplicates > 0 ? .alreadyRecorded : .recorded
    }
    return outcome
  }
}
