/// A table as HTML: captioned, its headers in one or two rows, widths taken from what stands in the columns.
struct TableMarkup {
  let table: TabularDocument
  let caption: String
  /// Whether the caption is only read aloud, since the heading above says the same.
  var hidesCaption = false
  let numbersColumns: Bool
  let language: OutputLanguage
  /// Width of the print area in points.
  let paperWidth: Double
  /// Whether widths may be set by style attributes, which a page with a strict content policy must not have.
  var setsWidths = true
  /// So many rows are written, and the total.
  var rowLimit = Int.max

  private struct Widths {
    /// Per cent of each column.
    var shares: [Double]
    /// Class that sets the size of the letters in print.
    var size: String
    /// Per cent of the page that the whole table takes in print.
    var table: Double
  }

  func html() -> String {
    let rows = table.rows.prefix(rowLimit).map(texts)
    let total = table.total.map(texts)
    let widths = widths(rows: rows, total: total)
    let style = setsWidths && widths.table < 100 ? " style=\"width:\(SVGMarkup.number(widths.table))%\"" : ""
    var html =
      "<div class=\"scroll\"\(setsWidths ? "" : " tabindex=\"0\"")><table class=\"\(widths.size)\(rows.count <= Self.shortTable ? " short" : "")\"\(style)>\n"
    html +=
      "<caption\(hidesCaption ? " class=\"hidden\"" : "")>\(Markup.escaped(caption))</caption>\n"
    if setsWidths {
      html += "<colgroup>"
      for share in widths.shares { html += "<col style=\"width:\(SVGMarkup.number(share))%\"/>" }
      html += "</colgroup>\n"
    }
    html += "<thead>\n" + header() + "</thead>\n<tbody>\n"
    if rows.isEmpty && total == nil {
      let sentence = language == .vi ? "(không có dòng nào)" : "(no rows)"
      html += "<tr><td class=\"none\" colspan=\"\(max(table.columns.count, 1))\">\(sentence)</td></tr>\n"
    }
    for row in rows { append(row, to: &html) }
    // Not a tfoot, which print engines repeat at the foot of every page.
    if let total { append(total, rowClass: " class=\"total\"", to: &html) }
    return html + "</tbody>\n</table></div>"
  }

  // MARK: Rows

  private func texts(_ row: [Cell]) -> [String] {
    table.columns.enumerated().map { index, column in
      index < row.count ? CellText.text(row[index], kind: column.kind, language: language) : ""
    }
  }

  private func append(_ row: [String], rowClass: String = "", to html: inout String) {
    html += "<tr\(rowClass)>"
    for (index, text) in row.enumerated() {
      let isNumber = table.columns[index].alignment == .right
      let tag = index == nameColumn ? "th" : "td"
      html += "<\(tag)\(index == nameColumn ? " scope=\"row\"" : "")\(isNumber ? " class=\"n\"" : "")>"
      html += Markup.escaped(text)
      html += "</\(tag)>"
    }
    html += "</tr>\n"
  }

  /// The column that names its row: the first that holds words.
  private var nameColumn: Int? {
    table.columns.firstIndex { ($0.kind == .text || $0.kind == .code) && $0.alignment == .left }
  }

  // MARK: Headers

  private func header() -> String {
    let columns = table.columns
    let hasGroups = columns.contains { $0.group != nil }
    var upper = ""
    var lower = ""
    var index = 0
    while index < columns.count {
      let column = columns[index]
      let name = Markup.escaped(column.header[language])
      guard let group = column.group else {
        upper += "<th scope=\"col\"\(hasGroups ? " rowspan=\"2\"" : "")>\(name)</th>"
        index += 1
        continue
      }
      let members = columns[index...].prefix { $0.group == group }
      upper += "<th scope=\"colgroup\" colspan=\"\(members.count)\">\(Markup.escaped(group[language]))</th>"
      for member in members { lower += "<th scope=\"col\">\(Markup.escaped(member.header[language]))</th>" }
      index += members.count
    }
    var html = "<tr>\(upper)</tr>\n"
    if hasGroups { html += "<tr>\(lower)</tr>\n" }
    if numbersColumns {
      let numbers = columns.indices.map { "<td>(\($0 + 1))</td>" }.joined()
      html += "<tr class=\"numbers\">\(numbers)</tr>\n"
    }
    return html
  }

  // MARK: Widths

  private static let sizes: [(points: Double, name: String)] = [
    (11.5, "s115"), (11, "s11"), (10, "s10"), (9, "s9"), (8, "s8"), (7, "s7"),
  ]
  private static let padding = 7.0
  /// Rows of a table that is not broken over pages.
  private static let shortTable = 8

  /// The largest letters with which prose has some room, and if need be the largest with which at least no number and
  /// no word is broken; what is left over goes to the prose. A table that needs little does not take the whole page.
  private func widths(rows: [[String]], total: [String]?) -> Widths {
    var least: [Double] = []
    var easy: [Double] = []
    var wanted: [Double] = []
    for (index, column) in table.columns.enumerated() {
      let header = column.header[language]
      var longest = ChartText.longestWord(header) * 1.06
      var whole = 0.0
      for text in rows.lazy.map({ $0[index] }) + (total.map { [$0[index]] } ?? []) {
        let width = ChartText.width(String(text.prefix(120)), size: 1)
        whole = max(whole, width)
        longest = max(longest, column.alignment == .right ? width : min(ChartText.longestWord(text), 16))
      }
      least.append(longest)
      easy.append(max(longest, min(whole, 13)))
      wanted.append(max(longest, min(whole, 26), min(ChartText.width(header, size: 1), 8)))
    }
    let paddings = Self.padding * Double(least.count)
    let needed = least.reduce(0, +)
    func largest(_ sizes: some Sequence<(points: Double, name: String)>, for letters: Double) -> (
      points: Double, name: String
    )? {
      sizes.first { $0.points * letters + paddings <= paperWidth }
    }
    let size =
      largest(Self.sizes.prefix(4), for: easy.reduce(0, +)) ?? largest(Self.sizes, for: needed) ?? (7, "s7")
    let room = max((paperWidth - paddings) / size.points, needed)
    // From the least to what reads easily, and on from there to all that is wanted, as far as there is room.
    let (base, goal) = easy.reduce(0, +) <= room ? (easy, wanted) : (least, easy)
    let more = zip(goal, base).map { $0 - $1 }
    let extra = more.reduce(0, +)
    let share = extra > 0 ? min(max(room - base.reduce(0, +), 0) / extra, 1) : 0
    let points = zip(base, more).map { ($0 + $1 * share) * size.points + Self.padding }
    let sum = points.reduce(0, +)
    return Widths(
      shares: points.map { sum > 0 ? $0 / sum * 100 : 0 }, size: size.name,
      table: min(max((sum * 1.15 / paperWidth * 100).rounded(.up), 40), 100))
  }
}

extension ChartText {
  /// Width of the longest part that is not broken, in letters' sizes.
  static func longestWord(_ text: String) -> Double {
    text.prefix(400).split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "/" })
      .reduce(0) { max($0, width(String($1), size: 1)) }
  }
}
