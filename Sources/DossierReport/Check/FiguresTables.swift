/// Claims about tables of the same run: their sums, their totals, and what absent rows must be.
extension FiguresCheck {
  func sum(_ name: String, _ statement: FiguresFile.Statement) -> [CheckedClaim] {
    switch table(name) {
    case .failure(let reason): return [unclear(statement, [.impossible(reason.text)])]
    case .success(let table):
      let sum = table.visibleSum
      var result = claim(statement, .derived)
      result.remarks = [table.text(of: sum)]
      return [result]
    }
  }

  func total(_ row: FiguresExpression.TableRow, _ statement: FiguresFile.Statement) -> [CheckedClaim] {
    switch (table(row.table), line(row)) {
    case (.failure(let reason), _), (_, .failure(let reason)):
      return [unclear(statement, [.impossible(reason.text)])]
    case (.success(let table), .success(let line)):
      let (verdict, remarks) = table.compare(total: line, members: table.details)
      return [claim(statement, verdict, remarks)]
    }
  }

  func rest(
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
