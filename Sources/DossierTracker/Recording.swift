public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// One event as a person or program states it; what is left out is filled in from the store and the clock.
public struct EventRequest: Hashable, Sendable {
  public var kind: EventKind
  /// Item number as typed or scanned.
  public var item: String
  public var grade: EventGrade
  /// When it happened; now if nil.
  public var at: OffsetDateTime?
  /// Where it happened; the store's office if nil.
  public var office: String?
  public var to: String?
  /// Code of the person who acted.
  public var by: String?
  public var manifest: String?
  public var reason: String?
  /// How much was collected or remitted, in đồng.
  public var amount: Int64?
  public var damage: DamageGrade?
  public var documentsAffected: Int?
  public var reference: String?
  public var corrects: String?
  public var newNumber: String?
  public var note: String?
  /// The event's identifier; a new random one if nil.
  public var event: String?
  /// The newest checkpoint that whoever states it had seen; the last one signed here if nil.
  public var seen: LogHead?

  public init(
    _ kind: EventKind, item: String, grade: EventGrade = .keyed, at: OffsetDateTime? = nil,
    office: String? = nil, to: String? = nil, by: String? = nil, manifest: String? = nil,
    reason: String? = nil, amount: Int64? = nil, damage: DamageGrade? = nil,
    documentsAffected: Int? = nil, reference: String? = nil, corrects: String? = nil,
    newNumber: String? = nil, note: String? = nil,
    event: String? = nil, seen: LogHead? = nil
  ) {
    self.kind = kind
    self.item = item
    self.grade = grade
    self.at = at
    self.office = office
    self.to = to
    self.by = by
    self.manifest = manifest
    self.reason = reason
    self.amount = amount
    self.damage = damage
    self.documentsAffected = documentsAffected
    self.reference = reference
    self.corrects = corrects
    self.newNumber = newNumber
    self.note = note
    self.event = event
    self.seen = seen
  }
}

/// The answer to one recorded or scanned event.
public struct EventReceipt: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable {
    case accepted, duplicate, surplus, misrouted, refused
  }

  /// Identifier of the event; nil when none was recorded.
  public var event: String?
  /// Its position in the log.
  public var index: Int64?
  /// Canonical item number, or what was given when that is no number.
  public var item: String
  public var kind: EventKind
  public var verdict: Verdict
  public var findings: [Finding]
}

extension Tracker {
  /// Records one event durably.
  ///
  /// An authentic observation is never refused because it contradicts the state; it is recorded and shows up as
  /// a finding. Refused is only what is malformed, or an identifier that is taken by another event.
  ///
  /// - Returns: the receipt; `refused` with findings when nothing was recorded.
  /// - Throws: ``TrackerRefusal`` when the store cannot be written.
  public func record(_ request: EventRequest) throws -> EventReceipt {
    try explained {
      let identifier = try request.event ?? newIdentifier()
      return try whenHeadStays { try record(request, identified: identifier, expecting: nil) }
    }
  }

  /// What an event is about, as the log has it.
  public struct EventSubject: Hashable, Sendable {
    /// The manifest that it names, when it is known, and the one of the event that it corrects.
    public var manifests: [ManifestRecord]
    /// The event that it corrects, when the log has it.
    public var corrected: EventRecord?
  }

  /// Records one event durably, if who states it may say that about its subject.
  ///
  /// - Parameter objection: why it may not be stated about the subject as it is when the event would be appended. It is not
  ///   asked when the log has the event already.
  /// - Returns: as ``record(_:)``; `refused` with the objection.
  public func record(
    _ request: EventRequest, unless objection: (EventSubject) -> Finding?
  ) throws -> EventReceipt {
    try explained {
      let identifier = try request.event ?? newIdentifier()
      return try whenHeadStays {
        let head = try store.head()
        let subject = try subject(of: request)
        if try store.event(identifier: identifier) == nil, let finding = objection(subject) {
          return EventReceipt(
            event: nil, index: nil, item: request.item, kind: request.kind, verdict: .refused,
            findings: [finding])
        }
        // What is about no manifest can become forbidden by nothing that comes between.
        let expected = subject.manifests.isEmpty ? nil : head
        return try record(request, identified: identifier, expecting: expected)
      }
    }
  }

