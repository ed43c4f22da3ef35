internal import DossierCore

/// Loose figures of a narrative report and what they must satisfy, one statement a line:
///
/// ```
/// source "Báo cáo 6 tháng đầu năm 2021"
/// numbers vi
/// let new = 32.030              # comment: where the text says it
/// let base = ?                  # not stated
/// table annex = phu-luc.csv     # a table that is checked in the same run
///
/// 01: early + on_time = resolved
/// 02 [A]: open = new + carried - resolved      # one reading of an unclear text
/// 02 [B]: open = new - resolved                # the other
/// 03 warn: portal <= new                       # differs in scope: a warning only
/// 04 against: late / new = 3,5%                # a reading that the figures must refute
/// 05: derive late / resolved as %2             # not stated, computed
/// 06: solve late in late / resolved = 2,7%     # which whole numbers fit
/// 07: upper95 of 8.437                         # bound of a rate of which nothing was seen
/// 08: sum annex                                # the sum of a table's rows
/// 09: total annex["Tổng"]                      # that sum against a total
/// 10: rest annex["Tổng"] - annex["Đất đai"]    # the form's identities in a difference of rows
/// ```
struct FiguresFile {
  struct Statement {
    var line: Int
    var id: String
    var reading: String?
    var stance: Stance
    var body: Body
    /// As written, for people.
    var text: String
  }

  enum Stance: Hashable { case required, warning, against }

  enum Body: Hashable {
    case comparison(Comparison)
    case derive(FiguresExpression, isPercent: Bool, places: Int)
    case solve(String, Comparison)
    case upperBound(FiguresExpression)
    case sum(table: String)
    case total(FiguresExpression.TableRow)
    case rest(FiguresExpression.TableRow, FiguresExpression.TableRow)
  }

  enum Definition: Hashable {
    case unknown
    case known(FiguresExpression)
  }

  var source: String?
  var definitions: [String: Definition] = [:]
  /// Base names of files by the names that statements use.
  var tables: [String: String] = [:]
  var statements: [Statement] = []
  var findings: [Finding] = []

  static let lineLimit = 20_000
  static let lineLength = 4_096
  private static let findingLimit = 100

