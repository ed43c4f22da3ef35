#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import DossierCore

/// Walks over the markup of a document and stops at what must not reach the parser: a DOCTYPE wherever it stands, and
/// anything beyond the limits. It is no parser: it follows tags, quotes, comments, CDATA sections and processing
/// instructions as XML 1.0 does, and where a document is not well-formed libxml2 stops at that place or before.
struct MarkupScanner {
  private enum Mode {
    case text
    /// After `<`.
    case open
    /// In a start tag, outside quotes.
    case startTag
    /// In an attribute value, until this quote.
    case value(UInt8)
    case endTag
    /// After `<!`, with so many bytes of `--` or `[CDATA[` seen.
    case declaration(isCDATA: Bool, matched: Int)
    case comment
    case cdata
    case instruction
  }

  /// A limit that was passed, or a DOCTYPE, and the offset in the chunk of the first byte not to be handed on.
  struct Stop {
    var code: FindingCode
    var offset: Int
    var expected: Int?
  }

  private let limits: ReadingLimits
  /// ``tagStops``, fetched once: asking for a static in the innermost loop costs more than the loop.
  private let stops = Self.tagStops
  private var mode = Mode.text
  private(set) var depth = 0
  private(set) var hasRoot = false
  /// Bytes since the last tag, in text and CDATA sections.
  private var textCount = 0
  private var commentCount = 0
  private var attributeCount = 0
  private var valueCount = 0
  private var tagCount = 0
  /// Bytes of the name at the end of the previous chunk.
  private var nameCount = 0
  /// The two bytes before the current place inside comments, CDATA sections, instructions and tags.
  private var before: (UInt8, UInt8) = (0, 0)

  init(limits: ReadingLimits) { self.limits = limits }

  /// Whether there was nothing but white space so far: no `<`.
  private(set) var isBlank = true

