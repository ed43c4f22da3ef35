/// One problem with a stable code, a place, expected against found, and a hint.
///
/// A finding carries no sentence: the sentence comes from ``FindingCatalogue`` in the reader's language, so
/// that codes, JSON keys and exit codes never change with it. `expected` and `found` never hold personal data.
public struct Finding: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable, CaseIterable {
    case error, warning, info
  }

  /// Stable code, e.g. `D-1204`. Every code is described in ``FindingCatalogue``.
  public var code: FindingCode
  /// The catalogue's severity unless a rule lowers or raises it for this case.
  public var severity: Severity
  /// File name as the user gave it; nil when the finding is not about a file.
  public var file: String?
  /// Line in `file`, counted from 1. For a start tag spread over lines: the line of its closing `>`.
  public var line: Int?
  /// Where in the document or store: an XML element path, or `table/row`.
  public var path: String?
  /// Item number, when the finding is about one item.
  public var item: String?
  /// Identifiers of the events involved, oldest first.
  public var events: [String]
  public var expected: String?
  public var found: String?
  /// Text of the tool that found it (libxml2's message, SQLite's error); English, for the expert.
  public var detail: String?

  public init(
    _ code: FindingCode, severity: Severity? = nil, file: String? = nil, line: Int? = nil,
    path: String? = nil, item: String? = nil, events: [String] = [], expected: String? = nil,
    found: String? = nil, detail: String? = nil
  ) {
    self.code = code
    self.severity = severity ?? FindingCatalogue.entry(code).severity
    self.file = file
    self.line = line
    self.path = path
    self.item = item
    self.events = events
    self.expected = expected
    self.found = found
    self.detail = detail
  }

  /// The sentence for a person, with this finding's values filled in.
  public func message(_ language: Language) -> String {
    let template = FindingCatalogue.entry(code).message(language)
    var sentence = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      sentence += rest[..<open]
      switch rest[rest.index(after: open)..<close] {
      case "expected": sentence += expected ?? "?"
      case "found": sentence += found ?? "?"
      case "item": sentence += item ?? "?"
      case "path": sentence += path ?? "?"
      case "file": sentence += file ?? "?"
      case "detail": sentence += detail ?? "?"
      default: sentence += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    return sentence + rest
  }

  public func hint(_ language: Language) -> String { FindingCatalogue.entry(code).hint(language) }
}

/// The two languages the product speaks.
public enum Language: String, Hashable, Sendable, CaseIterable {
  case vi, en
}
