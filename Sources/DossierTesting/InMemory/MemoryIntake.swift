internal import CustodyLog
internal import DossierCore

/// Takes one document into a copy of the reference store.
struct MemoryIntake {
  var state: MemoryState
  var content: ContentBuilder
  var itemContent: ContentBuilder
  let file: String
  private var findings: [Finding] = []
  private var firstEvent: Int64 = 0
  private var containers: [Container] = []
  private var items: Set<String> = []
  private var dossiers: Set<String> = []
  private var isWhole = true
  /// The store before the manifest.
  private var before: MemoryView?

  private enum Subject {
    case unknown, feed
    case manifest(ManifestHeader)
    case taken(ManifestHeader)
  }

  init(state: MemoryState, content: ContentBuilder, itemContent: ContentBuilder, file: String) {
    self.state = state
    self.content = content
    self.itemContent = itemContent
    self.file = file
  }

  mutating func run(_ source: some DocumentSource, dryRun: Bool) throws -> DocumentOutcome {
    var subject = Subject.unknown
    var others: [Finding] = []
    var recorded = 0
    var duplicates = 0
    var checkedOffices: Set<String> = []

    func check(office: String, line: Int?) {
      if checkedOffices.insert(office).inserted, !state.offices.contains(where: { $0.code == office }) {
        others.append(Finding(.unknownOffice, file: file, line: line, found: office))
      }
    }

    while true {
      switch try source.next() {
      case .original: break
      case .header(let header):
        check(office: header.giver.office, line: nil)
        check(office: header.receiver.office, line: nil)
        subject = state.manifest(header.number) == nil ? .manifest(header) : .taken(header)
        if case .manifest = subject { begin(header) }
      case .items(let batch):
        if case .manifest(let header) = subject {
          // A reader may have committed to the items of a batch already.
          let prepared = batch.contents.count == batch.items.count
          var roots: [Digest?] = []
          for (position, item) in batch.items.enumerated() {
            roots.append(prepared ? batch.contents[position].root : try root(item, of: batch))
          }
          for (item, root) in zip(batch.items, roots) { try add(item, root, of: batch, header) }
        }
        source.recycle(batch)
      case .events(let events):
        subject = .feed
        for event in events {
          check(office: event.draft.office, line: event.line)
          let isKnown = MemoryView.numbers(state).contains(event.draft.item)
          let isTaken = takesNumberOfAnother(event.draft)
          switch try state.append(event.draft, &content) {
          case .recorded:
            recorded += 1
            if isTaken {
              others.append(Finding(.relabelConflict, file: file, line: event.line, item: event.draft.item))
            }
            if !isKnown && event.draft.kind != .accepted {
              others.append(Finding(.unknownItem, file: file, line: event.line, item: event.draft.item))
            }
          case .duplicate: duplicates += 1
          case .conflict(_, let fields):
            others.append(
              Finding(
                .eventConflict, file: file, line: event.line, item: event.draft.item,
                events: [event.draft.identifier], found: fields.joined(separator: ", ")))
          }
        }
      case .end(let summary):
        var outcome = DocumentOutcome(
          status: .rejected, manifest: nil, items: summary.items, dossiers: summary.dossiers, events: 0,
          findings: (summary.findings + findings + others).sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        let isAcceptable =
          summary.isValid && isWhole && !outcome.findings.contains { $0.severity == .error }
        switch subject {
        case .unknown: break
        case .taken(let header): compare(header, summary, &outcome)
        case .manifest(let header):
          outcome.manifest = header.number
          if isAcceptable {
            try finish(header, summary)
            outcome.events = Int(state.nextIndex - firstEvent)
            outcome.status = dryRun ? .valid : .recorded
          }
        case .feed:
          if isAcceptable {
            outcome.events = recorded
            outcome.duplicates = duplicates
            outcome.status = dryRun ? .valid : recorded == 0 && duplicates > 0 ? .alreadyRecorded : .recorded
          }
        }
        return outcome
      }
    }
  }

  /// The number is taken: the same bytes again, or another document.
  private func compare(
    _ header: ManifestHeader, _ summary: DocumentSummary, _ outcome: inout DocumentOutcome
  ) {
    outcome.manifest = header.number
    let stored = state.manifest(header.number)?.record.sha256
    if stored == summary.sha256 {
      outcome.status = .alreadyRecorded
      outcome.findings = [Finding(.alreadyRecorded, file: file, found: header.number)]
    } else {
      outcome.status = summary.isValid ? .conflict : .rejected
      outcome.findings.append(
        Finding(
          .manifestConflict, file: file, expected: stored?.hex, found: summary.sha256.hex,
          detail: header.number))
    }
  }

  private mutating func begin(_ header: ManifestHeader) {
    firstEvent = state.nextIndex
    before = MemoryView(state)
    var seals = Set(state.manifests.flatMap(\.containers).compactMap(\.seal))
    for container in header.containers {
      guard let seal = container.seal else { continue }
      if !seals.insert(seal).inserted {
        findings.append(Finding(.sealReused, file: file, line: container.line, found: seal))
      }
    }
    containers = header.containers
  }

  private mutating func add(
    _ item: ItemRecord, _ root: Digest?, of batch: ManifestBatch, _ header: ManifestHeader
  ) throws {
    let number = batch.string(item.number)
    guard items.insert(number).inserted else {
      isWhole = false
      findings.append(
        Finding(
          .duplicateItem, severity: .error, file: file, line: Int(item.line), path: "items/item", item: number
        ))
      return
    }
    compare(item, number, of: batch, header)
    if item.acceptedAt != ItemRecord.noTime {
      var accepted = record(.accepted, header, item: number)
      accepted.at = item.acceptedAt
      accepted.zone = item.acceptedZone
      accepted.operatorCode = nil
      _ = try state.appendToItem(MemoryEvent(record: accepted))
    }
    var dispatched = record(.dispatched, header, item: number)
    dispatched.to = header.receiver.office
    dispatched.content = root
    var summaries: [DossierSummary] = []
    for position in item.dossiers {
      let dossier = batch.dossiers[Int(position)]
      if !dossiers.insert(batch.string(dossier.code)).inserted {
        isWhole = false
        findings.append(
          Finding(
            .duplicateDossier, severity: .error, file: file, line: Int(dossier.line),
            path: "items/item/dossier"))
      }
      summaries.append(summary(dossier, of: batch))
    }
    _ = try state.appendToItem(
      MemoryEvent(record: dispatched, dossiers: summaries, fee: item.fee < 0 ? nil : item.fee))
  }

  /// What the manifest says of a known item and what was said of it before.
  private mutating func compare(
    _ item: ItemRecord, _ number: String, of batch: ManifestBatch, _ header: ManifestHeader
  ) {
    guard let before, let known = before.item(numbered: number) else { return }
    let isAccepted = item.acceptedAt != ItemRecord.noTime
    let begins = min(isAccepted ? item.acceptedAt : header.dispatchedAt, header.dispatchedAt)
    let numbers = known.history.numbers
    let events = before.state.events.filter { $0.record.item.map(numbers.contains) ?? false }
    let earlier = MemoryView.consignments(events).last?.dossiers?.map(\.code)
    let stated = item.dossiers.map { batch.string(batch.dossiers[Int($0)].code) }
    var code: FindingCode?
    if known.state.hadEnded(before: begins) {
      code = .itemNumberReused
    } else if let earlier, !earlier.contains(nil), Set(earlier) != Set(stated) {
      code = .dossiersDiffer
    }
    if let code {
      findings.append(Finding(code, file: file, line: Int(item.line), path: "items/item", item: number))
    }
  }

  private func takesNumberOfAnother(_ draft: EventDraft) -> Bool {
    guard draft.kind == .relabelled, let number = draft.newNumber,
      !MemoryView.group(of: draft.item, in: state).contains(number)
    else { return false }
    return state.events.contains { $0.record.item == number && $0.record.at < draft.at }
  }

  private func record(_ kind: EventKind, _ header: ManifestHeader, item: String?) -> EventRecord {
    EventRecord(
      index: 0, identifier: "\(header.number)+\(state.nextIndex - firstEvent)", kind: kind, grade: .declared,
      item: item, sequence: 0, previous: nil, at: header.dispatchedAt, zone: header.dispatchedZone,
      recordedAt: 0, office: header.giver.office, operatorCode: header.giver.operatorCode,
      manifest: header.number)
  }

  private func summary(_ dossier: DossierRecord, of batch: ManifestBatch) -> DossierSummary {
    func text(_ range: TextRange) -> String? { range.isEmpty ? nil : batch.string(range) }
    func day(_ days: Int32) -> CalendarDate? {
      days == DossierRecord.noDay ? nil : CalendarDate(daysSince1970: Int(days))
    }
    return DossierSummary(
      code: text(dossier.code), procedure: text(dossier.procedure), field: text(dossier.field),
      agency: text(dossier.agency), received: day(dossier.received), due: day(dossier.due),
      result: day(dossier.result),
      documents: dossier.documents.map { position in
        let document = batch.documents[Int(position)]
        return DocumentSummaryLine(
          name: batch.string(document.name), originals: Int(document.originals),
          certifiedCopies: Int(document.certifiedCopies), photocopies: Int(document.photocopies))
      })
  }

  /// Commits to an item's fields in the order: contents, sender, recipient, then code and applicant of each
  /// dossier.
  private mutating func root(_ item: ItemRecord, of batch: ManifestBatch) throws -> Digest? {
    itemContent.reset()
    var contents = ContentsJSON()
    let container = item.container < 0 ? [] : Array(containers[Int(item.container)].number.utf8)
    contents.begin(condition: item.condition, container: container[...])
    for position in item.dossiers {
      let dossier = batch.dossiers[Int(position)]
      contents.dossier(
        agency: batch.bytes(dossier.agency), due: dossier.due, field: batch.bytes(dossier.field),
        procedure: batch.bytes(dossier.procedure), received: dossier.received, result: dossier.result
      ) { contents in
        for position in dossier.documents {
          let document = batch.documents[Int(position)]
          contents.document(
            name: batch.bytes(document.name), originals: document.originals,
            certifiedCopies: document.certifiedCopies, photocopies: document.photocopies)
        }
      }
    }
    contents.end(fee: item.fee, weight: item.weight)
    try itemContent.add(.contents, json: contents.bytes)
    for (field, contact) in [(VaultField.sender, item.sender), (.recipient, item.recipient)] {
      if contact.isEmpty { continue }
      var json: [UInt8] = []
      VaultJSON.contact(
        name: batch.bytes(contact.name), phone: batch.bytes(contact.phone),
        address: batch.bytes(contact.address), into: &json)
      try itemContent.add(field, json: json)
    }
    for (ordinal, position) in item.dossiers.enumerated() {
      let dossier = batch.dossiers[Int(position)]
      try itemContent.add(
        .dossierCode, ordinal: ordinal + 1, json: MemoryState.json(batch.string(dossier.code)))
      if dossier.applicant.isEmpty { continue }
      try itemContent.add(
        .applicant, ordinal: ordinal + 1, json: MemoryState.json(batch.string(dossier.applicant)))
    }
    return itemContent.root
  }

  /// Adds the manifest itself after its items.
  private mutating func finish(_ header: ManifestHeader, _ summary: DocumentSummary) throws {
    content.reset()
    try content.add(.contents, json: VaultJSON.containers(header.containers))
    if let name = header.giver.personName {
      try content.add(.giverPerson, json: MemoryState.json(name))
    }
    if let name = header.receiver.personName {
      try content.add(.receiverPerson, json: MemoryState.json(name))
    }
    var details = EventDetails()
    details.document = summary.sha256
    details.documentBytes = summary.byteCount
    details.leg = header.leg
    details.items = summary.items
    details.dossiers = summary.dossiers
    details.weight = summary.weight
    details.events = Int(state.nextIndex - firstEvent)
    var recorded = record(.manifestRecorded, header, item: nil)
    recorded.to = header.receiver.office
    recorded.content = content.root
    recorded.details = details
    let index = try state.append(MemoryEvent(record: recorded), after: nil)
    state.manifests.append(
      MemoryManifest(
        record: ManifestRecord(
          id: Int64(state.manifests.count) + 1, number: header.number, leg: header.leg,
          giver: header.giver.office, receiver: header.receiver.office, dispatchedAt: header.dispatchedAt,
          dispatchedZone: header.dispatchedZone, items: summary.items, dossiers: summary.dossiers,
          weight: summary.weight, sha256: summary.sha256, byteCount: summary.byteCount,
          firstEvent: firstEvent, recordedEvent: index, closedEvent: nil, recordedAt: state.recordedAt),
        containers: header.containers))
  }
}