  /// Whether the document could end here: outside all markup and elements.
  var isComplete: Bool {
    if case .text = mode { return depth == 0 && hasRoot }
    return false
  }

  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Stop? {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return nil }
    let end = start + bytes.count
    var place = start
    while place < end {
      let stop: Stop?
      switch mode {
      case .text: stop = text(start, &place, end)
      case .open: stop = open(start, &place)
      case .startTag: stop = startTag(start, &place, end)
      case .value(let quote): stop = value(quote, start, &place, end)
      case .endTag: stop = endTag(start, &place, end)
      case .declaration(let isCDATA, let matched): stop = declaration(isCDATA, matched, start, &place)
      case .comment: stop = until("-", count: 2, start, &place, end)
      case .cdata: stop = until("]", count: 2, start, &place, end)
      case .instruction: stop = until("?", count: 1, start, &place, end)
      }
      if let stop { return stop }
    }
    return nil
  }

  // MARK: Text

  private mutating func text(
    _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Stop? {
    let found = Self.find("<", place, end)
    textCount += (found ?? end) - place
    guard textCount <= limits.text else {
      return Stop(code: .textTooLong, offset: place - start, expected: limits.text)
    }
    guard let found else {
      place = end
      return nil
    }
    place = found + 1
    mode = .open
    isBlank = false
    return nil
  }

  /// The byte after `<` says what begins.
  private mutating func open(_ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>) -> Stop? {
    switch place.pointee {
    case UInt8(ascii: "/"):
      mode = .endTag
      tagCount = 0
      place += 1
    case UInt8(ascii: "!"):
      mode = .declaration(isCDATA: false, matched: 0)
      place += 1
    case UInt8(ascii: "?"):
      mode = .instruction
      before = (0, 0)
      place += 1
    default:
      mode = .startTag
      (tagCount, attributeCount, nameCount, textCount) = (0, 0, 0, 0)
      before = (0, 0)
      guard depth < limits.depth else {
        return Stop(code: .tooDeep, offset: place - start, expected: limits.depth)
      }
    }
    return nil
  }

  // MARK: Tags

  private mutating func startTag(
    _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Stop? {
    let from = place
    var current = place
    while current < end, stops[Int(current.pointee)] == 0 { current += 1 }
    tagCount += current - from
    guard tagCount <= limits.tag else {
      return Stop(code: .attributeTooLong, offset: from - start, expected: limits.tag)
    }
    if nameCount + (current - from) > limits.name, let offset = longName(from, current) {
      return Stop(code: .nameTooLong, offset: from + offset - start, expected: limits.name)
    }
    if current == end {
      nameCount = trailingName(from, current)
      before.1 = (current - 1).pointee
      place = end
      return nil
    }
    nameCount = 0
    place = current + 1
    guard current.pointee == UInt8(ascii: ">") else {
      attributeCount += 1
      guard attributeCount <= limits.attributes else {
        return Stop(code: .tooManyAttributes, offset: from - start, expected: limits.attributes)
      }
      valueCount = 0
      mode = .value(current.pointee)
      return nil
    }
    let last = current > from ? (current - 1).pointee : before.1
    if last != UInt8(ascii: "/") { depth += 1 }
    hasRoot = true
    mode = .text
    return nil
  }

  private mutating func value(
    _ quote: UInt8, _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>
  ) -> Stop? {
    let found = Self.find(quote, place, end)
    let count = (found ?? end) - place
    valueCount += count
    tagCount += count
    guard valueCount <= limits.attributeValue else {
      return Stop(code: .attributeTooLong, offset: place - start, expected: limits.attributeValue)
    }
    guard let found else {
      place = end
      return nil
    }
    place = found + 1
    before.1 = quote
    mode = .startTag
    return nil
  }

  private mutating func endTag(
    _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Stop? {
    let found = Self.find(">", place, end)
    tagCount += (found ?? end) - place
    // libxml2 compares the name with the start tag's; only the length of the tag matters here.
    guard tagCount <= limits.name * 16 else {
      return Stop(code: .nameTooLong, offset: place - start, expected: limits.name)
    }
    guard let found else {
      place = end
      return nil
    }
    place = found + 1
    depth -= 1
    textCount = 0
    mode = .text
    return nil
  }

  /// Offset of the byte that makes a name too long; `from` begins `nameCount` bytes into a name.
  private func longName(_ from: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int? {
    var run = nameCount
    for offset in 0..<(end - from) {
      run = Self.isNameByte(from[offset]) ? run + 1 : 0
      if run > limits.name { return offset }
    }
    return nil
  }

  /// Bytes of the name that the chunk breaks off in.
  private func trailingName(_ from: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int {
    var count = 0
    while end - count > from, Self.isNameByte((end - count - 1).pointee) { count += 1 }
    return end - count == from ? nameCount + count : count
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "/")
  }

  // MARK: Comments, CDATA sections, instructions

  /// After `<!`: a comment or a CDATA section; everything else is a DOCTYPE or what belongs into one.
  private mutating func declaration(
    _ isCDATA: Bool, _ matched: Int, _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>
  ) -> Stop? {
    let byte = place.pointee
    let isSection = matched == 0 ? byte == UInt8(ascii: "[") : isCDATA
    let expected: StaticString = isSection ? "[CDATA[" : "--"
    guard byte == expected.utf8Start[matched] else {
      return Stop(code: .documentTypeForbidden, offset: place - start, expected: nil)
    }
    place += 1
    before = (0, 0)
    if matched + 1 < expected.utf8CodeUnitCount {
      mode = .declaration(isCDATA: isSection, matched: matched + 1)
    } else {
      mode = isSection ? .cdata : .comment
    }
    return nil
  }

  /// Goes behind the next `>` that follows `count` times `mark`.
  private mutating func until(
    _ mark: Unicode.Scalar, count: Int, _ start: UnsafePointer<UInt8>, _ place: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>
  ) -> Stop? {
    let mark = UInt8(ascii: mark)
    let from = place
    let found = Self.find(">", place, end)
    let stopAt = found ?? end
    let length = stopAt - from
    if case .cdata = mode {
      textCount += length
      guard textCount <= limits.text else {
        return Stop(code: .textTooLong, offset: from - start, expected: limits.text)
      }
    } else {
      commentCount += length
      guard commentCount <= limits.comments else {
        return Stop(code: .commentsTooLong, offset: from - start, expected: limits.comments)
      }
    }
    if length >= 2 {
      before = (from[length - 2], from[length - 1])
    } else if length == 1 {
      before = (before.1, from[0])
    }
    guard found != nil else {
      place = end
      return nil
    }
    place = stopAt + 1
    if before.1 == mark, count == 1 || before.0 == mark {
      mode = .text
    } else {
      before = (before.1, UInt8(ascii: ">"))
    }
    return nil
  }

  // MARK: Searching

  @inline(__always)
  private static func find(
    _ byte: Unicode.Scalar, _ from: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    find(UInt8(ascii: byte), from, end)
  }

  @inline(__always)
  private static func find(
    _ byte: UInt8, _ from: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    memchr(from, Int32(byte), end - from).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
  }

  /// 1 for the bytes at which a walk through a start tag stops. Never freed.
  private nonisolated(unsafe) static let tagStops: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for byte in ">\"'".utf8 { table[Int(byte)] = 1 }
    return UnsafePointer(table)
  }()
}
