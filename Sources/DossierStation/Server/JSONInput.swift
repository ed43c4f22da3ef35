/// A JSON value (RFC 8259) that somebody sent, read strictly: UTF-8, each name of an object once, nothing after the value,
/// no deeper than ``greatestDepth``.
enum JSONInput: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number with a fraction or exponent, or beyond 64 bits.
  case decimal(Double)
  case string(String)
  case array([JSONInput])
  case object([String: JSONInput])

  static let greatestDepth = 16

  /// Where the text stops being JSON, and why.
  struct Malformed: Error, Hashable {
    var offset: Int
    var reason: String
  }

  init(_ bytes: [UInt8]) throws(Malformed) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Malformed(offset: 0, reason: "UTF-8") }
    var reader = JSONInputReader(bytes)
    self = try reader.document()
  }

  /// nil when it is no string.
  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A whole number however it is written, `5` or `5.0`; nil for anything else.
  var whole: Int64? {
    switch self {
    case .integer(let number): number
    case .decimal(let number): Int64(exactly: number)
    default: nil
    }
  }

  /// The kind of value, as an error names it.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .decimal: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

private struct JSONInputReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONInput.Malformed) -> JSONInput {
    let value = try value(depth: 0)
    skipBlanks()
    guard position == bytes.count else { throw wrong("text after the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONInput.Malformed) -> JSONInput {
    skipBlanks()
    guard depth <= JSONInput.greatestDepth else { throw wrong("too deep") }
    guard let current else { throw wrong("no value") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw wrong("no value")
    }
  }

  private mutating func object(depth: Int) throws(JSONInput.Malformed) -> JSONInput {
    position += 1
    var members: [String: JSONInput] = [:]
    skipBlanks()
    if skip(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      let start = position
      let name = try string()
      skipBlanks()
      guard skip(UInt8(ascii: ":")) else { throw wrong("no colon") }
      guard members.updateValue(try value(depth: depth), forKey: name) == nil else {
        throw JSONInput.Malformed(offset: start, reason: "a name twice")
      }
      skipBlanks()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw wrong("no end of object") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONInput.Malformed) -> JSONInput {
    position += 1
    var elements: [JSONInput] = []
    skipBlanks()
    if skip(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth))
      skipBlanks()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw wrong("no end of array") }
    return .array(elements)
  }

  private mutating func number() throws(JSONInput.Malformed) -> JSONInput {
    let start = position
    _ = skip(UInt8(ascii: "-"))
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw wrong("number") }
    var isInteger = true
    if skip(UInt8(ascii: ".")) {
      isInteger = false
      guard digits() > 0 else { throw wrong("number") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      guard digits() > 0 else { throw wrong("number") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let integer = Int64(text) { return .integer(integer) }
    guard let decimal = Double(text), decimal.isFinite else { throw wrong("number") }
    return .decimal(decimal)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func string() throws(JSONInput.Malformed) -> String {
    guard skip(UInt8(ascii: "\"")) else { throw wrong("no string") }
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: String(Character(try escape())).utf8)
      case 0..<0x20: throw wrong("control character")
      default: text.append(byte)
      }
    }
    throw wrong("no end of string")
  }

  private mutating func escape() throws(JSONInput.Malformed) -> Unicode.Scalar {
    guard let letter = current else { throw wrong("escape") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      guard unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else { throw wrong("surrogate") }
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw wrong("surrogate") }
      return scalar
    default: throw wrong("escape")
    }
  }

  private mutating func hexadecimal() throws(JSONInput.Malformed) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw wrong("escape")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONInput
  ) throws(JSONInput.Malformed) -> JSONInput {
    guard word.withUTF8Buffer({ bytes[position...].starts(with: $0) }) else { throw wrong("no value") }
    position += word.utf8CodeUnitCount
    return value
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func wrong(_ reason: String) -> JSONInput.Malformed {
    JSONInput.Malformed(offset: position, reason: reason)
  }
}
