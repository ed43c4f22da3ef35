import CXMLReader
import DossierCore

/// Turns what the parser says into items, events and findings. One handler serves one document.
///
/// It never calls the sink: what is complete waits in `manifest` or `events` until the reader fetches it between two
/// pieces of the document, so that nothing is thrown through libxml2.
struct DocumentHandler {
  private struct OpenElement {
    var word: Word?
    var line: Int
  }

  var findings: FindingCollector
  let limits: ReadingLimits
  /// Milliseconds since 1970 UTC; later statements get a warning.
  let latestTime: Int64?
  var manifest = ManifestState()
  var events = EventState()
  var proof: Proof
  /// The text of the element that is open, as far as it has come.
  private var buffer = TextBuffer()

  private var open: [OpenElement] = []
  /// The innermost element is closing: errors about it still come.
  private var isClosing = false
  private var isCapturing = false
  /// Number of open elements up to the first that does not belong where it stands; 0 when all do. What is inside
  /// such an element is left to the schema, which has refused it.
  private var misplacedDepth = 0

  /// - Parameter proves: whether to spare the schema what is proved here; the result does not depend on it.
  init(file: String, limits: ReadingLimits, latestTime: Int64?, proves: Bool) {
    self.limits = limits
    self.latestTime = latestTime
    findings = FindingCollector(file: file, limit: limits.findings)
    proof = Proof(isOn: proves)
    open.reserveCapacity(limits.depth + 1)
  }

  func deallocate() { buffer.deallocate() }

  // MARK: Callbacks

  mutating func start(_ word: Word?, line: Int, _ attributes: Attributes) -> xr_answer {
    settle()
    let parent = open.last?.word
    let isRoot = open.isEmpty
    open.append(OpenElement(word: word, line: line))
    isCapturing = false
    guard misplacedDepth == 0 else { return XR_CHECK }
    guard let word, Self.belongs(word, in: parent, isRoot: isRoot) else {
      misplacedDepth = open.count
      return XR_CHECK
    }
    if Self.hasText(word) {
      buffer.removeAll()
      isCapturing = true
    }
    switch word {
    case .manifest: startManifest(line, attributes)
    case .giver, .receiver: startParty(word, line, attributes)
    case .person: startPerson(of: parent, attributes)
    case .container: startContainer(line, attributes)
    case .declared: startDeclared(line, attributes)
    case .items: startItems()
    case .item: startItem(line, attributes)
    case .dossier: startDossier(line, attributes)
    case .document: startDocument(attributes)
    case .event: startEvent(line, attributes)
    case .damage: startDamage(attributes)
    default: break
    }
    return proof.start(word, attributes, isRepeated: manifest.itemCount > 1)
  }

