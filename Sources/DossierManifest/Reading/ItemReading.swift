import CustodyLog
import DossierCore

/// Items, dossiers and documents: the part of a manifest that has no bounds, and that speed is about.
extension DocumentHandler {
  // MARK: Items

  mutating func startItem(_ line: Int, _ attributes: Attributes) {
    manifest.itemCount += 1
    manifest.itemDossierCount = 0
    manifest.item = ItemRecord()
    manifest.item.line = UInt32(clamping: line)
    manifest.itemIsUsable = false
    manifest.itemStart = (
      manifest.texts.count, manifest.batch.dossiers.count, manifest.batch.documents.count
    )
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .number: readItemNumber(trimmed(value))
      case .container: readContainer(value)
      default: break
      }
    }
  }

  private mutating func readItemNumber(_ bytes: UnsafeRawBufferPointer) {
    switch ItemNumber.parse(bytes) {
    case .success(let number):
      manifest.item.number = ItemNumber.isCanonicalS10(bytes) ? keep(bytes) : keep(number)
      manifest.itemIsUsable = true
      warn(about: number)
    case .failure(let refusal): reportItemNumber(bytes, refusal, attribute: .number)
    }
  }

  mutating func warn(about number: ItemNumber, attribute: Word = .number) {
    for warning in number.warnings {
      switch warning {
      case .unusualServicePrefix:
        report(
          .unusualServicePrefix, .warning, attribute: attribute, item: number.text,
          found: number.servicePrefix)
      default: report(.itemNumberForm, .warning, attribute: attribute, item: number.text, expected: "S10")
      }
    }
  }

  mutating func reportItemNumber(
    _ bytes: UnsafeRawBufferPointer, _ refusal: ParseRefusal, attribute: Word
  ) {
    let shown = shownCode(bytes)
    switch refusal {
    case .checkDigit:
      report(
        .itemCheckDigit, attribute: attribute, item: shown, expected: refusal.expected, found: refusal.found)
    default:
      guard !bytes.isEmpty else { return }
      report(.itemNumberForm, attribute: attribute, item: shown, expected: refusal.expected, found: shown)
    }
  }

  private mutating func readContainer(_ bytes: UnsafeRawBufferPointer) {
    if manifest.lastContainer.index >= 0, manifest.lastContainer.text.elementsEqual(bytes) {
      manifest.item.container = manifest.lastContainer.index
      return
    }
    guard let number = code(ContainerNumber.self, bytes, .sealForm, attribute: .container) else { return }
    if let index = manifest.containerIndices[number] {
      manifest.item.container = index
      manifest.lastContainer = (Array(bytes), index)
    } else {
      report(.unknownContainer, attribute: .container, item: itemText, found: number)
    }
  }

  /// The open item's number, when it could be read.
  var itemText: String? {
    manifest.item.number.isEmpty ? nil : text(manifest.item.number)
  }

  /// Each of these says whether the value is proved to be one that the schema takes.
  mutating func endAcceptedAt() -> Bool {
    guard let instant = instant(content) else { return false }
    manifest.item.acceptedAt = instant.milliseconds
    manifest.item.acceptedZone = instant.offsetMinutes
    if let dispatchedAt = manifest.dispatchedAt, dispatchedAt < instant {
      report(.acceptedAfterDispatch, item: itemText, expected: dispatchedAt.text, found: instant.text)
    }
    return true
  }

  mutating func endWeight() -> Bool {
    guard let grams = number(content, maximum: 1_000_000) else { return false }
    manifest.item.weight = Int32(grams)
    return trimmed(content).count <= Self.greatestProvedNumber
  }

  mutating func endFee() -> Bool {
    guard let dong = number(content, maximum: Self.greatestAmount) else { return false }
    manifest.item.fee = Int64(dong)
    return trimmed(content).count <= Self.greatestProvedNumber
  }

  /// Digits with leading zeros; what libxml2 makes of more of them is its own business.
  private static let greatestProvedNumber = 18

  mutating func endCondition() -> Bool {
    let word = trimmed(content)
    if spells(word, "good") {
      manifest.item.condition = .good
    } else if spells(word, "damaged") {
      manifest.item.condition = .damaged
    } else if spells(word, "open") {
      manifest.item.condition = .open
    }
    return manifest.item.condition != .notStated
  }

  mutating func endContactPart(_ word: Word) -> Bool {
    let (range, byteCount) = keepContent()
    // The number itself is personal data.
    if word == .phone, !range.isEmpty, PhoneNumber(utf8: trimmed(content)) == nil {
      report(.phoneNumberForm, .warning, item: itemText)
    }
    if parent == .sender {
      Self.set(word, range, in: &manifest.item.sender)
    } else {
      Self.set(word, range, in: &manifest.item.recipient)
    }
    return proof.proves(byteCount: byteCount, of: word)
  }

  private static func set(_ word: Word, _ range: TextRange, in contact: inout ContactRecord) {
    switch word {
    case .name: contact.name = range
    case .phone: contact.phone = range
    default: contact.address = range
    }
  }

  mutating func endItem() {
    if manifest.item.weight >= 0 {
      manifest.weight += Int(manifest.item.weight)
    } else {
      manifest.itemsWithoutWeight += 1
    }
    manifest.item.dossiers =
      Int32(manifest.itemStart.dossiers)..<Int32(manifest.batch.dossiers.count)
    guard manifest.itemIsUsable, !manifest.item.dossiers.isEmpty else { return manifest.dropItem() }
    manifest.batch.items.append(manifest.item)
    if manifest.batch.items.count >= ManifestState.batchItems
      || manifest.texts.count >= ManifestState.batchText
    {
      manifest.closeBatch()
    }
  }

  // MARK: Dossiers

  mutating func startDossier(_ line: Int, _ attributes: Attributes) {
    manifest.dossierCount += 1
    manifest.itemDossierCount += 1
    manifest.dossierDocumentCount = 0
    manifest.dossier = DossierRecord()
    manifest.dossier.line = UInt32(clamping: line)
    manifest.dossierIsUsable = false
    let firstDocument = Int32(manifest.batch.documents.count)
    manifest.dossier.documents = firstDocument..<firstDocument
    if manifest.itemDossierCount == ManifestState.greatestDossierCount + 1 {
      report(
        .numberOutOfRange, item: itemText, expected: "1-\(ManifestState.greatestDossierCount)",
        found: "> \(ManifestState.greatestDossierCount)")
    }
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .code: readDossierCode(trimmed(value))
      case .procedure: readProcedure(trimmed(value))
      default: break
      }
    }
  }

  private mutating func readDossierCode(_ bytes: UnsafeRawBufferPointer) {
    if DossierCode.isCanonical(bytes) {
      manifest.dossierIsUsable = manifest.itemDossierCount <= ManifestState.greatestDossierCount
      if manifest.dossierIsUsable { manifest.dossier.code = keep(bytes) }
      return
    }
    switch DossierCode.parse(bytes) {
    case .success(let code):
      manifest.dossierIsUsable = manifest.itemDossierCount <= ManifestState.greatestDossierCount
      if manifest.dossierIsUsable { manifest.dossier.code = keep(code) }
      if code.isForeign {
        report(.foreignDossierCode, .warning, attribute: .code, item: itemText, found: shownCode(bytes))
      }
    case .failure(let refusal):
      guard !bytes.isEmpty else { return }
      let isDate = refusal == .date
      report(
        isDate ? .dossierCodeDate : .dossierCodeForm, attribute: .code, item: itemText,
        expected: refusal.expected, found: shownCode(bytes))
    }
  }

  private mutating func readProcedure(_ bytes: UnsafeRawBufferPointer) {
    if ProcedureCode.isNational(bytes) {
      manifest.dossier.procedure = keep(bytes)
      return
    }
    switch ProcedureCode.parse(bytes) {
    case .success(let code): manifest.dossier.procedure = keep(code)
    case .failure(let refusal):
      guard !bytes.isEmpty else { return }
      report(
        .procedureCodeForm, attribute: .procedure, item: itemText, expected: refusal.expected,
        found: shownCode(bytes))
    }
  }

  mutating func endDue() -> Int32? {
    manifest.dueLine = line
    return contentDay()
  }

  mutating func endDossier() {
    let dossier = manifest.dossier
    if dossier.due != DossierRecord.noDay, dossier.received != DossierRecord.noDay,
      dossier.due < dossier.received
    {
      report(
        .dueBeforeReceived, line: manifest.dueLine, item: itemText, expected: Self.dayText(dossier.received),
        found: Self.dayText(dossier.due))
    }
    if manifest.dossierDocumentCount == 0 {
      if manifest.dossiersWithoutDocuments == 0 { manifest.firstLineWithoutDocuments = line }
      manifest.dossiersWithoutDocuments += 1
    }
    guard manifest.dossierIsUsable else { return }
    manifest.dossier.documents =
      dossier.documents.lowerBound..<Int32(manifest.batch.documents.count)
    manifest.batch.dossiers.append(manifest.dossier)
  }

  private static func dayText(_ days: Int32) -> String? { CalendarDate(daysSince1970: Int(days))?.text }

  // MARK: Documents

  mutating func startDocument(_ attributes: Attributes) {
    manifest.document = DocumentRecord()
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .originals: manifest.document.originals = sheets(value, .originals)
      case .certifiedCopies: manifest.document.certifiedCopies = sheets(value, .certifiedCopies)
      case .photocopies: manifest.document.photocopies = sheets(value, .photocopies)
      default: break
      }
    }
  }

  @inline(__always)
  private mutating func sheets(_ bytes: UnsafeRawBufferPointer, _ attribute: Word) -> Int32 {
    // Nearly all counts are one digit.
    if bytes.count == 1, bytes[0] &- 0x30 < 10 { return Int32(bytes[0] &- 0x30) }
    return Int32(number(bytes, maximum: 9999, attribute: attribute) ?? 0)
  }

  mutating func endDocument() -> Bool {
    let isProved = proof.proves(byteCount: trimmed(content).count, of: .document)
    manifest.dossierDocumentCount += 1
    guard manifest.dossierDocumentCount <= ManifestState.greatestDocumentCount else {
      if manifest.dossierDocumentCount == ManifestState.greatestDocumentCount + 1 {
        report(
          .numberOutOfRange, item: itemText, expected: "0-\(ManifestState.greatestDocumentCount)",
          found: "> \(ManifestState.greatestDocumentCount)")
      }
      return isProved
    }
    guard manifest.dossierIsUsable else { return isProved }
    manifest.document.name = keepContent().range
    manifest.batch.documents.append(manifest.document)
    return isProved
  }

  // MARK: Texts

  /// A text of the batch at hand.
  private func text(_ range: TextRange) -> String {
    let start = manifest.texts.bytes(from: Int(range.offset))
    return String(decoding: start.prefix(Int(range.length)), as: UTF8.self)
  }

  /// Appends a canonical text to the batch.
  private mutating func keep(_ value: some TextualValue) -> TextRange {
    var text = value.text
    return text.withUTF8 { keep(UnsafeRawBufferPointer($0)) }
  }

  /// Appends bytes that are a canonical text as they stand.
  @inline(__always)
  private mutating func keep(_ bytes: UnsafeRawBufferPointer) -> TextRange {
    let start = manifest.texts.count
    manifest.texts.append(bytes)
    return TextRange(
      offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: bytes.count))
  }

  /// Appends the element's text to the batch, in NFC, white space collapsed.
  ///
  /// - Returns: where it stands, and how many bytes the text has without outer white space.
  @inline(__always)
  mutating func keepContent() -> (range: TextRange, byteCount: Int) {
    let bytes = content
    if manifest.texts.count - manifest.itemStart.text <= ManifestState.greatestItemText,
      NormalizedText.isPlainField(bytes)
    {
      return (keep(bytes), bytes.count)
    }
    return (keepUnusualContent(), trimmed(bytes).count)
  }

  @inline(never)
  private mutating func keepUnusualContent() -> TextRange {
    guard manifest.texts.count - manifest.itemStart.text <= ManifestState.greatestItemText else {
      if manifest.itemIsUsable {
        manifest.itemIsUsable = false
        report(.textTooLong, item: itemText, expected: "\(ManifestState.greatestItemText)")
      }
      return .none
    }
    return NormalizedText.field(Array(trimmed(content))).withUnsafeBytes { keep($0) }
  }
}
