internal import DossierCore

/// Checks the claims of one figures file.
struct FiguresCheck {
  private let file: FiguresFile
  private let name: String
  /// Tables of the same run by the base names of their files.
  private let tables: [String: TableCheck]
  /// Most decimals that shares of one base are stated with.
  private var finest: [FiguresExpression: Int] = [:]
  /// Shares that do not stand as stated, with the value that does, by the name of the stated share.
  var corrected: [String: (claim: String, value: StatedNumber)] = [:]
  private let effort = Effort()

  /// Definitions that use each other twice double the work at each step; a claim may take so much and no more.
  private final class Effort {
    var left = Effort.limit
    static let limit = 100_000
  }

  init(_ file: FiguresFile, name: String, tables: [String: TableCheck]) {
    self.file = file
    self.name = name
    self.tables = tables
    for statement in file.statements {
      guard case .comparison(let comparison) = statement.body, comparison.relation == .equal,
        let base = comparison.left.base, isShort(), case .stated(let stated, _) = evaluate(comparison.right),
        stated.isPercent
      else { continue }
      finest[base] = max(finest[base] ?? 0, stated.decimals)
    }
  }

  private func isShort() -> Bool {
    effort.left = Effort.limit
    return true
  }

  /// All claims in the order of the file.
  mutating func claims() -> [CheckedClaim] {
    var claims: [CheckedClaim] = []
    for statement in file.statements {
      effort.left = Effort.limit
      claims += judge(statement)
    }
    claims.joinReadings()
    return claims
  }

  // MARK: Values

  enum Value {
    /// A figure as stated, under the name that it bears.
    case stated(StatedNumber, name: String?)
    case computed(ExactNumber)
    /// Names that are not stated.
    case unknown([String])
    case impossible(BilingualText)

    var number: ExactNumber? {
      switch self {
      case .stated(let stated, _): stated.value
      case .computed(let number): number
      case .unknown, .impossible: nil
      }
    }
  }

  private static let tooLarge = BilingualText(vi: "số quá lớn", en: "numbers too large")
  private static let zeroBase = BilingualText(vi: "mẫu số bằng 0", en: "the base is 0")

  func evaluate(
    _ expression: FiguresExpression, replacing: [String: ExactNumber] = [:], depth: Int = 0
  ) -> Value {
    effort.left -= 1
    guard effort.left > 0 else {
      return .impossible(BilingualText(vi: "phép tính quá dài", en: "the calculation is too long"))
    }
    switch expression {
    case .number(let number): return .stated(number, name: nil)
    case .name(let name):
      if let value = replacing[name] { return .computed(value) }
      guard depth < 32 else {
        return .impossible(BilingualText(vi: "định nghĩa vòng quanh", en: "defined in a circle"))
      }
      switch file.definitions[name] {
      case nil:
        return .impossible(
          BilingualText(vi: "không có số liệu tên \(name)", en: "no figure is called \(name)"))
      case .unknown: return .unknown([name])
      case .known(let inner):
        let value = evaluate(inner, replacing: replacing, depth: depth + 1)
        if case .stated(let stated, _) = value { return .stated(stated, name: name) }
        return value
      }
    case .cell(let row, let quantity):
      switch line(row) {
      case .failure(let reason): return .impossible(reason.text)
      case .success(let line):
        guard let count = line.values[quantity] else {
          return .unknown(["\(row.label).\(quantity.rawValue)"])
        }
        return .stated(StatedNumber(ExactNumber(count)), name: nil)
      }
    case .negated(let part):
      let value = evaluate(part, replacing: replacing, depth: depth)
      return value.number.map { .computed($0.negated) } ?? value
    case .sum(let left, let right):
      return combine(left, right, replacing, depth) {
        $0.adding($1).map(Value.computed) ?? .impossible(Self.tooLarge)
      }
    case .difference(let left, let right):
      return combine(left, right, replacing, depth) {
        $0.subtracting($1).map(Value.computed) ?? .impossible(Self.tooLarge)
      }
    case .product(let left, let right):
      return combine(left, right, replacing, depth) {
        $0.multiplied(by: $1).map(Value.computed) ?? .impossible(Self.tooLarge)
      }
    case .quotient(let left, let right):
      return combine(left, right, replacing, depth) {
        if $1 == .zero { return .impossible(Self.zeroBase) }
        return $0.divided(by: $1).map(Value.computed) ?? .impossible(Self.tooLarge)
      }
    }
  }

