internal import DossierTracker

/// One item's way as a page shows it: the expected route beside what was recorded, in four lanes.
struct ItemTimeline: Sendable {
  let item: ItemHistory
  let route: CustodyRoute
  let times: [Int64: ProvenInterval]
  let offices: OfficeNames
  let wording: Wording

  /// Reads what the page needs. Waits for the disk.
  init(_ item: ItemHistory, _ tracker: Tracker, offices: [Office], language: Language) throws {
    self.item = item
    route = try tracker.route(of: item, offices: offices)
    let proven = try tracker.provenTimes(of: item.events)
    times = Dictionary(uniqueKeysWithValues: zip(item.events.map(\.index), proven))
    self.offices = OfficeNames(offices)
    wording = Wording(language)
  }

  func content() -> [String: any Sendable] {
    let summary = item.summary
    let number = PageWords.encoded(summary.number)
    let placed = Set(item.events.map(\.identifier))
    let elsewhere = item.findings.filter { $0.events.allSatisfy { !placed.contains($0) } }
    var content: [String: any Sendable] = [
      "number": summary.number, "itemPath": "/items/\(number)", "evidence": "/items/\(number)/evidence.json",
      "slip": "/items/\(number)/slip.pdf",
      "stateWord": wording.state(summary.state), "stateClass": Self.stateClass(summary),
      "otherNumbers": Array(item.numbers.dropFirst()), "hasOtherNumbers": item.numbers.count > 1,
      "rows": route.rows.map(row), "dossiers": item.dossiers.map(dossier),
      "itemFindings": elsewhere.map { FindingContent(wording: wording).content($0, isOnItsPage: true) },
      "hasItemFindings": !elsewhere.isEmpty, "findingCount": item.findings.count,
      "gapCount": route.gaps, "hasGaps": route.gaps > 0, "extraCount": route.extras,
      "hasExtras": route.extras > 0,
      "isWhole": route.gaps + route.extras + route.incidents + route.lateSteps == 0,
      "incidentCount": route.incidents, "hasIncidents": route.incidents > 0, "lateCount": route.lateSteps,
      "hasLate": route.lateSteps > 0,
      "erasures": item.erasures.map(erasure), "hasErasures": !item.erasures.isEmpty,
      "limitVersion": TransitLimit.version, "limitDays": TransitLimit.days(summary.leg) ?? 0,
      "auditAddress": "/audit?item=\(number)",
    ]
    content["custodian"] = offices.content(summary.custodian)
    content["offeredTo"] = offices.content(summary.offeredTo)
    content["legWord"] = summary.leg.map(wording.leg)
    content["damageWord"] = summary.damage.map(wording.damage)
    if let manifest = summary.manifest { content["ofManifest"] = Self.manifest(manifest) }
    return content
  }

  static func manifest(_ number: String) -> [String: any Sendable] {
    ["manifestNumber": number, "manifestPath": "/manifests/" + PageWords.encoded(number)]
  }

  static func stateClass(_ summary: ItemSummary) -> String {
    switch summary.state {
    case .missing, .lost, .destroyed, .disputed: "wrong"
    case .delivered, .returned: summary.findings > 0 ? "attention" : "accepted"
    default: summary.findings > 0 ? "attention" : "open"
    }
  }

  private func dossier(_ dossier: DossierSummary) -> [String: any Sendable] {
    var content: [String: any Sendable] = ["papers": dossier.documents.count]
    if let code = dossier.code {
      content["known"] = ["dossierCode": code, "dossierPath": "/dossiers/" + PageWords.encoded(code)]
    }
    content["field"] = dossier.field
    content["due"] = dossier.due.map { wording.day($0) }
    return content
  }

  /// What was erased, when and on what ground; of an order that was not carried out yet, that it is one.
  private func erasure(_ erasure: ErasureRecord) -> String {
    let ground = LegalBasis(rawValue: erasure.basis)?.label(wording.language) ?? erasure.basis
    let fields = (erasure.carriedOut?.fields ?? erasure.fields).joined(separator: ", ")
    let what =
      erasure.concernsDocument
      ? wording.text(vi: "tệp gốc của \(erasure.erases)", en: "the original of \(erasure.erases)")
      : "\(fields) (\(erasure.erases))"
    guard let deed = erasure.carriedOut else {
      let time = wording.time(erasure.at)
      return wording.text(
        vi: "\(what): có lệnh xóa lúc \(time), chưa thực hiện; căn cứ: \(ground)",
        en: "\(what): ordered to be erased \(time), not carried out yet; basis: \(ground)")
    }
    let time = wording.time(deed.at)
    return wording.text(
      vi: "\(what): đã xóa lúc \(time); căn cứ: \(ground)", en: "\(what): erased \(time); basis: \(ground)")
  }

