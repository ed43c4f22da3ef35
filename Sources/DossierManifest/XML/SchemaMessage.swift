import CXMLReader

/// libxml2's sentence about an error, with everything taken out that a document may have put in.
///
/// libxml2 quotes values, and a value may be a name, a telephone number or an address. What stays is chosen, never what
/// goes: the kind of rule, the names of our own languages, limits that are digits.
struct SchemaMessage: Hashable {
  /// `Element 'phone': [facet 'maxLength']`
  var detail: String
  /// What the schema wants, where it can be told: a list of elements, or a limit.
  var expected: String?
  /// The attribute that the error is about.
  var attribute: String?
  /// Whether it is about text where there may be none.
  var isAboutText: Bool { detail.contains("haracter content") }

  init(_ message: String) {
    let text = Self.withoutNamespaces(message)
    let subject = Self.subject(text)
    attribute = subject.attribute
    let rule = Self.rule(text)
    detail = subject.element.map { "Element '\($0)'" } ?? "Document"
    if let attribute { detail += ", attribute '\(attribute)'" }
    detail += ": " + rule.words
    expected = rule.expected
  }

  // MARK: Parts

  private static func withoutNamespaces(_ message: String) -> String {
    var text = Substring(message)
    var result = ""
    while let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") {
      let inner = text[text.index(after: open)..<close]
      result += text[..<open]
      if inner != DocumentSchemas.manifestNamespace, inner != DocumentSchemas.eventsNamespace {
        result += text[open...close]
      }
      text = text[text.index(after: close)...]
    }
    return result + text
  }

  /// `Element 'x'` and `, attribute 'y'` at the start, when both are names we know.
  private static func subject(_ text: String) -> (element: String?, attribute: String?) {
    guard text.hasPrefix("Element '") else { return (nil, nil) }
    let afterElement = text.dropFirst("Element '".count)
    guard let end = afterElement.firstIndex(of: "'") else { return (nil, nil) }
    let element = known(afterElement[..<end])
    let rest = afterElement[afterElement.index(after: end)...]
    guard rest.hasPrefix(", attribute '") else { return (element, nil) }
    let afterAttribute = rest.dropFirst(", attribute '".count)
    guard let last = afterAttribute.firstIndex(of: "'") else { return (element, nil) }
    return (element, known(afterAttribute[..<last]))
  }

  private static let words = Set(Word.allCases.map(\.text))

  private static func known(_ name: Substring) -> String? {
    words.contains(String(name)) ? String(name) : nil
  }

  /// Sentences without a value in them, as libxml2 writes them.
  private static let fixedSentences = [
    "This element is not expected.", "Missing child element(s).",
    "No matching global declaration available for the validation root.",
    "Character content other than whitespace is not allowed because the content type is 'element-only'.",
    "Character content is not allowed, because the content type is empty.",
    "Element content is not allowed, because the content type is a simple type definition.",
    "Element content is not allowed, because the type definition is simple.",
    "Neither character nor element content is allowed because the element is 'nilled'.",
    "The element is not 'nillable'.",
  ]

  private static let facets = [
    "length", "minLength", "maxLength", "enumeration", "pattern", "whiteSpace", "minInclusive",
    "maxInclusive",
    "minExclusive", "maxExclusive", "totalDigits", "fractionDigits",
  ]

  private static func rule(_ text: String) -> (words: String, expected: String?) {
    if let facet = facets.first(where: { text.contains(": [facet '\($0)']") }) {
      return ("[facet '\(facet)']", limit(in: text))
    }
    for sentence in fixedSentences where text.contains(": \(sentence)") {
      return (sentence, expectedElements(in: text))
    }
    for name in Word.allCases.map(\.text) {
      if text.contains(": The attribute '\(name)' is required but missing.") {
        return ("The attribute '\(name)' is required but missing.", name)
      }
      if text.contains(": The attribute '\(name)' is not allowed.")
        || text.contains(", attribute '\(name)': The attribute '\(name)' is not allowed.")
      {
        return ("The attribute '\(name)' is not allowed.", nil)
      }
    }
    if text.contains("is not allowed.") { return ("This attribute is not allowed.", nil) }
    if let type = atomicType(in: text) { return ("not a valid value of the type '\(type)'", type) }
    return ("not valid", nil)
  }

  /// The digits behind the last quote of `… of '30'.` or `… value allowed ('9999').`
  private static func limit(in text: String) -> String? {
    for marker in [
      "minimum length of '", "maximum length of '", "maximum value allowed ('", "minimum value allowed ('",
    ] {
      guard let start = lastEnd(of: marker, in: text) else { continue }
      let digits = text[start...].prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty { return String(digits) }
    }
    return nil
  }

  private static func atomicType(in text: String) -> String? {
    guard let start = lastEnd(of: "is not a valid value of the atomic type '", in: text) else { return nil }
    let name = text[start...].prefix { $0.isASCII && ($0.isLetter || $0 == ":") }
    return name.isEmpty ? nil : String(name)
  }

  /// `Expected is one of ( a, b ).` lists names of the schema only.
  private static func expectedElements(in text: String) -> String? {
    guard let start = lastEnd(of: "Expected is ", in: text), let open = text[start...].firstIndex(of: "("),
      let close = text[open...].firstIndex(of: ")")
    else { return nil }
    let names = text[text.index(after: open)..<close].split(separator: ",").compactMap { name in
      known(name.drop { $0 == " " }.prefix { $0 != " " })
    }
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  private static func lastEnd(of marker: String, in text: String) -> String.Index? {
    var found: String.Index?
    var from = text.startIndex
    while let start = text[from...].firstIndex(of: marker.first ?? " ") {
      if text[start...].hasPrefix(marker) { found = text.index(start, offsetBy: marker.count) }
      from = text.index(after: start)
    }
    return found
  }
}