  private func combine(
    _ left: FiguresExpression, _ right: FiguresExpression, _ replacing: [String: ExactNumber], _ depth: Int,
    _ body: (ExactNumber, ExactNumber) -> Value
  ) -> Value {
    let first = evaluate(left, replacing: replacing, depth: depth)
    let second = evaluate(right, replacing: replacing, depth: depth)
    if let first = first.number, let second = second.number { return body(first, second) }
    switch (first, second) {
    case (.impossible, _): return first
    case (_, .impossible): return second
    case (.unknown(let names), .unknown(let others)): return .unknown(names + others)
    case (.unknown, _): return first
    default: return second
    }
  }

  struct Unfound: Error { var text: BilingualText }

  func table(_ name: String) -> Result<TableCheck, Unfound> {
    guard let file = file.tables[name] else {
      return .failure(
        Unfound(text: BilingualText(vi: "không có bảng tên \(name)", en: "no table is called \(name)")))
    }
    guard let table = tables[file] else {
      return .failure(
        Unfound(
          text: BilingualText(
            vi: "bảng \(file) không được đưa vào kiểm tra cùng lúc",
            en: "table \(file) is not checked in the same run")))
    }
    return .success(table)
  }

  func line(_ row: FiguresExpression.TableRow) -> Result<TableLine, Unfound> {
    table(row.table).flatMap { table in
      let found = table.lines(named: row.label)
      guard found.count == 1 else {
        return .failure(
          Unfound(
            text: BilingualText(
              vi: "bảng có \(found.count) dòng tên \"\(row.label)\"",
              en: "the table has \(found.count) rows called \"\(row.label)\"")))
      }
      return .success(found[0])
    }
  }

  // MARK: Statements

  private mutating func judge(_ statement: FiguresFile.Statement) -> [CheckedClaim] {
    var claims: [CheckedClaim]
    switch statement.body {
    case .comparison(let comparison): claims = [compare(comparison, statement)]
    case .derive(let expression, let isPercent, let places):
      claims = [derive(expression, isPercent: isPercent, places: places, statement)]
    case .solve(let unknown, let comparison): claims = [solve(unknown, comparison, statement)]
    case .upperBound(let trials): claims = [upperBound(trials, statement)]
    case .sum(let name): claims = sum(name, statement)
    case .total(let row): claims = total(row, statement)
    case .rest(let whole, let part): claims = rest(whole, part, statement)
    }
    for position in claims.indices { settle(&claims[position], statement) }
    return claims
  }

  private func settle(_ claim: inout CheckedClaim, _ statement: FiguresFile.Statement) {
    claim.reading = statement.reading
    switch statement.stance {
    case .required: break
    case .warning: if claim.verdict == .fail || claim.verdict == .rounding { claim.verdict = .warning }
    case .against:
      claim.isAgainst = true
      if claim.verdict == .fail {
        claim.remarks.append(BilingualText(vi: "bác bỏ cách hiểu này", en: "this reading is refuted"))
      }
    }
    if claim.isAgainst, [.pass, .rounding].contains(claim.verdict) {
      claim.joined = .ambiguous
      claim.remarks.append(
        BilingualText(vi: "cách hiểu trái ngược cũng khớp", en: "the contrary reading fits as well"))
    }
  }

  func claim(
    _ statement: FiguresFile.Statement, _ verdict: CheckVerdict, _ remarks: [BilingualText] = []
  ) -> CheckedClaim {
    CheckedClaim(
      file: name, line: statement.line, id: statement.id, claim: statement.text, verdict: verdict,
      remarks: remarks)
  }

  /// What cannot be computed: because it is not stated, or for another reason.
  func unclear(_ statement: FiguresFile.Statement, _ values: [Value]) -> CheckedClaim {
    var remarks: [BilingualText] = []
    for value in values {
      switch value {
      case .unknown(let names):
        let list = names.joined(separator: ", ")
        remarks.append(BilingualText(vi: "chưa nêu: \(list)", en: "not stated: \(list)"))
      case .impossible(let reason): remarks.append(reason)
      case .stated, .computed: break
      }
    }
    return claim(statement, .undecidable, remarks)
  }

