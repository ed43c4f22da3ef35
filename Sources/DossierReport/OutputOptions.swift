/// How a row-producing verb writes its result.
public enum OutputFormat: String, CaseIterable, Sendable {
  case table, json, ndjson, csv, tsv

  /// The line format, when rows can be written one by one as they come.
  public var lineFormat: LineFormat? { LineFormat(rawValue: rawValue) }
}

/// The formats in which every row is a text of its own, see ``RowWriter``.
public enum LineFormat: String, CaseIterable, Sendable {
  case ndjson, csv, tsv
}

/// The language of headers, notes and human numbers. Keys and codes never change with it.
public enum OutputLanguage: String, CaseIterable, Sendable {
  case vi, en
}

/// One text in both languages.
public struct BilingualText: Equatable, Sendable {
  public let vi: String
  public let en: String

  public init(vi: String, en: String) {
    self.vi = vi
    self.en = en
  }

  public subscript(language: OutputLanguage) -> String {
    switch language {
    case .vi: vi
    case .en: en
    }
  }
}

/// What a person's table depends on besides its content.
public struct TableStyle: Equatable, Sendable {
  public var language: OutputLanguage
  /// Columns of the terminal; nil when there is no limit, as in a file.
  public var width: Int?
  /// Whether header and total are set bold with ANSI sequences.
  public var colour: Bool

  public init(language: OutputLanguage = .vi, width: Int? = nil, colour: Bool = false) {
    self.language = language
    self.width = width
    self.colour = colour
  }
}
