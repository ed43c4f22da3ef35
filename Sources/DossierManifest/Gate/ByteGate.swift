import DossierCore

/// The gate before libxml2: takes the bytes of a document in pieces of any size and hands on UTF-8 that is safe to
/// parse, or refuses.
///
/// It decides size, format, encoding, characters, DOCTYPE and the limits of ``ReadingLimits``; what is well-formed and
/// valid is libxml2's to say. After a refusal nothing more is handed on; what stood before it was.
struct ByteGate {
  /// Takes UTF-8 bytes, and whether the document is in another encoding; the answer false ends the document, and the
  /// gate lets nothing more pass.
  typealias Receiver = (UnsafeBufferPointer<UInt8>, _ isTranscoded: Bool) throws -> Bool

  private enum Phase {
    /// Too few bytes to know the encoding.
    case signature
    /// Perhaps an XML declaration, not complete yet.
    case declaration
    case body
  }

  private let limits: ReadingLimits
  private var phase = Phase.signature
  private var encoding = EncodingSniffer.Encoding.utf8
  /// Bytes of the phases before the body.
  private var head: [UInt8] = []
  private var transcoder = UTF16Transcoder(isBigEndian: false)
  private var transcoded: [UInt8] = []
  private var checker = UTF8Checker()
  private var scanner: MarkupScanner
  private var byteCount = 0
  /// Newlines in everything before the current piece of the body.
  private var newlineCount = 0
  /// The beginning of a character whose rest is in the next piece: the parser gets whole characters only.
  private var incomplete: [UInt8] = []
  private var refusal: GateRefusal?
  private var isEnded = false

  init(limits: ReadingLimits) {
    self.limits = limits
    scanner = MarkupScanner(limits: limits)
  }

  /// - Returns: the refusal; nil while the document may go on.
  mutating func pass(
    _ bytes: UnsafeBufferPointer<UInt8>, to receiver: Receiver
  ) rethrows -> GateRefusal? {
    guard refusal == nil, !isEnded, !bytes.isEmpty else { return refusal }
    byteCount += bytes.count
    guard byteCount <= limits.byteCount else {
      return refuse(.tooLarge, expected: "\(limits.byteCount)", found: nil)
    }
    guard phase == .signature else { return try decode(bytes, to: receiver) }
    head.append(contentsOf: bytes)
    guard head.count >= EncodingSniffer.byteCount else { return nil }
    return try openHead(to: receiver)
  }

  /// The document has no more bytes.
  /// - Returns: the refusal, if it may not end here.
  mutating func finish(_ receiver: Receiver) rethrows -> GateRefusal? {
    guard refusal == nil, !isEnded else { return refusal }
    if phase == .signature, let refused = try openHead(to: receiver) { return refused }
    if phase == .declaration {
      phase = .body
      let start = head
      head = []
      if let refused = try start.withUnsafeBufferPointer({ try body($0, to: receiver) }) { return refused }
    }
    guard !isEnded else { return nil }
    guard !scanner.isBlank else { return refuse(.emptyInput) }
    guard scanner.isComplete else { return refuse(.truncated) }
    guard checker.isBetweenCharacters, transcoder.isBetweenCharacters else {
      return refuse(.malformedEncoding)
    }
    return nil
  }

  // MARK: Before the body

  private mutating func openHead(to receiver: Receiver) rethrows -> GateRefusal? {
    switch EncodingSniffer.sniff(head) {
    case .refused(let code, let found):
      return refuse(code, expected: code == .encodingNotAllowed ? "UTF-8" : "XML", found: found)
    case .text(let encoding, let markCount):
      self.encoding = encoding
      if case .utf16(let isBigEndian) = encoding { transcoder = UTF16Transcoder(isBigEndian: isBigEndian) }
      phase = .declaration
      let start = head
      head = []
      return try start.withUnsafeBufferPointer {
        try decode(UnsafeBufferPointer(rebasing: $0.dropFirst(markCount)), to: receiver)
      }
    }
  }

