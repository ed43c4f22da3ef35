/// The table that people read: columns aligned by display width, numbers in their language, a rule under the
/// header.
///
/// Where the terminal is too narrow, headers wrap between words first, then prose columns are cut, widest
/// first. Numbers and identifiers are never cut: a line that is too long is an annoyance, a wrong number is a
/// fault.
struct TableText {
  let document: TabularDocument
  let style: TableStyle

  private static let gap = "  "
  private static let narrowestProse = 8

  func text() -> String {
    var lines: [String] = []
    if let title = document.title { lines.append(bold(DisplayWidth.safe(title[style.language]))) }
    lines += document.lead.map { DisplayWidth.safe($0[style.language]) }
    if !document.columns.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines += tableLines()
    }
    if !document.notes.isEmpty { lines.append("") }
    lines += document.notes.map { DisplayWidth.safe($0[style.language]) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func tableLines() -> [String] {
    let body = document.rows.map(texts)
    let total = document.total.map(texts)
    let headers = document.columns.map { DisplayWidth.safe($0.header[style.language]) }
    var widths = columnWidths(headers: headers, cells: body + (total.map { [$0] } ?? []))
    let groups = self.groups
    for group in groups { widths[group.columns.upperBound - 1] += missingWidth(group, widths) }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: Self.gap)

    var lines: [String] = []
    if !groups.isEmpty { lines += [groupLine(groups, widths), groupRule(groups, widths)] }
    lines += headerLines(headers, widths: widths)
    lines = lines.map(bold)
    lines.append(rule)
    lines += body.map { line($0, widths: widths) }
    if body.isEmpty { lines.append(style.language == .vi ? "(không có dòng nào)" : "(no rows)") }
    if let total {
      lines.append(rule)
      lines.append(bold(line(total, widths: widths)))
    }
    return lines
  }

  private func columnWidths(headers: [String], cells: [[String]]) -> [Int] {
    let content = headers.indices.map { column in
      cells.reduce(0) { max($0, DisplayWidth.of($1[column])) }
    }
    var widths = zip(content, headers).map { max($0, DisplayWidth.of($1)) }
    guard let limit = style.width else { return widths }
    func excess() -> Int { widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - limit }

    let narrowestHeaders = headers.map { header in
      header.split(separator: " ").reduce(1) { max($0, DisplayWidth.of(String($1))) }
    }
    if excess() > 0 { widths = zip(content, narrowestHeaders).map { max($0, $1) } }
    while excess() > 0 {
      let prose = widths.indices.filter { column in
        document.columns[column].kind == .text
          && widths[column] > max(Self.narrowestProse, narrowestHeaders[column])
      }
      guard let widest = prose.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  // MARK: Headers over several columns

  private struct Group {
    let columns: Range<Int>
    let label: String
  }

  /// Runs of neighbouring columns with one header over them.
  private var groups: [Group] {
    var groups: [Group] = []
    for (index, column) in document.columns.enumerated() {
      guard let label = column.group.map({ DisplayWidth.safe($0[style.language]) }) else { continue }
      if let last = groups.last, last.columns.upperBound == index,
        document.columns[index - 1].group == column.group
      {
        groups[groups.count - 1] = Group(columns: last.columns.lowerBound..<(index + 1), label: label)
      } else {
        groups.append(Group(columns: index..<(index + 1), label: label))
      }
    }
    return groups
  }

  private func width(_ columns: Range<Int>, _ widths: [Int]) -> Int {
    widths[columns].reduce(0, +) + Self.gap.count * (columns.count - 1)
  }

  private func missingWidth(_ group: Group, _ widths: [Int]) -> Int {
    max(0, DisplayWidth.of(group.label) - width(group.columns, widths))
  }

  private func groupLine(_ groups: [Group], _ widths: [Int]) -> String {
    line(over: groups, widths) { group, width in
      group.label + String(repeating: " ", count: max(0, width - DisplayWidth.of(group.label)))
    }
  }

  private func groupRule(_ groups: [Group], _ widths: [Int]) -> String {
    line(over: groups, widths) { String(repeating: "─", count: $1) }
  }

  /// One line whose texts stand over the groups' columns.
  private func line(over groups: [Group], _ widths: [Int], _ text: (Group, Int) -> String) -> String {
    var output = ""
    var column = 0
    for group in groups {
      for skipped in column..<group.columns.lowerBound {
        output += String(repeating: " ", count: widths[skipped]) + Self.gap
      }
      output += text(group, width(group.columns, widths)) + Self.gap
      column = group.columns.upperBound
    }
    while output.last == " " { output.removeLast() }
    return output
  }

  // MARK: Headers

  /// The headers, wrapped between words to their columns and standing on the rule.
  private func headerLines(_ headers: [String], widths: [Int]) -> [String] {
    let wrapped = zip(headers, widths).map { header, width in
      header.split(separator: " ").reduce(into: [String]()) { lines, word in
        if let last = lines.last, DisplayWidth.of(last + " " + word) <= width {
          lines[lines.count - 1] = last + " " + word
        } else {
          lines.append(String(word))
        }
      }
    }
    let height = wrapped.reduce(1) { max($0, $1.count) }
    return (0..<height).map { row in
      let cells = wrapped.map { lines in
        let index = row - (height - lines.count)
        return index < 0 ? "" : lines[index]
      }
      return line(cells, widths: widths)
    }
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    var output = ""
    for (index, cell) in cells.enumerated() {
      let text = DisplayWidth.cut(cell, to: widths[index])
      let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(text))
      if index > 0 { output += Self.gap }
      output += document.columns[index].alignment == .right ? padding + text : text + padding
    }
    while output.last == " " { output.removeLast() }
    return output
  }

  private func texts(_ row: [Cell]) -> [String] {
    document.columns.enumerated().map { index, column in
      index < row.count
        ? DisplayWidth.safe(CellText.text(row[index], kind: column.kind, language: style.language)) : ""
    }
  }

  private func bold(_ line: String) -> String {
    style.colour && !line.isEmpty ? "\u{1B}[1m\(line)\u{1B}[0m" : line
  }
}

/// Dates as people write them. The offset of a time stays visible: a custody gap may hide in it.
enum HumanDate {
  /// `2026-01-05` as `05/01/2026` in Vietnamese, `2026-01-05T08:30:00+07:00` as `05/01/2026 08:30:00+07:00`;
  /// English keeps the ISO order. Anything of another shape comes back unchanged.
  static func text(_ value: String, language: OutputLanguage) -> String {
    let day = value.prefix(10)
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) else {
      return value
    }
    let rest = value.dropFirst(10)
    guard rest.isEmpty || rest.first == "T" else { return value }
    let date = language == .vi ? "\(parts[2])/\(parts[1])/\(parts[0])" : String(day)
    return rest.isEmpty ? date : date + " " + rest.dropFirst()
  }
}
