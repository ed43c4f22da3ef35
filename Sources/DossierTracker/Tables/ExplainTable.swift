public import DossierCore
public import DossierReport

/// What codes of findings mean, as rows.
public enum ExplainTable {
  public static let columns = ["code", "severity", "message", "hint"].compactMap { key in
    FindingTable.columns.first { $0.key == key }
  }

  /// The entry of a code as people type it, with or without `D-`, in any case; nil when there is none.
  public static func entry(_ code: String) -> FindingCatalogue.Entry? {
    let wanted = code.uppercased()
    return FindingCatalogue.entries.first { [wanted, "D-" + wanted].contains($0.code.rawValue) }
  }

  public static func row(_ entry: FindingCatalogue.Entry, language: Language) -> [Cell] {
    [
      .text(entry.code.rawValue), .text(entry.severity.rawValue), .text(sentence(entry, language)),
      .text(entry.hint(language)),
    ]
  }

  /// The sentence with a mark where a finding puts its values.
  public static func sentence(_ entry: FindingCatalogue.Entry, _ language: Language) -> String {
    ["expected", "found", "item", "path", "file", "detail"].reduce(entry.message(language)) { text, name in
      text.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: "…")
    }
  }
}
