internal import DossierCore

/// A calculation over named figures, as a line of a figures file writes it.
indirect enum FiguresExpression: Hashable {
  case number(StatedNumber)
  case name(String)
  /// A figure of a table that is checked in the same run: the table's name, a row's label, a quantity of its form.
  case cell(TableRow, FormQuantity)
  case negated(FiguresExpression)
  case sum(FiguresExpression, FiguresExpression)
  case difference(FiguresExpression, FiguresExpression)
  case product(FiguresExpression, FiguresExpression)
  case quotient(FiguresExpression, FiguresExpression)

  /// A row of a table, `phuluc["Tổng"]`.
  struct TableRow: Hashable {
    var table: String
    var label: String
  }

  /// The figure itself, when the expression is nothing but one: what a text states, rather than what is computed.
  var stated: FiguresExpression? {
    switch self {
    case .number, .name, .cell: self
    default: nil
    }
  }

  /// What a share is a share of.
  var base: FiguresExpression? {
    if case .quotient(_, let base) = self { base } else { nil }
  }

  /// Whether nothing is multiplied or divided: such a sum has no more decimals than its parts.
  var isSum: Bool {
    switch self {
    case .number, .name, .cell: true
    case .negated(let part): part.isSum
    case .sum(let left, let right), .difference(let left, let right): left.isSum && right.isSum
    case .product, .quotient: false
    }
  }

  var names: [String] {
    switch self {
    case .number, .cell: []
    case .name(let name): [name]
    case .negated(let part): part.names
    case .sum(let left, let right), .difference(let left, let right), .product(let left, let right),
      .quotient(let left, let right):
      left.names + right.names
    }
  }
}

enum Relation: String, Hashable, CaseIterable {
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case equal = "="
  case less = "<"
  case greater = ">"

  func holds(_ left: ExactNumber, _ right: ExactNumber) -> Bool {
    switch self {
    case .lessOrEqual: left <= right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .less: left < right
    case .greater: left > right
    }
  }
}

struct Comparison: Hashable {
  var left: FiguresExpression
  var relation: Relation
  var right: FiguresExpression
}

/// Why a line of a figures file cannot be read; English, for the finding's detail.
struct FiguresSyntax: Error, Hashable {
  var message: String
  init(_ message: String) { self.message = message }
}

/// Reads calculations: `+ - * /`, brackets, numbers as they were printed, names, `day(29/12/2020)`, `table["row"].late`.
struct ExpressionReader {
  private var rest: Substring
  private let style: NumberStyle
  private var depth = 0
  /// Enough for any sentence, and no hostile line exhausts the stack.
  private static let deepest = 32

  init(_ text: Substring, style: NumberStyle) {
    rest = text.trimmingBlanks
    self.style = style
  }

  mutating func whole() throws(FiguresSyntax) -> FiguresExpression {
    let expression = try sum()
    try end()
    return expression
  }