  mutating func end(_ word: Word?) -> xr_answer {
    settle()
    isClosing = true
    isCapturing = false
    guard misplacedDepth == 0, let word else { return XR_CHECK }
    switch word {
    case .acceptedAt: return answer(endAcceptedAt() && isTrimmed)
    case .weight: return answer(endWeight() && isTrimmed)
    case .condition: return answer(endCondition() && isTrimmed)
    case .fee: return answer(endFee() && isTrimmed)
    case .name, .phone, .address:
      endContactPart(word)
      return answer(proof.proves(text: content, of: word))
    case .field: manifest.dossier.field = keepContent()
    case .agency: manifest.dossier.agency = keepContent()
    case .applicant: manifest.dossier.applicant = keepContent()
    case .received: return answer(set(\.received, contentDay()))
    case .due: return answer(set(\.due, endDue()))
    case .result: return answer(set(\.result, contentDay()))
    case .document: endDocument()
    case .dossier: endDossier()
    case .item: endItem()
    case .person: endPerson()
    case .reason: events.reason = contentText()
    case .reference: events.reference = contentText()
    case .note: events.note = contentText()
    case .event: endEvent()
    default: break
    }
    return answer(proof.end(word, content: content))
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> xr_answer {
    settle()
    if isCapturing {
      buffer.append(bytes)
      return XR_PROVED
    }
    for byte in bytes where !isXMLSpace(byte) { return XR_CHECK }
    return XR_BLANK
  }

  private func answer(_ isProved: Bool) -> xr_answer { isProved ? XR_PROVED : XR_CHECK }

  private mutating func set(_ day: WritableKeyPath<DossierRecord, Int32>, _ value: Int32?) -> Bool {
    manifest.dossier[keyPath: day] = value ?? DossierRecord.noDay
    return value != nil && isTrimmed
  }

  mutating func error(_ error: xr_error) {
    let message = String(cString: error.message)
    switch error.origin {
    case Int32(XR_ORIGIN_SCHEMA):
      let schema = SchemaMessage(message)
      let place = path + (schema.attribute.map { "/@\($0)" } ?? "")
      findings.withdraw(line: Int(error.line), path: place)
      let finding = Finding(
        .schemaViolation, line: Self.line(error), path: place, expected: schema.expected,
        detail: schema.detail)
      // One text may come in pieces, and libxml2 complains about each.
      guard !(schema.isAboutText && findings.endsLike(finding)) else { return }
      findings.add(finding)
    default:
      findings.add(
        Finding(
          .notWellFormed, line: Self.line(error), path: open.isEmpty ? nil : path,
          detail: SyntaxMessage.detail(message, code: error.code)))
    }
  }

  private static func line(_ error: xr_error) -> Int? { error.line > 0 ? Int(error.line) : nil }

  /// Takes the element that was closed before off the stack.
  @inline(__always)
  private mutating func settle() {
    guard isClosing else { return }
    isClosing = false
    if misplacedDepth == open.count { misplacedDepth = 0 }
    open.removeLast()
  }

  // MARK: Places

  /// Whether the languages have `word` inside `parent`. Order and number are the schema's business.
  private static func belongs(_ word: Word, in parent: Word?, isRoot: Bool) -> Bool {
    guard !isRoot else { return word == .manifest || word == .events }
    switch parent {
    case .manifest:
      return word == .giver || word == .receiver || word == .containers || word == .declared || word == .items
    case .giver, .receiver: return word == .person
    case .containers: return word == .container
    case .items: return word == .item
    case .item:
      switch word {
      case .acceptedAt, .weight, .condition, .sender, .recipient, .fee, .dossier: return true
      default: return false
      }
    case .sender, .recipient: return word == .name || word == .phone || word == .address
    case .dossier:
      switch word {
      case .field, .agency, .applicant, .received, .due, .result, .document: return true
      default: return false
      }
    case .events: return word == .event
    case .event: return word == .reason || word == .damage || word == .reference || word == .note
    default: return false
    }
  }

  /// Whether `word` holds text and no elements.
  private static func hasText(_ word: Word) -> Bool {
    switch word {
    case .person, .acceptedAt, .weight, .condition, .fee, .name, .phone, .address, .field, .agency,
      .applicant,
      .received, .due, .result, .document, .reason, .reference, .note:
      true
    default: false
    }
  }

  /// The element around the innermost one.
  var parent: Word? { open.count > 1 ? open[open.count - 2].word : nil }

  /// Line of the innermost element's start tag.
  var line: Int { open.last?.line ?? 0 }

  /// `/manifest/items/item`
  var path: String {
    var path = ""
    for element in open { path += "/" + (element.word?.text ?? "*") }
    return path
  }

  // MARK: Findings

  /// A finding about the innermost element or one of its attributes.
  mutating func report(
    _ code: FindingCode, _ severity: Finding.Severity? = nil, attribute: Word? = nil, line: Int? = nil,
    item: String? = nil, expected: String? = nil, found: String? = nil
  ) {
    findings.add(
      Finding(
        code, severity: severity, line: line ?? self.line,
        path: path + (attribute.map { "/@\($0.text)" } ?? ""),
        item: item, expected: expected, found: found))
  }

  // MARK: Content

  /// The collected text without outer white space, valid until the next element.
  var content: UnsafeRawBufferPointer { trimmed(buffer.bytes) }

  /// Whether there is no outer white space. libxml2 forgets to collapse it before some of its own types (xs:date), and
  /// its verdict counts.
  private var isTrimmed: Bool { content.count == buffer.bytes.count }

  /// The collected text as it is kept: NFC, white space collapsed; nil when empty.
  func contentText() -> String? {
    let field = NormalizedText.field(Array(content))
    return field.isEmpty ? nil : String(decoding: field, as: UTF8.self)
  }
}

/// `bytes` without outer white space of XML.
@inline(__always)
func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var start = 0
  var end = bytes.count
  while start < end, isXMLSpace(bytes[start]) { start += 1 }
  while end > start, isXMLSpace(bytes[end - 1]) { end -= 1 }
  return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

@inline(__always)
func isXMLSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

/// A refused code as a finding may show it; nil when it might be a name or a sentence.
func shownCode(_ bytes: UnsafeRawBufferPointer) -> String? {
  guard bytes.count <= 40 else { return nil }
  var hasDigit = false
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): break
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: " "): break
    default: return nil
    }
  }
  return hasDigit ? String(decoding: bytes, as: UTF8.self) : nil
}