  private mutating func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, to receiver: Receiver
  ) rethrows -> GateRefusal? {
    guard encoding != .utf8 else { return try route(bytes, to: receiver) }
    transcoded.removeAll(keepingCapacity: true)
    let isStrict = transcoder.append(bytes, to: &transcoded)
    let units = transcoded
    let refused = try units.withUnsafeBufferPointer { try route($0, to: receiver) }
    if let refused { return refused }
    return isStrict ? nil : refuse(.malformedEncoding)
  }

  private mutating func route(
    _ bytes: UnsafeBufferPointer<UInt8>, to receiver: Receiver
  ) rethrows -> GateRefusal? {
    guard phase == .declaration else { return try body(bytes, to: receiver) }
    head.append(contentsOf: bytes)
    switch XMLDeclaration.begins(head) {
    case nil: return nil
    case true?:
      guard let end = XMLDeclaration.end(head) else {
        return head.count > XMLDeclaration.greatestByteCount ? refuse(.notWellFormed) : nil
      }
      if let refused = judge(XMLDeclaration(head[..<end])) { return refused }
    case false?: break
    }
    phase = .body
    let start = head
    head = []
    return try start.withUnsafeBufferPointer { try body($0, to: receiver) }
  }

  private mutating func judge(_ declaration: XMLDeclaration?) -> GateRefusal? {
    guard let declaration else { return refuse(.notWellFormed) }
    guard declaration.version == "1.0" else {
      return refuse(.notWellFormed, expected: "1.0", found: String(declaration.version.prefix(20)))
    }
    guard let declared = declaration.encoding?.uppercased() else { return nil }
    let allowed: Set<String> =
      switch encoding {
      case .utf8: ["UTF-8", "UTF8"]
      case .utf16(let isBigEndian): ["UTF-16", isBigEndian ? "UTF-16BE" : "UTF-16LE"]
      }
    guard allowed.contains(declared) else {
      return refuse(
        .encodingNotAllowed, expected: encoding == .utf8 ? "UTF-8" : "UTF-16",
        found: String(declared.prefix(40)))
    }
    return nil
  }

  // MARK: Body

  private mutating func body(
    _ bytes: UnsafeBufferPointer<UInt8>, to receiver: Receiver
  ) rethrows -> GateRefusal? {
    let fault = checker.check(bytes)
    let sound = fault.map { UnsafeBufferPointer(rebasing: bytes[..<$0.offset]) } ?? bytes
    let stop = scanner.scan(sound)
    let safe = stop.map { UnsafeBufferPointer(rebasing: bytes[..<$0.offset]) } ?? sound
    newlineCount += Self.newlines(safe)
    try emit(safe, to: receiver)
    if let stop { return refuse(stop.code, expected: stop.expected.map(String.init), found: nil) }
    switch fault?.fault {
    case nil: return nil
    case .encoding: return refuse(.malformedEncoding)
    case .character(let value): return refuse(.forbiddenCharacter, found: Self.name(ofCharacter: value))
    }
  }

  private mutating func emit(_ bytes: UnsafeBufferPointer<UInt8>, to receiver: Receiver) rethrows {
    guard !isEnded else { return }
    var rest = bytes
    if !incomplete.isEmpty {
      while let byte = rest.first, byte & 0xC0 == 0x80 {
        incomplete.append(byte)
        rest = UnsafeBufferPointer(rebasing: rest.dropFirst())
      }
      let isWhole = incomplete.withUnsafeBufferPointer { Self.incompleteCount($0) == 0 }
      guard isWhole else { return }
      let character = incomplete
      incomplete = []
      guard try character.withUnsafeBufferPointer({ try receiver($0, encoding != .utf8) }) else {
        isEnded = true
        return
      }
    }
    let tail = Self.incompleteCount(rest)
    incomplete = Array(rest.suffix(tail))
    let whole = UnsafeBufferPointer(rebasing: rest.dropLast(tail))
    if !whole.isEmpty, try !receiver(whole, encoding != .utf8) { isEnded = true }
  }

  /// How many bytes at the end begin a character that is not complete.
  private static func incompleteCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    while count < min(3, bytes.count) {
      count += 1
      let byte = bytes[bytes.count - count]
      if byte < 0x80 { return 0 }
      guard byte >= 0xC0 else { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      return count < length ? count : 0
    }
    return 0
  }

  private static func newlines(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var total = 0
    var index = 0
    while index < bytes.count {
      // So few that a byte can count them: then this is a handful of vector instructions.
      let end = min(bytes.count, index + 240)
      var few: UInt8 = 0
      while index < end {
        few &+= bytes[index] == 0x0A ? 1 : 0
        index += 1
      }
      total += Int(few)
    }
    return total
  }

  // MARK: Refusing

  private mutating func refuse(_ code: FindingCode, expected: String? = nil, found: String? = nil)
    -> GateRefusal
  {
    let refused = GateRefusal(code, line: newlineCount + 1, expected: expected, found: found)
    refusal = refused
    return refused
  }

  /// `U+001B`.
  private static func name(ofCharacter value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
