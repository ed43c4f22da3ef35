/// A JSON value (RFC 8259) for output: object members keep the order they were given in, and the same value
/// always gives the same bytes.
///
/// Integers are written as they are, decimals in the shortest form that reads back as the same number (never
/// with an exponent), infinities and "not a number" as `null`.
public enum JSONOutput: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case unsigned(UInt64)
  case decimal(Double)
  case string(String)
  case array([JSONOutput])
  case object([Member])

  /// One name and value of an object. Names are the caller's to keep distinct.
  public struct Member: Equatable, Sendable {
    public let key: String
    public let value: JSONOutput

    public init(key: String, value: JSONOutput) {
      self.key = key
      self.value = value
    }
  }

  /// The string, or `null` for nil.
  public static func string(orNull text: String?) -> JSONOutput { text.map(JSONOutput.string) ?? .null }

  /// The number, or `null` for nil.
  public static func decimal(orNull number: Double?) -> JSONOutput {
    number.map(JSONOutput.decimal) ?? .null
  }

  /// The value as text without a final newline.
  /// - Parameter pretty: one member or element a line, indented by two blanks; otherwise everything on one
  ///   line without blanks, as NDJSON needs.
  public func text(pretty: Bool) -> String {
    var output = ""
    write(to: &output, depth: pretty ? 0 : nil)
    return output
  }

  /// - Parameter depth: nesting of this value when it is printed one element a line, nil when compact.
  private func write(to output: inout String, depth: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .unsigned(let value): output += String(value)
    case .decimal(let value): output += NumberText.plain(value) ?? "null"
    case .string(let value): Self.writeQuoted(value, to: &output)
    case .array(let elements):
      Self.writeList(elements, between: ("[", "]"), to: &output, depth: depth) { element, output, inner in
        element.write(to: &output, depth: inner)
      }
    case .object(let members):
      Self.writeList(members, between: ("{", "}"), to: &output, depth: depth) { member, output, inner in
        Self.writeQuoted(member.key, to: &output)
        output += inner == nil ? ":" : ": "
        member.value.write(to: &output, depth: inner)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], between brackets: (open: String, close: String), to output: inout String,
    depth: Int?, writeElement: (Element, inout String, Int?) -> Void
  ) {
    output += brackets.open
    let inner = depth.map { $0 + 1 }
    for (index, element) in elements.enumerated() {
      if index > 0 { output += "," }
      if let inner { output += "\n" + String(repeating: "  ", count: inner) }
      writeElement(element, &output, inner)
    }
    if let depth, !elements.isEmpty { output += "\n" + String(repeating: "  ", count: depth) }
    output += brackets.close
  }

  private static func writeQuoted(_ text: String, to output: inout String) {
    output += "\""
    // Almost no text needs an escape, and a whole text is appended many times faster than its scalars.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) else {
      output += text + "\""
      return
    }
    // By scalar: a quotation mark followed by a combining mark is one Character and would slip through.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}":
        let code = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}

extension JSONOutput: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: JSONOutput...) { self = .array(elements) }

  /// Keeps the members in the order they are written.
  public init(dictionaryLiteral elements: (String, JSONOutput)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