/// libxml2's sentence about a document that is not well-formed, with only its own words left.
enum SyntaxMessage {
  /// Sentences that name nothing of the document. Anything else is told by libxml2's number alone.
  private static let fixedSentences = [
    "Document is empty", "Extra content at the end of the document", "Start tag expected, '<' not found",
    "StartTag: invalid element name", "attributes construct error", "AttValue: \" or ' expected",
    "Unescaped '<' not allowed in attributes values", "AttValue: ' expected",
    "xmlParseStartTag: problem parsing attributes",
    "Comment not terminated", "Double hyphen within comment", "xmlParsePI : no target name",
    "XML declaration allowed only at the start of the document",
    "XML or text declaration not at start of entity", "Sequence ']]>' not allowed in content",
    "CData section not finished", "EntityRef: expecting ';'", "xmlParseEntityRef: no name",
    "xmlParseCharRef: invalid decimal value", "xmlParseCharRef: invalid hexadecimal value",
    "error parsing attribute name", "internal error: Huge input lookup", "Premature end of data",
    "expected '>'",
  ]

  private static let namedProblems = [
    ("Opening and ending tag mismatch", "Opening and ending tag mismatch"),
    ("redefined", "Attribute redefined"),
    ("is not defined", "Prefix or entity is not defined"), ("not defined", "Prefix or entity is not defined"),
    ("Specification mandates value", "Attribute without a value"),
    ("invalid xmlChar value", "Character reference to a forbidden character"),
    ("Couldn't find end of Start Tag", "Start tag without its end"),
    ("colons are forbidden", "Colon in the name of a processing instruction"),
    ("Empty XML namespace", "Empty namespace for a prefix"),
  ]

  static func detail(_ message: String, code: Int32) -> String {
    for sentence in fixedSentences where message.contains(sentence) { return sentence }
    for (mark, sentence) in namedProblems where message.contains(mark) { return sentence }
    return "libxml2 error \(code)"
  }
}
