internal import DossierCore

/// What the cells of one column become in a workbook: the value, and the format that shows it to people.
struct CellValues {
  let column: Column
  let language: OutputLanguage

  /// A value with its number format; nil for the format of the column.
  typealias Shown = (value: SheetValue, format: String?)

  /// The format of the column's usual cells.
  var format: String? {
    switch column.kind {
    case .text, .flag: nil
    case .code: Self.textFormat
    case .integer: "#,##0"
    case .decimal(let places): "#,##0" + Self.fraction(places)
    case .percent(let places): "0" + Self.fraction(places) + "%"
    case .date: dateFormat
    case .time: dateFormat + " hh:mm:ss"
    }
  }

  /// Numbers stand as numbers, days as days, times as the wall clock told them with its offset in the number format: they
  /// sort and subtract, and the offset stays visible. Everything that a spreadsheet would take for something else is text.
  func shown(_ cell: Cell) -> Shown {
    switch cell {
    case .none: return (.blank, nil)
    case .integer(let value): return number(value)
    case .decimal(let value):
      guard value.isFinite else { return (.blank, nil) }
      return column.kind == .code ? (.text(NumberText.plain(value) ?? ""), nil) : (.number(value), nil)
    case .flag(let value):
      return (.text(language == .vi ? (value ? "có" : "không") : (value ? "yes" : "no")), nil)
    case .list(let values): return text(values.joined(separator: "; "))
    case .words(let words): return text(words[language])
    case .text(let value): return text(value)
    }
  }

  /// Excel keeps fifteen digits of a number.
  private static let greatestExact = 999_999_999_999_999

  private func number(_ value: Int) -> Shown {
    guard column.kind != .code, value.magnitude <= Self.greatestExact else {
      return (.text(String(value)), Self.textFormat)
    }
    return (.number(Double(value)), nil)
  }

  private func text(_ value: String) -> Shown {
    if value.isEmpty { return (.blank, nil) }
    switch column.kind {
    case .date:
      if let date = CalendarDate(value) { return (.number(Self.serial(date)), nil) }
    case .time:
      if let time = OffsetDateTime(value) { return self.time(time) }
    default: break
    }
    // In a cell of the format @ a formula stays text even when somebody edits it.
    let isDangerous = value.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
    return (.text(value), isDangerous || column.kind == .code ? Self.textFormat : nil)
  }

  private func time(_ time: OffsetDateTime) -> Shown {
    let (hour, minute, second, millisecond) = time.localTime
    let inDay = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
    let offset = time.text.hasSuffix("Z") ? "Z" : String(time.text.suffix(6))
    let clock = millisecond == 0 ? " hh:mm:ss" : " hh:mm:ss.000"
    return (
      .number(Self.serial(time.localDate) + Double(inDay) / 86_400_000), "\(dateFormat)\(clock)\"\(offset)\""
    )
  }

  /// Days since 30 December 1899, as spreadsheets count from March 1900 on.
  private static func serial(_ date: CalendarDate) -> Double { Double(date.daysSince1970) + 25_569 }

  static let textFormat = "@"
  private var dateFormat: String { language == .vi ? "dd/mm/yyyy" : "yyyy-mm-dd" }

  private static func fraction(_ places: Int) -> String {
    places > 0 ? "." + String(repeating: "0", count: min(places, 20)) : ""
  }

  /// Columns that the shown value takes, roughly.
  func width(_ cell: Cell) -> Int {
    switch cell {
    case .none: 0
    case .text(let value):
      switch column.kind {
      case .date: 10
      case .time: 25
      default: value.utf8.count < 4 ? 4 : DisplayWidth.of(value)
      }
    case .integer(let value): NumberText.human(value, language: language).count
    case .decimal(let value):
      switch column.kind {
      case .decimal(let places): NumberText.human(value, places: places, language: language)?.count ?? 0
      case .percent(let places): NumberText.percent(value, places: places, language: language)?.count ?? 0
      default: NumberText.plain(value)?.count ?? 0
      }
    case .flag: 6
    case .list(let values): DisplayWidth.of(values.joined(separator: "; "))
    case .words(let words): DisplayWidth.of(words[language])
    }
  }
}
