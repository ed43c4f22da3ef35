/// One cell as people read it, the same on a screen, on paper and in a terminal.
enum CellText {
  static func text(_ cell: Cell, kind: Column.Kind, language: OutputLanguage) -> String {
    switch cell {
    case .none: return ""
    case .text(let value):
      return kind == .date || kind == .time ? HumanDate.text(value, language: language) : value
    case .integer(let value): return NumberText.human(value, language: language)
    case .decimal(let value):
      switch kind {
      case .decimal(let places): return NumberText.human(value, places: places, language: language) ?? ""
      case .percent(let places): return NumberText.percent(value, places: places, language: language) ?? ""
      default: return NumberText.plain(value) ?? ""
      }
    case .flag(let value):
      switch language {
      case .vi: return value ? "có" : "không"
      case .en: return value ? "yes" : "no"
      }
    case .list(let values): return values.joined(separator: "; ")
    case .words(let text): return text[language]
    }
  }
}