  mutating func comparison() throws(FiguresSyntax) -> Comparison {
    let left = try sum()
    guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw FiguresSyntax("expected = <= >= < or >, found \(Self.quoted(rest))")
    }
    skip(relation.rawValue.count)
    let right = try sum()
    try end()
    return Comparison(left: left, relation: relation, right: right)
  }

  /// `table["row"]`
  mutating func tableRow() throws(FiguresSyntax) -> FiguresExpression.TableRow {
    try row(of: try word())
  }

  mutating func skip(over sign: String) -> Bool {
    guard rest.hasPrefix(sign) else { return false }
    skip(sign.count)
    return true
  }

  func end() throws(FiguresSyntax) {
    if !rest.isEmpty { throw FiguresSyntax("unexpected \(Self.quoted(rest))") }
  }

  static func quoted(_ text: Substring) -> String { text.isEmpty ? "the end" : "\"\(text.prefix(20))\"" }

  // MARK: Grammar

  private mutating func sum() throws(FiguresSyntax) -> FiguresExpression {
    var result = try product()
    var length = 0
    while let sign = rest.unicodeScalars.first, sign == "+" || sign == "-" || sign == "\u{2212}" {
      length += 1
      guard length < 256 else { throw FiguresSyntax("too many terms") }
      skip(1)
      let next = try product()
      result = sign == "+" ? .sum(result, next) : .difference(result, next)
    }
    return result
  }

  private mutating func product() throws(FiguresSyntax) -> FiguresExpression {
    var result = try factor()
    var length = 0
    while let sign = rest.unicodeScalars.first, sign == "*" || sign == "/" {
      length += 1
      guard length < 256 else { throw FiguresSyntax("too many factors") }
      skip(1)
      let next = try factor()
      result = sign == "*" ? .product(result, next) : .quotient(result, next)
    }
    return result
  }

  private mutating func factor() throws(FiguresSyntax) -> FiguresExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw FiguresSyntax("brackets nested too deep") }
    if skip(over: "(") {
      let inner = try sum()
      guard skip(over: ")") else { throw FiguresSyntax("expected ), found \(Self.quoted(rest))") }
      return inner
    }
    if skip(over: "-") { return .negated(try factor()) }
    guard let first = rest.unicodeScalars.first else {
      throw FiguresSyntax("expected a figure, found the end")
    }
    if (48...57).contains(first.value) { return .number(try number()) }
    let name = try word()
    if name == "day" && rest.hasPrefix("(") { return .number(try day()) }
    guard rest.hasPrefix("[") else { return .name(name) }
    let row = try row(of: name)
    guard skip(over: ".") else { throw FiguresSyntax("expected .column, found \(Self.quoted(rest))") }
    let column = try word()
    guard let quantity = FormQuantity(rawValue: column) else {
      throw FiguresSyntax("no column \"\(column)\"")
    }
    return .cell(row, quantity)
  }

  private mutating func row(of table: String) throws(FiguresSyntax) -> FiguresExpression.TableRow {
    guard skip(over: "["), skip(over: "\""), let close = rest.firstIndex(of: "\"") else {
      throw FiguresSyntax("expected [\"row\"], found \(Self.quoted(rest))")
    }
    let label = String(rest[..<close])
    rest = rest[rest.index(after: close)...].trimmingBlanks
    guard skip(over: "]") else { throw FiguresSyntax("expected ], found \(Self.quoted(rest))") }
    return FiguresExpression.TableRow(table: table, label: label)
  }

  private mutating func number() throws(FiguresSyntax) -> StatedNumber {
    let scalars = rest.unicodeScalars
    var end = scalars.startIndex
    while end < scalars.endIndex,
      (48...57).contains(scalars[end].value) || ",.".unicodeScalars.contains(scalars[end])
    {
      end = scalars.index(after: end)
    }
    var tail = Substring(scalars[end...]).trimmingBlanks
    var text = String(scalars[..<end])
    if tail.hasPrefix("%") {
      text += "%"
      tail = tail.dropFirst()
    } else {
      let word = tail.prefix { $0.isLetter }
      if ["ngan", "nghin", "trieu", "ty", "ti"].contains(FoldedText.fold(word)) {
        text += " " + word
        tail = tail.dropFirst(word.count)
      }
    }
    do {
      let number = try StatedNumber.read(text, style: style)
      rest = tail.trimmingBlanks
      return number
    } catch {
      throw FiguresSyntax(error == .tooLong ? "number too long" : "\"\(text.prefix(20))\" is no number")
    }
  }

  /// `day(29/12/2020)` or `day(2020-12-29)`: days since 1970, so that differences are days.
  private mutating func day() throws(FiguresSyntax) -> StatedNumber {
    skip(1)
    guard let close = rest.firstIndex(of: ")") else { throw FiguresSyntax("expected )") }
    let text = rest[..<close].trimmingBlanks
    let date: CalendarDate?
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 3, text.utf8.count <= 10 {
      let values = parts.map { part in part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil }
      if let day = values[0], let month = values[1], let year = values[2] {
        date = CalendarDate(year: year, month: month, day: day)
      } else {
        date = nil
      }
    } else {
      date = CalendarDate(String(text))
    }
    guard let date else { throw FiguresSyntax("\"\(text.prefix(20))\" is no day") }
    rest = rest[rest.index(after: close)...].trimmingBlanks
    return StatedNumber(ExactNumber(Int(date.daysSince1970)))
  }

  mutating func word() throws(FiguresSyntax) -> String {
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard let first = word.first, !first.isNumber, word.utf8.count <= 64 else {
      throw FiguresSyntax("expected a name, found \(Self.quoted(rest))")
    }
    rest = rest.dropFirst(word.count).trimmingBlanks
    return NormalizedText.nfc(String(word))
  }

  private mutating func skip(_ count: Int) { rest = rest.dropFirst(count).trimmingBlanks }
}