  // MARK: Rows

  private func row(_ row: CustodyRoute.Row) -> [String: any Sendable] {
    let kind = row.step?.kind ?? row.event?.kind ?? .accepted
    let office = row.event?.office ?? row.step?.office
    let lane = RouteLane(kind, at: office.flatMap(offices.kind))
    let mark = mark(row)
    var content: [String: any Sendable] = [
      "lane": wording.lane(lane), "laneClass": "lane-\(lane.rawValue)", "rowClass": mark.name,
      "shape": mark.sign,
    ]
    content["step"] = row.step.map { step($0, isOffRoute: row.event == nil) }
    content["event"] = row.event.map { event($0, isCorrected: row.role == .corrected) }
    content["verdict"] = mark.word
    content["late"] = late(row)
    return content
  }

  /// Class, sign and words of what a row says: never by its colour alone.
  private func mark(_ row: CustodyRoute.Row) -> (name: String, sign: String, word: String?) {
    switch (row.standing, row.role) {
    case (.missing?, _): ("row-missing", "○", wording.text(vi: "Thiếu bước", en: "Step missing"))
    case (.elsewhere?, _): ("row-missing", "○", wording.text(vi: "Đến nơi khác", en: "Went elsewhere"))
    case (.pending?, _): ("row-pending", "○", wording.text(vi: "Chưa đến lượt", en: "Not yet"))
    case (_, .extra?): ("row-extra", "◆", wording.text(vi: "Ngoài lộ trình", en: "Not on the route"))
    case (_, .incident?): ("row-incident", "▲", wording.text(vi: "Sự cố", en: "Incident"))
    case (_, .corrected?): ("row-corrected", "⊘", wording.text(vi: "Đã đính chính", en: "Taken back"))
    case (_, .correction?): ("row-correction", "↩", wording.text(vi: "Đính chính", en: "Correction"))
    case (_, .aside?): ("row-aside", "•", nil)
    default: ("row-done", "●", nil)
    }
  }

  private func late(_ row: CustodyRoute.Row) -> String? {
    guard let late = row.late, let deadline = row.deadline else { return nil }
    // The deadline is the midnight after the last day.
    let day = wording.day(CalendarDate(vietNamInstant: deadline - 1))
    let excess = "+\(wording.duration(late))"
    return row.event == nil
      ? wording.text(vi: "quá hạn \(excess) (hạn \(day))", en: "overdue \(excess) (limit \(day))")
      : wording.text(vi: "\(excess) (hạn \(day))", en: "\(excess) (limit \(day))")
  }