  private mutating func compare(_ comparison: Comparison, _ statement: FiguresFile.Statement) -> CheckedClaim
  {
    let left = evaluate(comparison.left)
    let right = evaluate(comparison.right)
    guard let leftNumber = left.number, let rightNumber = right.number else {
      var result = unclear(statement, [left, right])
      result.left = left.number
      result.right = right.number
      if let number = left.number ?? right.number, case .unknown = left.number == nil ? left : right {
        // Computed, but nothing to compare it with.
        func text(_ language: OutputLanguage) -> String {
          if let stated = Self.stated(left) ?? Self.stated(right) { return stated.text(language) }
          return number.text(places: number.isInteger ? 0 : 4, language: language)
        }
        result.remarks.append(
          BilingualText(vi: "phía kia là \(text(.vi))", en: "the other side is \(text(.en))"))
        if let stated = Self.stated(left) ?? Self.stated(right) {
          result.isPercent = stated.isPercent
          result.places = stated.decimals
        }
      }
      return result
    }
    var result = claim(statement, .pass)
    result.left = leftNumber
    result.right = rightNumber
    let isShare = comparison.left.base != nil || comparison.right.base != nil
    // The side that states is the one that is nothing but a figure; of two, the right one.
    let statedSide =
      comparison.right.stated != nil
      ? Self.stated(right) : comparison.left.stated != nil ? Self.stated(left) : nil
    let computed = comparison.right.stated != nil ? leftNumber : rightNumber
    let computedExpression = comparison.right.stated != nil ? comparison.left : comparison.right
    let printed = [Self.stated(left), Self.stated(right)].compactMap { $0 }
    result.isPercent = printed.contains(where: \.isPercent) || isPercentSum(comparison.left)
    result.places = max(printed.map(\.decimals).max() ?? 0, isShare ? 4 : 0)
    if isPercentSum(comparison.left) { result.places = max(result.places, decimals(of: comparison.left)) }
    if result.places == 0 && !(leftNumber.isInteger && rightNumber.isInteger) { result.places = 2 }
    guard comparison.relation == .equal else {
      result.verdict = comparison.relation.holds(leftNumber, rightNumber) ? .pass : .fail
      return result
    }
    guard let stated = statedSide else {
      result.verdict = leftNumber == rightNumber ? .pass : .fail
      return result
    }
    // A sum of printed shares has the digits of its parts: nothing is left to round.
    if computedExpression.isSum && isPercentSum(computedExpression) {
      result.verdict = computed == stated.value ? .pass : .fail
    } else if let judgement = StatedMatch.judge(computed, against: stated) {
      result.verdict = judgement.verdict
      result.remarks = judgement.remarks
      if judgement.verdict == .pass, let base = computedExpression.base, let decimals = finest[base],
        let finer = StatedMatch.atNeighbours(computed, stated, decimals: decimals)
      {
        result.verdict = finer.verdict
        result.remarks = finer.remarks
      }
    } else {
      return unclear(statement, [.impossible(Self.tooLarge)])
    }
    remember(
      computed, right, result.verdict, statement.id, finest: computedExpression.base.flatMap { finest[$0] })
    explain(comparison, &result)
    return result
  }

  static func stated(_ value: Value) -> StatedNumber? {
    if case .stated(let stated, _) = value { stated } else { nil }
  }

  /// Whether an expression adds up figures that were printed as percentages.
  func isPercentSum(_ expression: FiguresExpression) -> Bool {
    switch expression {
    case .number(let number): number.isPercent
    case .name: Self.stated(evaluate(expression))?.isPercent ?? false
    case .negated(let part): isPercentSum(part)
    case .sum(let left, let right), .difference(let left, let right):
      isPercentSum(left) && isPercentSum(right)
    case .cell, .product, .quotient: false
    }
  }

  private func decimals(of expression: FiguresExpression) -> Int {
    switch expression {
    case .number(let number): number.decimals
    case .name: Self.stated(evaluate(expression))?.decimals ?? 0
    case .negated(let part): decimals(of: part)
    case .sum(let left, let right), .difference(let left, let right):
      max(decimals(of: left), decimals(of: right))
    case .cell, .product, .quotient: 0
    }
  }

}
