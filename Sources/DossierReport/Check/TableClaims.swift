extension TableCheck {
  /// All claims of the table: identities row by row, then rows against totals.
  func claims(file: String, table: String?) -> [CheckedClaim] {
    let prefix = table.map { "\($0)!" } ?? ""
    var claims: [CheckedClaim] = []
    var residuals: [Residual] = []
    for line in reading.lines {
      for identity in layout.identities {
        let found = residual(identity, of: line)
        var claim = CheckedClaim(
          file: file, line: line.line, id: "\(prefix)\(line.name)/\(identity.id)",
          claim: layout.text(of: identity),
          left: found.map { ExactNumber($0.left) }, right: found.map { ExactNumber($0.right) },
          verdict: found.map { $0.amount == 0 ? .pass : .fail } ?? .undecidable)
        if let found, found.amount != 0 { residuals.append(found) }
        if found == nil {
          claim.remarks = [
            BilingualText(vi: "có ô trống hoặc không đọc được", en: "a cell is empty or cannot be read")
          ]
        }
        claims.append(claim)
      }
      if line.values.values.contains(where: { $0 < 0 }) {
        claims.append(
          CheckedClaim(
            file: file, line: line.line, id: "\(prefix)\(line.name)/≥0", claim: "≥ 0", verdict: .fail,
            remarks: [BilingualText(vi: "có số âm", en: "a count is negative")]))
      }
    }
    for (claim, rests) in crossClaims(file: file, prefix: prefix) {
      claims.append(claim)
      residuals += rests
    }
    remarkCancelling(residuals, &claims, prefix: prefix)
    return claims
  }

  // MARK: Rows against totals

  private func crossClaims(file: String, prefix: String) -> [(CheckedClaim, [Residual])] {
    let lines = reading.lines
    let totals = lines.filter { $0.kind == .total }
    // With sections the grand total is theirs; without, the rows'.
    let sections = lines.filter { $0.kind == .section && !$0.values.isEmpty }
    let members = sections.isEmpty ? details : sections
    var claims: [(CheckedClaim, [Residual])] = []
    for total in totals {
      let (verdict, remarks) = compare(total: total, members: members)
      // Residuals of the absent rows are those of the visible ones with the sign turned: no second cancellation.
      claims.append(
        (
          CheckedClaim(
            file: file, line: total.line, id: "\(prefix)\(total.name)/rows", claim: "Σ rows = \(total.name)",
            verdict: verdict, remarks: remarks), []
        ))
    }
    if let first = totals.first {
      for other in totals.dropFirst() where other.values != first.values {
        claims.append(
          (
            CheckedClaim(
              file: file, line: other.line, id: "\(prefix)\(other.name)/again",
              claim: "\(other.name) = \(first.name)", verdict: .fail,
              remarks: [
                BilingualText(
                  vi: "hai dòng tổng khác nhau (dòng \(first.line) và \(other.line))",
                  en: "two totals differ (rows \(first.line) and \(other.line))")
              ]), []
          ))
      }
    }
    for (position, line) in lines.enumerated() where line.kind == .section && !line.values.isEmpty {
      claims.append((sectionClaim(line, at: position, file: file, prefix: prefix), []))
    }
    let folded = details.map { FoldedText.fold($0.label) }
    var count = 0
    for nested in lines {
      guard case .nestedTotal(let words) = nested.kind else { continue }
      count += 1
      guard count <= Self.nestedLimit else { break }
      let members = zip(details, folded).filter { $1.hasSuffix(words) }.map { $0.0 }
      claims += nestedClaims(
        nested, words: words, members: members, grand: totals.first, file: file, prefix: prefix)
    }
    return claims
  }

  /// More totals within the total than a form has fields.
  private static let nestedLimit = 200

  private func sectionClaim(
    _ section: TableLine, at position: Int, file: String, prefix: String
  ) -> CheckedClaim {
    let members = reading.lines.dropFirst(position + 1).prefix { $0.kind == .detail }
    var claim = CheckedClaim(
      file: file, line: section.line, id: "\(prefix)\(section.name)/rows", claim: "Σ rows = \(section.name)",
      verdict: .undecidable,
      remarks: [BilingualText(vi: "không có dòng nào bên dưới", en: "no rows stand under it")])
    if !members.isEmpty {
      (claim.verdict, claim.remarks) = compare(total: section, members: Array(members))
    }
    return claim
  }

  /// A total within the total: the rows that bear its name are part of it, and what remains must satisfy the form too,
  /// and so must everything outside it.
  private func nestedClaims(
    _ nested: TableLine, words: String, members: [TableLine], grand: TableLine?, file: String, prefix: String
  ) -> [(CheckedClaim, [Residual])] {
    var claims: [(CheckedClaim, [Residual])] = []
    func add(_ rest: TableLine, id: String, hidden: Bool) {
      let figures = text(of: rest)
      var claim = CheckedClaim(
        file: file, line: nested.line, id: "\(prefix)\(nested.name)/\(id)", claim: rest.label,
        verdict: verdict(of: rest), remarks: remarks(of: rest))
      claim.remarks.insert(
        hidden
          ? BilingualText(
            vi: "các dòng không thể hiện: \(figures.vi)", en: "rows that are not shown: \(figures.en)")
          : BilingualText(vi: "phần ngoài: \(figures.vi)", en: "everything outside it: \(figures.en)"), at: 0)
      claims.append((claim, failures(of: rest)))
    }
    if !members.isEmpty {
      let sum = self.add(members, label: members.count == 1 ? members[0].name : "Σ \(words)")
      let rest = difference(nested, sum)
      if rest.values.values.contains(where: { $0 != 0 }) { add(rest, id: "rest", hidden: true) }
    }
    if let grand {
      let outside = difference(grand, nested)
      add(outside, id: "outside", hidden: false)
    }
    return claims
  }

  // MARK: Residuals that cancel

  /// Two rows that are off by opposite amounts in one identity: the totals balance, and neither row does.
  private func remarkCancelling(_ residuals: [Residual], _ claims: inout [CheckedClaim], prefix: String) {
    var used: Set<Int> = []
    for (position, residual) in residuals.enumerated().prefix(200) where !used.contains(position) {
      let partner = residuals.indices.dropFirst(position + 1).prefix(200).first { other in
        !used.contains(other) && residuals[other].identity == residual.identity
          && residuals[other].amount == -residual.amount && residuals[other].row != residual.row
      }
      guard let partner else { continue }
      used.formUnion([position, partner])
      let other = residuals[partner]
      func sentence(_ language: OutputLanguage) -> String {
        let amounts = (Self.signed(residual.amount, language), Self.signed(other.amount, language))
        return language == .vi
          ? "bù trừ nhau ở \(residual.identity.id): \"\(residual.row)\" lệch \(amounts.0), \"\(other.row)\" lệch \(amounts.1)"
          : "they cancel in \(residual.identity.id): \"\(residual.row)\" is off by \(amounts.0), \"\(other.row)\" by "
            + amounts.1
      }
      let remark = BilingualText(vi: sentence(.vi), en: sentence(.en))
      for row in [residual.row, other.row] {
        let id = "\(prefix)\(row)/\(residual.identity.id)"
        let position = claims.firstIndex { $0.verdict == .fail && ($0.id == id || $0.claim == row) }
        if let position { claims[position].remarks.append(remark) }
      }
    }
  }
}
