import CXMLReader
import DossierCore

/// Turns what the parser says into items, events and findings. One handler serves one document.
///
/// It never calls the sink: what is complete waits in `manifest` or `events` until the reader fetches it between two
/// pieces of the document, so that nothing is thrown through libxml2.
struct DocumentHandler: ~Copyable {
  var findings: FindingCollector
  let limits: ReadingLimits
  /// Milliseconds since 1970 UTC; later statements get a warning.
  let latestTime: Int64?
  var manifest = ManifestState()
  var events = EventState()
  var proof: Proof
  /// The text of the element that is being closed, as given; valid while it is.
  private(set) var content = UnsafeRawBufferPointer(start: nil, count: 0)

  private var open: OpenElements
  /// The innermost element is closing: errors about it still come.
  private var isClosing = false
  /// Number of open elements up to the first that does not belong where it stands; 0 when all do. What is inside
  /// such an element is left to the schema, which has refused it.
  private var misplacedDepth = 0

  /// - Parameter proves: whether to spare the schema what is proved here; the result does not depend on it.
  init(file: String, limits: ReadingLimits, latestTime: Int64?, proves: Bool) {
    self.limits = limits
    self.latestTime = latestTime
    findings = FindingCollector(file: file, limit: limits.findings)
    proof = Proof(isOn: proves)
    open = OpenElements(capacity: limits.depth + 1)
  }

  // MARK: Callbacks

  /// - Returns: an `xr_answer`, with `XR_TEXT` for an element of text.
  mutating func start(_ word: Word?, line: Int, _ attributes: Attributes) -> Int32 {
    settle()
    let parent = open.last?.word
    let isRoot = open.count == 0
    open.push(word, line: line)
    guard misplacedDepth == 0 else { return XR_CHECK.rawValue }
    guard let word, Self.belongs(word, in: parent, isRoot: isRoot) else {
      misplacedDepth = open.count
      return XR_CHECK.rawValue
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
    let answer = proof.start(word, attributes, isRepeated: manifest.itemCount > 1)
    return answer.rawValue | (Self.hasText(word) ? XR_TEXT.rawValue : 0)
  }

  /// - Parameter text: what came of the element's text; valid during the call.
  mutating func end(_ word: Word?, _ text: UnsafeRawBufferPointer) -> xr_answer {
    settle()
    isClosing = true
    guard misplacedDepth == 0, let word else { return XR_CHECK }
    content = text
    switch word {
    case .acceptedAt: return answer(endAcceptedAt() && isTrimmed)
    case .weight: return answer(endWeight() && isTrimmed)
    case .condition: return answer(endCondition() && isTrimmed)
    case .fee: return answer(endFee() && isTrimmed)
    case .received: return answer(set(\.received, contentDay()))
    case .due: return answer(set(\.due, endDue()))
    case .result: return answer(set(\.result, contentDay()))
    case .name, .phone, .address: return answer(endContactPart(word))
    case .field: return answer(endText(word) { $0.field = $1 })
    case .agency: return answer(endText(word) { $0.agency = $1 })
    case .applicant: return answer(endText(word) { $0.applicant = $1 })
    case .document: return answer(endDocument())
    case .dossier: endDossier()
    case .item: endItem()
    case .person: endPerson()
    case .reason: events.reason = contentText()
    case .reference: events.reference = referenceText()
    case .note: events.note = contentText()
    case .event: endEvent()
    default: break
    }
    return answer(proof.end(word))
  }

  @inline(__always)
  private mutating func endText(_ word: Word, _ set: (inout DossierRecord, TextRange) -> Void) -> Bool {
    let text = keepContent()
    set(&manifest.dossier, text.range)
    return proof.proves(byteCount: text.byteCount, of: word)
  }

  private func answer(_ isProved: Bool) -> xr_answer { isProved ? XR_PROVED : XR_CHECK }

  private mutating func set(_ day: WritableKeyPath<DossierRecord, Int32>, _ value: Int32?) -> Bool {
    manifest.dossier[keyPath: day] = value ?? DossierRecord.noDay
    return value != nil && isTrimmed
  }

  mutating func error(_ error: xr_error) {
    // Texts between tags are not told; the error knows whether one has come since.
    if !error.is_closing { settle() }
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
          .notWellFormed, line: Self.line(error), path: open.count == 0 ? nil : path,
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
    open.pop()
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
  var parent: Word? { open.lastButOne?.word }

  /// Line of the innermost element's start tag.
  var line: Int { open.last?.line ?? 0 }

  /// `/manifest/items/item`
  var path: String {
    var path = ""
    for position in 0..<open.count { path += "/" + (open[position].word?.text ?? "*") }
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

  /// Whether there is no outer white space. libxml2 forgets to collapse it before some of its own types (xs:date), and
  /// its verdict counts.
  private var isTrimmed: Bool { trimmed(content).count == content.count }

  /// The collected text as it is kept: NFC, white space collapsed; nil when empty.
  func contentText() -> String? {
    let field = NormalizedText.field(Array(trimmed(content)))
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
