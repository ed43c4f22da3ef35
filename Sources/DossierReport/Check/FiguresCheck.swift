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
  private var corrected: [String: (claim: String, value: StatedNumber)] = [:]
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

  private enum Value {
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

  private func evaluate(
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

  private struct Unfound: Error { var text: BilingualText }

  private func table(_ name: String) -> Result<TableCheck, Unfound> {
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

  private func line(_ row: FiguresExpression.TableRow) -> Result<TableLine, Unfound> {
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

  private func claim(
    _ statement: FiguresFile.Statement, _ verdict: CheckVerdict, _ remarks: [BilingualText] = []
  ) -> CheckedClaim {
    CheckedClaim(
      file: name, line: statement.line, id: statement.id, claim: statement.text, verdict: verdict,
      remarks: remarks)
  }

  /// What cannot be computed: because it is not stated, or for another reason.
  private func unclear(_ statement: FiguresFile.Statement, _ values: [Value]) -> CheckedClaim {
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

  private static func stated(_ value: Value) -> StatedNumber? {
    if case .stated(let stated, _) = value { stated } else { nil }
  }

  /// Whether an expression adds up figures that were printed as percentages.
  private func isPercentSum(_ expression: FiguresExpression) -> Bool {
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

  // MARK: What one share does to the sum of all

  private mutating func remember(
    _ computed: ExactNumber, _ right: Value, _ verdict: CheckVerdict, _ id: String, finest: Int?
  ) {
    guard verdict == .rounding || verdict == .fail, case .stated(let stated, let name?) = right,
      stated.isPercent,
      let unit = ExactNumber.powerOfTen(-max(finest ?? 0, stated.decimals) - 2),
      let value = computed.rounded(to: unit)
    else { return }
    corrected[name] = (
      id, StatedNumber(value, lastDigit: -max(finest ?? 0, stated.decimals) - 2, isPercent: true)
    )
  }

  /// Says when a sum of shares fails because of one of them, or holds only thanks to it.
  private func explain(_ comparison: Comparison, _ result: inout CheckedClaim) {
    let names = comparison.left.names.filter { corrected[$0] != nil }
    guard isPercentSum(comparison.left), !names.isEmpty, let right = result.right else { return }
    var replacing: [String: ExactNumber] = [:]
    for name in names { replacing[name] = corrected[name]?.value.value }
    guard let other = evaluate(comparison.left, replacing: replacing).number else { return }
    let claims = names.compactMap { corrected[$0]?.claim }.joined(separator: ", ")
    func values(_ language: OutputLanguage) -> String {
      names.compactMap { corrected[$0]?.value.text(language) }.joined(separator: ", ")
    }
    let places = max(result.places, names.compactMap { corrected[$0]?.value.decimals }.max() ?? 0)
    func sum(_ language: OutputLanguage) -> String {
      StatedNumber.text(other, isPercent: true, places: places, language)
    }
    if result.verdict == .fail && other == right {
      result.remarks.append(
        BilingualText(
          vi: "do \(claims): với \(values(.vi)) thì tổng đúng",
          en: "because of \(claims): with \(values(.en)) it holds"))
    } else if result.verdict == .pass && other != right {
      result.remarks.append(
        BilingualText(
          vi: "với \(values(.vi)) thì tổng là \(sum(.vi))", en: "with \(values(.en)) it would be \(sum(.en))")
      )
    }
  }

  // MARK: Derived

  private func derive(
    _ expression: FiguresExpression, isPercent: Bool, places: Int, _ statement: FiguresFile.Statement
  ) -> CheckedClaim {
    let value = evaluate(expression)
    guard let number = value.number else { return unclear(statement, [value]) }
    var result = claim(statement, .derived)
    result.left = number
    result.isPercent = isPercent
    result.places = places
    return result
  }

  private func upperBound(_ trials: FiguresExpression, _ statement: FiguresFile.Statement) -> CheckedClaim {
    let value = evaluate(trials)
    guard let number = value.number?.integer, let bound = BinomialInterval.upperBoundAtZero(trials: number)
    else {
      return unclear(statement, [value])
    }
    var result = claim(statement, .derived)
    // A bound decides nothing; it is rounded to parts per million for reading.
    result.left = ExactNumber(Int128((bound * 1_000_000).rounded()), over: 1)
    result.remarks = [
      BilingualText(
        vi: "phần triệu: cận trên một phía 95 % của tỷ lệ khi không ghi nhận trường hợp nào trong "
          + NumberText.human(number, language: .vi),
        en: "per million: one-sided 95 % upper bound of the rate when none was seen in "
          + NumberText.human(number, language: .en))
    ]
    return result
  }

  private func solve(
    _ unknown: String, _ comparison: Comparison, _ statement: FiguresFile.Statement
  ) -> CheckedClaim {
    let right = evaluate(comparison.right)
    guard comparison.relation == .equal, let stated = Self.stated(right) else {
      return unclear(
        statement,
        [.impossible(BilingualText(vi: "cần = một số đã nêu", en: "needs = and a stated figure")), right])
    }
    // A line through two points, and a third to see that it is one.
    let points = (0...2).map { evaluate(comparison.left, replacing: [unknown: ExactNumber($0)]) }
    guard let constant = points[0].number, let second = points[1].number, let third = points[2].number,
      let slope = second.subtracting(constant), let again = third.subtracting(second)
    else { return unclear(statement, points.filter { $0.number == nil }) }
    guard slope == again, slope != .zero, Self.isLinear(comparison.left, in: unknown) else {
      return unclear(
        statement,
        [
          .impossible(
            BilingualText(vi: "không giải được theo \(unknown)", en: "cannot be solved for \(unknown)"))
        ])
    }
    guard let solutions = UnknownSolver.solve(constant: constant, slope: slope, stated: stated) else {
      return claim(
        statement, .fail,
        [
          BilingualText(
            vi: "không số nguyên nào cho \(stated.text(.vi))", en: "no whole number gives \(stated.text(.en))"
          )
        ])
    }
    let given = evaluate(.name(unknown)).number
    var result = claim(statement, .derived)
    result.left = ExactNumber(solutions.first)
    result.right = given
    guard solutions.isUnique else {
      result.verdict = .undecidable
      result.left = nil
      result.right = nil
      let list = (solutions.first, solutions.last)
      result.remarks = [
        BilingualText(
          vi:
            "mọi số nguyên từ \(NumberText.human(list.0, language: .vi)) đến \(NumberText.human(list.1, language: .vi)) "
            + "đều khớp",
          en: "every whole number from \(NumberText.human(list.0, language: .en)) to "
            + "\(NumberText.human(list.1, language: .en)) fits")
      ]
      return result
    }
    if let given { result.verdict = given == ExactNumber(solutions.first) ? .pass : .fail }
    if solutions.isTruncation && result.verdict != .fail { result.verdict = .rounding }
    result.remarks = [unique(solutions.first, constant, slope, stated)]
    return result
  }

  /// Whether the unknown is nowhere multiplied by itself or divided by.
  private static func isLinear(_ expression: FiguresExpression, in name: String) -> Bool {
    switch expression {
    case .number, .name, .cell: true
    case .negated(let part): isLinear(part, in: name)
    case .sum(let left, let right), .difference(let left, let right):
      isLinear(left, in: name) && isLinear(right, in: name)
    case .product(let left, let right):
      isLinear(left, in: name) && isLinear(right, in: name)
        && !(left.names.contains(name) && right.names.contains(name))
    case .quotient(let left, let right): isLinear(left, in: name) && !right.names.contains(name)
    }
  }

  /// `25 is the only whole number that fits; 24 gives 99.74 % and 26 gives 99.72 %`
  private func unique(
    _ solution: Int, _ constant: ExactNumber, _ slope: ExactNumber, _ stated: StatedNumber
  ) -> BilingualText {
    func value(at x: Int, _ language: OutputLanguage) -> String? {
      guard x >= 0, let unit = stated.unit,
        let value = slope.multiplied(by: ExactNumber(x))?.adding(constant)?.rounded(to: unit)
      else { return nil }
      return StatedNumber.text(value, isPercent: stated.isPercent, places: stated.decimals, language)
    }
    func sentence(_ language: OutputLanguage, _ gives: String) -> String {
      [solution - 1, solution + 1].compactMap { x in
        value(at: x, language).map { "\(NumberText.human(x, language: language)) \(gives) \($0)" }
      }.joined(separator: "; ")
    }
    return BilingualText(
      vi: "\(NumberText.human(solution, language: .vi)) là số nguyên duy nhất khớp; \(sentence(.vi, "cho"))",
      en:
        "\(NumberText.human(solution, language: .en)) is the only whole number that fits; \(sentence(.en, "gives"))"
    )
  }

  // MARK: Tables

  private func sum(_ name: String, _ statement: FiguresFile.Statement) -> [CheckedClaim] {
    switch table(name) {
    case .failure(let reason): return [unclear(statement, [.impossible(reason.text)])]
    case .success(let table):
      let sum = table.visibleSum
      var result = claim(statement, .derived)
      result.remarks = [table.text(of: sum)]
      return [result]
    }
  }

  private func total(_ row: FiguresExpression.TableRow, _ statement: FiguresFile.Statement) -> [CheckedClaim]
  {
    switch (table(row.table), line(row)) {
    case (.failure(let reason), _), (_, .failure(let reason)):
      return [unclear(statement, [.impossible(reason.text)])]
    case (.success(let table), .success(let line)):
      let (verdict, remarks) = table.compare(total: line, members: table.details)
      return [claim(statement, verdict, remarks)]
    }
  }

  private func rest(
    _ whole: FiguresExpression.TableRow, _ part: FiguresExpression.TableRow,
    _ statement: FiguresFile.Statement
  ) -> [CheckedClaim] {
    switch (table(whole.table), line(whole), line(part)) {
    case (.failure(let reason), _, _), (_, .failure(let reason), _), (_, _, .failure(let reason)):
      return [unclear(statement, [.impossible(reason.text)])]
    case (.success(let table), .success(let whole), .success(let part)):
      let rest = table.difference(whole, part)
      return [claim(statement, table.verdict(of: rest), [table.text(of: rest)] + table.remarks(of: rest))]
    }
  }
}