  private func subject(of request: EventRequest) throws -> EventSubject {
    let corrected = try request.corrects.flatMap { try store.event(identifier: $0) }
    var manifests: [ManifestRecord] = []
    for named in [request.manifest, corrected?.manifest] {
      guard let named, case .success(let number) = ManifestNumber.parse(named),
        let manifest = try store.manifest(number.text), !manifests.contains(manifest)
      else { continue }
      manifests.append(manifest)
    }
    return EventSubject(manifests: manifests, corrected: corrected)
  }

  /// - Returns: nil when the log is not where it was expected.
  private func record(
    _ request: EventRequest, identified identifier: String, expecting head: LogHead?
  ) throws -> EventReceipt? {
    let known = request.event == nil ? nil : try store.event(identifier: identifier)
    var check = RequestCheck(request, identifier: identifier)
    guard var draft = check.draft(now: now, zone: environment.zone, office: office, known: known) else {
      return EventReceipt(
        event: nil, index: nil, item: request.item, kind: request.kind, verdict: .refused,
        findings: check.findings)
    }
    draft.seen = request.seen ?? newestSeen()
    let conflict = try relabelConflict(draft)
    switch try store.append([draft], recordedAt: now, expecting: head) {
    case .appended(let receipts, _):
      return receipt(draft, receipts[0], check.findings + (conflict.map { [$0] } ?? []))
    case .headMoved: return nil
    }
  }

  /// A relabelling that gives an item a number under which another one was on its way before.
  private func relabelConflict(_ draft: EventDraft) throws -> Finding? {
    guard draft.kind == .relabelled, let number = draft.newNumber,
      let known = try store.history(ofItem: number), !known.numbers.contains(draft.item),
      known.events.contains(where: { $0.item == number && $0.at < draft.at })
    else { return nil }
    return Finding(.relabelConflict, item: draft.item, events: [draft.identifier])
  }

  private func receipt(
    _ draft: EventDraft, _ appended: AppendReceipt, _ findings: [Finding]
  ) -> EventReceipt {
    var receipt = EventReceipt(
      event: draft.identifier, index: appended.index, item: draft.item, kind: draft.kind,
      verdict: .accepted, findings: findings)
    switch appended {
    case .recorded: break
    case .duplicate: receipt.verdict = .duplicate
    case .conflict(_, let fields):
      receipt.verdict = .refused
      receipt.findings.append(
        Finding(
          .eventConflict, item: draft.item, events: [draft.identifier],
          found: fields.joined(separator: ", ")))
    }
    return receipt
  }

  func append(_ drafts: [EventDraft]) throws -> [AppendReceipt] {
    switch try store.append(drafts, recordedAt: now, expecting: nil) {
    case .appended(let receipts, _): receipts
    case .headMoved: []
    }
  }

  /// Appends drafts if the log still stands where they were planned.
  ///
  /// - Returns: nil when it does not.
  func append(_ drafts: [EventDraft], expecting head: LogHead) throws -> [AppendReceipt]? {
    if drafts.isEmpty { return [] }
    switch try store.append(drafts, recordedAt: now, expecting: head) {
    case .appended(let receipts, _): return receipts
    case .headMoved: return nil
    }
  }

  /// Does again what found that another writer came between, until none does.
  ///
  /// - Parameter body: nil when somebody came between.
  func whenHeadStays<Value>(_ body: () throws -> Value?) throws -> Value {
    for _ in 0..<64 {
      if let value = try body() { return value }
    }
    throw TrackerRefusal(Finding(.storeBusy, path: path))
  }