  private func step(_ step: RouteStep, isOffRoute: Bool) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "stepWord": wording.kind(step.kind), "because": because(step.reason), "explainsStep": isOffRoute,
    ]
    content["at"] = offices.content(step.office)
    content["to"] = offices.content(step.to)
    return content
  }

  private func because(_ reason: RouteStep.Reason) -> String {
    switch reason {
    case .custodyBegins:
      wording.text(
        vi: "phải có người chấp nhận thì mới có người chịu trách nhiệm",
        en: "nobody answers for an item that nobody accepted")
    case .manifestHandsOver:
      wording.text(vi: "bảng kê giao bưu gửi này", en: "the manifest hands this item over")
    case .receiverAccepts:
      wording.text(
        vi: "bên được giao phải ghi nhận; đến lúc đó bên giao còn chịu trách nhiệm",
        en: "the named receiver has to accept; until then the giver answers")
    case .receiptNeedsDispatch:
      wording.text(vi: "đã nhận thì trước đó phải có giao", en: "what was received must have been dispatched")
    case .legEndsInDelivery:
      wording.text(vi: "chiều này kết thúc khi phát xong", en: "this leg ends with the delivery")
    }
  }

  // MARK: Events

  private func event(_ event: EventRecord, isCorrected: Bool) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "eventWord": wording.kind(event.kind), "eventCode": event.identifier, "index": event.index,
      "time": wording.time(event.at), "machineTime": MachineTime.text(event.at) ?? "",
      "gradeWord": wording.grade(event.grade), "isCorrected": isCorrected, "clocks": clocks(event),
      "notes": notes(event), "reasons": findings(of: event),
    ]
    content["by"] = event.operatorCode
    content["here"] = offices.content(event.office)
    content["handedTo"] = offices.content(event.to)
    return content
  }

  /// What the other clocks and the checkpoints say of the time.
  private func clocks(_ event: EventRecord) -> [String] {
    var lines: [String] = []
    if abs(event.recordedAt - event.at) > TimeRules.tolerance {
      let time = wording.time(event.recordedAt)
      lines.append(wording.text(vi: "vào nhật ký lúc \(time)", en: "in the log at \(time)"))
    }
    if let device = event.details.deviceTime, abs(device - event.at) >= 1_000 {
      let (time, apart) = (wording.time(device), wording.duration(abs(device - event.at)))
      let isAhead = device > event.at
      lines.append(
        wording.text(
          vi: "đồng hồ máy: \(time) (\(isAhead ? "nhanh" : "chậm") \(apart))",
          en: "device clock: \(time) (\(apart) \(isAhead ? "ahead" : "behind"))"))
    }
    guard let interval = times[event.index] else { return lines }
    if let line = proven(interval) { lines.append(line) }
    if let mark = interval.mark {
      lines.append(
        wording.text(vi: "chú ý: \(mark.label(.vi))", en: "note: \(mark.label(.en))"))
    }
    return lines
  }

  private func proven(_ interval: ProvenInterval) -> String? {
    func bound(_ bound: ProvenInterval.Bound) -> String {
      let time = bound.cosignedAt ?? bound.recordedAt
      return time.map { "\(bound.size) (\(wording.time($0)))" } ?? "\(bound.size)"
    }
    switch (interval.notBefore, interval.notAfter) {
    case (let after?, let before?):
      return wording.text(
        vi: "có từ giữa điểm chốt \(bound(after)) và \(bound(before))",
        en: "stated between checkpoints \(bound(after)) and \(bound(before))")
    case (let after?, nil):
      return wording.text(
        vi: "sau điểm chốt \(bound(after)), chưa được ký",
        en: "after checkpoint \(bound(after)), not signed yet")
    case (nil, let before?):
      return wording.text(
        vi: "có trước điểm chốt \(bound(before))", en: "stated before checkpoint \(bound(before))")
    case (nil, nil):
      return wording.text(vi: "chưa có điểm chốt nào bao gồm sự kiện này", en: "no checkpoint covers it yet")
    }
  }

  private func notes(_ event: EventRecord) -> [String] {
    var notes: [String] = []
    if let reason = event.reason {
      notes.append(wording.text(vi: "lý do: \(reason)", en: "reason: \(reason)"))
    }
    if let damage = event.details.damage { notes.append(wording.damage(damage)) }
    if let count = event.details.documentsAffected {
      notes.append(wording.text(vi: "\(count) giấy tờ bị hỏng", en: "\(count) documents affected"))
    }
    if let amount = event.details.amount { notes.append("\(wording.count(amount)) đ") }
    if let reference = event.details.reference {
      notes.append(wording.text(vi: "căn cứ: \(reference)", en: "reference: \(reference)"))
    }
    if let corrects = event.details.corrects {
      notes.append(wording.text(vi: "đính chính sự kiện \(corrects)", en: "takes back event \(corrects)"))
    }
    if let number = event.details.newNumber {
      notes.append(wording.text(vi: "mã mới \(number)", en: "new number \(number)"))
    }
    return notes
  }

  /// Findings stand at the last of the events that they name.
  private func findings(of event: EventRecord) -> [[String: any Sendable]] {
    item.findings.filter { finding in
      let last = item.events.last { finding.events.contains($0.identifier) }
      return last?.index == event.index
    }.map { FindingContent(wording: wording).content($0, isOnItsPage: true) }
  }
}
