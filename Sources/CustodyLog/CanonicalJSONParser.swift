/// Reads JSON of the profile's shapes. It tolerates other spellings, since ``CanonicalJSON`` compares the
/// re-encoded bytes afterwards; what it must do is never crash and name what is wrong.
struct CanonicalJSONParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) throws(CanonicalJSONError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    self.bytes = bytes
  }

  mutating func document() throws(CanonicalJSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipWhiteSpace()
    guard position == bytes.count else { throw .syntax(offset: position) }
    return value
  }

  private mutating func value(depth: Int) throws(CanonicalJSONError) -> JSONValue {
    skipWhiteSpace()
    guard let byte = current else { throw .syntax(offset: position) }
    switch byte {
    case UInt8(ascii: "{"):
      guard depth < CanonicalJSON.greatestDepth else { throw .tooDeep }
      return try object(depth: depth + 1)
    case UInt8(ascii: "["):
      guard depth < CanonicalJSON.greatestDepth else { throw .tooDeep }
      return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    case UInt8(ascii: "t"):
      try expect("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try expect("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      let offset = position
      try expect("null")
      throw .nullNotAllowed(offset: offset)
    default: throw .syntax(offset: position)
    }
  }

  private mutating func object(depth: Int) throws(CanonicalJSONError) -> JSONValue {
    position += 1
    var members: [(String, JSONValue)] = []
    skipWhiteSpace()
    if skip(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipWhiteSpace()
      let key = try string()
      skipWhiteSpace()
      guard skip(UInt8(ascii: ":")) else { throw .syntax(offset: position) }
      members.append((key, try value(depth: depth)))
      skipWhiteSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw .syntax(offset: position) }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(CanonicalJSONError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if skip(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth))
      skipWhiteSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw .syntax(offset: position) }
    return .array(elements)
  }

  private mutating func integer() throws(CanonicalJSONError) -> Int64 {
    let start = position
    let isNegative = skip(UInt8(ascii: "-"))
    let firstDigit = position
    var magnitude: Int64 = 0
    var isTooLarge = false
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      if !isTooLarge { magnitude = magnitude * 10 + Int64(byte - UInt8(ascii: "0")) }
      isTooLarge = magnitude > CanonicalJSON.greatestInteger
      position += 1
    }
    guard position > firstDigit else { throw .syntax(offset: position) }
    switch current {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw .fractionNotAllowed(offset: start)
    default: break
    }
    guard !isTooLarge else { throw .integerOutOfRange }
    return isNegative ? -magnitude : magnitude
  }

  private mutating func string() throws(CanonicalJSONError) -> String {
    guard skip(UInt8(ascii: "\"")) else { throw .syntax(offset: position) }
    var text: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw .controlCharacter
      default:
        text.append(byte)
        position += 1
      }
    }
    throw .syntax(offset: position)
  }

  /// The character of an escape whose backslash has been read.
  private mutating func escape() throws(CanonicalJSONError) -> Unicode.Scalar {
    let offset = position - 1
    guard let letter = current else { throw .syntax(offset: position) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "u"):
      let unit = try hexadecimalUnit()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      guard unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
        throw .loneSurrogate(offset: offset)
      }
      let low = try hexadecimalUnit()
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw .loneSurrogate(offset: offset) }
      return scalar
    default: throw .syntax(offset: position - 1)
    }
  }

  private mutating func hexadecimalUnit() throws(CanonicalJSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw .syntax(offset: position)
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhiteSpace() {
    while let byte = current {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func expect(_ word: StaticString) throws(CanonicalJSONError) {
    let offset = position
    let isThere = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
    guard isThere else { throw .syntax(offset: offset) }
    position += word.utf8CodeUnitCount
  }
}