  func newIdentifier() throws -> String {
    try environment.randomness(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// Turns a request into a draft, or says what is wrong with it.
struct RequestCheck {
  private let request: EventRequest
  private let identifier: String
  private(set) var findings: [Finding] = []

  init(_ request: EventRequest, identifier: String) {
    self.request = request
    self.identifier = identifier
  }

  /// - Parameter known: the event that bears the identifier already; what the request leaves out is then taken
  ///   from it, so that a repeated command is the same event again.
  mutating func draft(now: Int64, zone: Int16, office: String, known: EventRecord?) -> EventDraft? {
    let number = canonical(request.item, as: ItemNumber.self, .itemNumberForm)
    let event = canonical(identifier, as: EventIdentifier.self, .eventIdentifierForm)
    let place = canonical(request.office ?? known?.office ?? office, as: OfficeCode.self, .officeCodeForm)
    let to = optional(request.to, as: OfficeCode.self, .officeCodeForm)
    let by = optional(request.by, as: OperatorCode.self, .operatorCodeForm)
    let manifest = optional(request.manifest, as: ManifestNumber.self, .manifestNumberForm)
    let newNumber = optional(request.newNumber, as: ItemNumber.self, .itemNumberForm)
    if let word = request.reason, !Self.isWord(word) { findings.append(Finding(.missingReason, found: word)) }
    if let text = request.reference, !Self.isReference(text) {
      findings.append(Finding(.eventIdentifierForm, path: "reference"))
    }
    requireWhatTheKindNeeds()
    guard request.kind.concernsItem, let number, let event, let place,
      findings.allSatisfy({ $0.severity != .error })
    else { return nil }
    return EventDraft(
      identifier: event, kind: request.kind, grade: request.grade, item: number,
      at: request.at?.milliseconds ?? known?.at ?? now,
      zone: request.at?.offsetMinutes ?? known?.zone ?? zone, office: place, operatorCode: by, to: to,
      manifest: manifest, reason: request.reason, amount: request.amount, damage: request.damage,
      documentsAffected: request.documentsAffected, reference: request.reference, corrects: request.corrects,
      newNumber: newNumber,
      note: request.note.map { NormalizedText.field(Array($0.utf8)) }
        .map { String(decoding: $0, as: UTF8.self) })
  }

  private mutating func requireWhatTheKindNeeds() {
    func require(_ isGiven: Bool, _ code: FindingCode) {
      if !isGiven { findings.append(Finding(code, item: request.item)) }
    }
    switch request.kind {
    case .dispatched: require(request.to != nil, .missingReceiver)
    case .attemptFailed, .held: require(request.reason != nil, .missingReason)
    case .corrected:
      require(request.corrects != nil, .missingCorrectedEvent)
      require(["did_not_occur", "incorrect_data"].contains(request.reason), .missingReason)
    case .relabelled: require(request.newNumber != nil, .missingNewNumber)
    case .feeCollected, .feeRemitted: require(request.amount.map { $0 > 0 } ?? false, .missingAmount)
    default: break
    }
    if !request.kind.isAboutFee { require(request.amount == nil, .amountOfNoFee) }
  }

  private mutating func canonical<Value: TextualValue>(
    _ text: String, as type: Value.Type, _ code: FindingCode
  ) -> String? {
    switch Value.parse(text) {
    case .success(let value): return value.text
    case .failure(let refusal):
      var code = code
      if case .checkDigit = refusal { code = .itemCheckDigit }
      findings.append(
        Finding(
          code, item: Value.self == ItemNumber.self ? text : nil, expected: refusal.expected,
          found: refusal.found))
      return nil
    }
  }

  private mutating func optional<Value: TextualValue>(
    _ text: String?, as type: Value.Type, _ code: FindingCode
  ) -> String? {
    text.flatMap { canonical($0, as: type, code) }
  }

  static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 40
      && text.utf8.allSatisfy { $0 == 0x5f || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }
  }

  static func isReference(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 60
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || [0x2d, 0x2e, 0x2f, 0x3a, 0x5f].contains(byte)
      }
  }
}