  /// Reads a file; a line that cannot be read becomes a finding and nothing else.
  init(_ bytes: [UInt8], name: String, style: NumberStyle) {
    var style = style
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard number <= Self.lineLimit, findings.count < Self.findingLimit else {
        findings.append(Finding(.figuresTooMany, file: name, line: number, expected: "≤ \(Self.lineLimit)"))
        return
      }
      do {
        guard line.count <= Self.lineLength else { throw FiguresSyntax("line too long") }
        guard let text = String(validating: line, as: UTF8.self) else { throw FiguresSyntax("not UTF-8") }
        let mark = number == 1 && text.unicodeScalars.first == "\u{FEFF}" ? 1 : 0
        let plain = Self.withoutComment(
          text.dropFirst(mark).trimmingBlanks.filter { $0 != "\r" && $0 != "\r\n" })
        if !plain.isEmpty { try read(plain, line: number, style: &style) }
      } catch let problem as FiguresSyntax {
        findings.append(Finding(.figuresLine, file: name, line: number, detail: problem.message))
      } catch {
        findings.append(Finding(.figuresLine, file: name, line: number))
      }
    }
  }

  /// Without `# …`, which may stand within quotes.
  private static func withoutComment(_ text: String) -> Substring {
    var isQuoted = false
    let end = text.firstIndex { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "#" && !isQuoted
    }
    return text[..<(end ?? text.endIndex)].trimmingBlanks
  }

  private mutating func read(
    _ text: Substring, line: Int, style: inout NumberStyle
  ) throws(FiguresSyntax) {
    let word = text.prefix { !$0.isWhitespace && $0 != ":" && $0 != "[" }
    let tail = text.dropFirst(word.count).trimmingBlanks
    switch word {
    case "source": source = try Self.unquoted(tail)
    case "numbers":
      guard let chosen = NumberStyle(rawValue: String(tail)) else { throw FiguresSyntax("numbers vi or en") }
      style = chosen
    case "let": try define(tail, style: style)
    case "table":
      let parts = tail.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw FiguresSyntax("expected table name = file") }
      let file = try Self.unquoted(parts[1].trimmingBlanks)
      guard !file.isEmpty, !file.contains("/") else { throw FiguresSyntax("a file's name without folders") }
      var reader = ExpressionReader(parts[0], style: style)
      let name = try reader.word()
      guard tables.updateValue(file, forKey: name) == nil else {
        throw FiguresSyntax("\(name) is defined twice")
      }
    default: try state(text, id: word, line: line, style: style)
    }
  }

  private static func unquoted(_ text: Substring) throws(FiguresSyntax) -> String {
    guard text.hasPrefix("\"") else { return String(text) }
    guard text.count >= 2, text.hasSuffix("\"") else { throw FiguresSyntax("expected a closing \"") }
    return String(text.dropFirst().dropLast())
  }

  private mutating func define(_ text: Substring, style: NumberStyle) throws(FiguresSyntax) {
    var reader = ExpressionReader(text, style: style)
    let name = try reader.word()
    guard reader.skip(over: "=") else { throw FiguresSyntax("expected =") }
    let definition: Definition = reader.skip(over: "?") ? .unknown : .known(try reader.whole())
    if case .unknown = definition { try reader.end() }
    guard definitions.updateValue(definition, forKey: name) == nil else {
      throw FiguresSyntax("\(name) is defined twice")
    }
  }

  private mutating func state(
    _ text: Substring, id: Substring, line: Int, style: NumberStyle
  ) throws(FiguresSyntax) {
    let isPlain = id.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
        || $0 == 95
    }
    guard isPlain, !id.isEmpty, id.utf8.count <= 32, let colon = text.firstIndex(of: ":") else {
      throw FiguresSyntax("expected id: claim, found \(ExpressionReader.quoted(text))")
    }
    var reading: String?
    var stance = Stance.required
    let modifiers = text[id.endIndex..<colon].split(whereSeparator: \.isWhitespace)
    for modifier in modifiers {
      switch modifier {
      case "warn": stance = .warning
      case "against": stance = .against
      default:
        let letter = modifier.dropFirst().dropLast()
        guard modifier.hasPrefix("["), modifier.hasSuffix("]"), letter.count == 1,
          ("A"..."Z").contains(letter)
        else {
          throw FiguresSyntax("unexpected \(ExpressionReader.quoted(modifier))")
        }
        reading = String(letter)
      }
    }
    let claim = text[text.index(after: colon)...].trimmingBlanks
    statements.append(
      Statement(
        line: line, id: String(id), reading: reading, stance: stance,
        body: try Self.body(claim, style: style),
        text: String(claim)))
  }

  private static func body(_ text: Substring, style: NumberStyle) throws(FiguresSyntax) -> Body {
    let word = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let tail = text.dropFirst(word.count).trimmingBlanks
    // A figure may bear one of these names too; then a sign follows it.
    let isOperator = tail.first.map { "+-*/=<>.[)".contains($0) } ?? true
    var reader = ExpressionReader(isOperator ? text : tail, style: style)
    guard !isOperator else { return .comparison(try reader.comparison()) }
    switch word {
    case "derive": return try derivation(tail, style: style)
    case "solve":
      let name = try reader.word()
      guard try reader.word() == "in" else { throw FiguresSyntax("expected solve name in …") }
      return .solve(name, try reader.comparison())
    case "upper95":
      guard try reader.word() == "of" else { throw FiguresSyntax("expected upper95 of …") }
      return .upperBound(try reader.whole())
    case "sum":
      let table = try reader.word()
      try reader.end()
      return .sum(table: table)
    case "total":
      let row = try reader.tableRow()
      try reader.end()
      return .total(row)
    case "rest":
      let whole = try reader.tableRow()
      guard reader.skip(over: "-") else { throw FiguresSyntax("expected row - row") }
      let part = try reader.tableRow()
      try reader.end()
      return .rest(whole, part)
    default:
      var whole = ExpressionReader(text, style: style)
      return .comparison(try whole.comparison())
    }
  }

  /// `a / b as %2`: as a percentage with two decimals; `as 1`: with one decimal.
  private static func derivation(_ text: Substring, style: NumberStyle) throws(FiguresSyntax) -> Body {
    var expression = text
    var isPercent = false
    var places = 0
    if let mark = text.range(of: " as ") {
      var format = text[mark.upperBound...].trimmingBlanks
      expression = text[..<mark.lowerBound]
      if format.hasPrefix("%") {
        isPercent = true
        format = format.dropFirst()
      }
      guard let digit = Int(format), (0...6).contains(digit) else {
        throw FiguresSyntax("as %0 to %6, or 0 to 6")
      }
      places = digit
    }
    var reader = ExpressionReader(expression, style: style)
    return .derive(try reader.whole(), isPercent: isPercent, places: places)
  }
}

extension Substring {
  fileprivate func range(of part: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part), let end = index(start, offsetBy: part.count, limitedBy: endIndex) {
        return start..<end
      }
      start = index(after: start)
    }
    return nil
  }
}
