internal import CustodyLog
import DossierCore

/// What a feed has said so far.
struct EventState {
  /// Events whose content is remembered to find an identifier used twice within the feed. Beyond it the store, which
  /// remembers all, finds them: memory stays bounded.
  static let rememberedEvents = 262_144
  /// Events are handed over when there are so many.
  static let batchEvents = 1024

  var identifier: String?
  var kind: EventKind?
  var grade: EventGrade? = .declared
  var item: ItemNumber?
  var at: OffsetDateTime?
  var office: String?
  var operatorCode: String?
  var to: String?
  var manifest: String?
  var deviceTime: OffsetDateTime?
  var corrects: String?
  var newNumber: String?
  var reason: String?
  var amount: Int?
  var damage: DamageGrade?
  var documentsAffected: Int?
  var reference: String?
  var note: String?
  /// Attributes that were given, readable or not: only a missing one is missing.
  var given: Set<Word> = []

  var count = 0
  var ready: [LocatedEvent] = []
  /// Hash of the content by hash of the identifier.
  var contents: [Int: Int] = [:]

  init() {}

  mutating func beginEvent() {
    var next = EventState()
    swap(&next.ready, &ready)
    swap(&next.contents, &contents)
    next.count = count + 1
    self = next
  }
}

extension DocumentHandler {
  mutating func startEvent(_ line: Int, _ attributes: Attributes) {
    events.beginEvent()
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      guard let name else { continue }
      events.given.insert(name)
      readEventAttribute(name, value)
    }
  }

  private mutating func readEventAttribute(_ name: Word, _ value: UnsafeRawBufferPointer) {
    switch name {
    case .id: events.identifier = code(EventIdentifier.self, value, .eventIdentifierForm, attribute: .id)
    case .kind: events.kind = EventKind(word: String(decoding: trimmed(value), as: UTF8.self))
    case .grade: events.grade = EventGrade(word: String(decoding: trimmed(value), as: UTF8.self))
    case .item: events.item = eventItem(trimmed(value), .item)
    case .at: events.at = pastInstant(value, attribute: .at)
    case .office: events.office = code(OfficeCode.self, value, .officeCodeForm, attribute: .office)
    case .operator:
      events.operatorCode = code(
        OperatorCode.self, value, .operatorCodeForm, attribute: .operator, shows: false)
    case .to: events.to = code(OfficeCode.self, value, .officeCodeForm, attribute: .to)
    case .manifest:
      events.manifest = code(ManifestNumber.self, value, .manifestNumberForm, attribute: .manifest)
    case .deviceTime: events.deviceTime = instant(value, attribute: .deviceTime)
    case .corrects: events.corrects = correctedIdentifier(trimmed(value))
    case .amount: events.amount = number(value, maximum: Self.greatestAmount, attribute: .amount)
    case .newNumber: events.newNumber = eventItem(trimmed(value), .newNumber)?.text
    default: break
    }
  }

  private mutating func eventItem(_ bytes: UnsafeRawBufferPointer, _ attribute: Word) -> ItemNumber? {
    switch ItemNumber.parse(bytes) {
    case .success(let number):
      warn(about: number, attribute: attribute)
      return number
    case .failure(let refusal):
      reportItemNumber(bytes, refusal, attribute: attribute)
      return nil
    }
  }

  /// The corrected event may come from a manifest, whose identifiers no reporter may choose.
  private mutating func correctedIdentifier(_ bytes: UnsafeRawBufferPointer) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let identifier = EventIdentifier(recorded: text) { return identifier.text }
    if !bytes.isEmpty { report(.eventIdentifierForm, attribute: .corrects, found: shownCode(bytes)) }
    return nil
  }

  /// A reference stands in the log, which takes no character that shows a text as another than it is (bidirectional
  /// controls); XML does.
  mutating func referenceText() -> String? {
    func isTaken(_ text: String) -> Bool {
      (try? CanonicalJSON.encode(.object([("reference", .string(text))]))) != nil
    }
    guard let text = contentText() else { return nil }
    guard !isTaken(text) else { return text }
    let wrong = text.unicodeScalars.first { !isTaken(String($0)) }
    report(
      .forbiddenCharacter, found: wrong.map { "U+" + String($0.value, radix: 16, uppercase: true) } ?? "?")
    return nil
  }

  mutating func startDamage(_ attributes: Attributes) {
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .grade: events.damage = DamageGrade(word: String(decoding: trimmed(value), as: UTF8.self))
      case .documents: events.documentsAffected = number(value, maximum: 9999, attribute: .documents)
      default: break
      }
    }
  }

  mutating func endEvent() {
    checkCompleteness()
    guard let identifier = events.identifier, let kind = events.kind, let grade = events.grade,
      let item = events.item, let at = events.at, let office = events.office
    else { return }
    let draft = EventDraft(
      identifier: identifier, kind: kind, grade: grade, item: item.text, at: at.milliseconds,
      zone: at.offsetMinutes, office: office, operatorCode: events.operatorCode, to: events.to,
      manifest: events.manifest, reason: events.reason, amount: events.amount.map(Int64.init),
      damage: events.damage,
      documentsAffected: events.documentsAffected, reference: events.reference, corrects: events.corrects,
      newNumber: events.newNumber, deviceTime: events.deviceTime?.milliseconds, note: events.note)
    guard isNewOrSame(draft) else {
      findings.add(
        Finding(
          .duplicateEvent, line: line, path: path + "/@id", item: draft.item, events: [draft.identifier],
          found: draft.identifier))
      return
    }
    events.ready.append(LocatedEvent(draft: draft, line: line))
  }

  /// What each kind of event cannot do without.
  private mutating func checkCompleteness() {
    guard let kind = events.kind else { return }
    let item = events.item?.text
    switch kind {
    case .attemptFailed, .held:
      if events.reason == nil { report(.missingReason, item: item, found: kind.word) }
    case .corrected:
      if !Self.correctionReasons.contains(events.reason ?? "") {
        report(
          .missingReason, item: item, expected: Self.correctionReasons.joined(separator: ", "),
          found: kind.word)
      }
      if !events.given.contains(.corrects) { report(.missingCorrectedEvent, item: item, found: kind.word) }
    case .dispatched:
      if !events.given.contains(.to) { report(.missingReceiver, item: item, found: kind.word) }
    case .relabelled:
      if !events.given.contains(.newNumber) { report(.missingNewNumber, item: item, found: kind.word) }
    case .feeCollected, .feeRemitted:
      if !events.given.contains(.amount) { report(.missingAmount, item: item, found: kind.word) }
    default: break
    }
    if events.given.contains(.amount) && !kind.isAboutFee {
      report(.amountOfNoFee, item: item, found: kind.word)
    }
  }

  /// Why an event may be corrected (EPCIS 2.0 error declaration).
  private static let correctionReasons = ["did_not_occur", "incorrect_data"]

  /// An event that repeats an earlier one exactly is harmless; the store recognises it.
  private mutating func isNewOrSame(_ draft: EventDraft) -> Bool {
    let content = draft.hashValue
    if let known = events.contents[draft.identifier.hashValue] { return known == content }
    if events.contents.count < EventState.rememberedEvents {
      events.contents[draft.identifier.hashValue] = content
    }
    return true
  }

  mutating func finishEvents() {
    if events.count == 0 { findings.add(Finding(.emptyManifest, line: 1, path: "/events")) }
  }
}
