internal import DossierCore

/// The header of a printed form: several lines, cells that span others, and perhaps the columns' numbers beneath.
struct TableHeader {
  struct Match {
    var layout: FormLayout
    var columns: [FormQuantity: Int]
    /// Position of the first row that is no header.
    var firstRow: Int
  }

  private let rows: [SheetRow]

  private let style: NumberStyle

  init(_ rows: some Sequence<SheetRow>, style: NumberStyle) {
    self.rows = Array(rows)
    self.style = style
  }

  /// The form whose every column is found exactly once; of several, the one with most columns.
  ///
  /// Headers may begin at any row, after titles; they end where figures begin.
  func match(_ layouts: [FormLayout]) -> Match? {
    guard let end = headerEnd() else { return nil }
    // Columns are at most so many: those of the widest header line.
    let width = min(rows[..<end].reduce(0) { max($0, $1.cells.count) }, 64)
    // Titles stand over headers, so begin with the whole and leave out line after line from above.
    for start in 0..<end {
      let paths = self.paths(rows[start..<end], width: width)
      let found = layouts.compactMap { layout in columns(of: layout, paths).map { (layout, $0) } }
      if let best = found.max(by: { $0.1.count < $1.1.count }) {
        return Match(layout: best.0, columns: best.1, firstRow: end)
      }
    }
    return byNumbers(layouts, firstRow: end)
  }

  /// By the numbers under headers that nobody could match, when the form prints numbers.
  private func byNumbers(_ layouts: [FormLayout], firstRow: Int) -> Match? {
    guard firstRow > 0, let numbers = Self.columnNumbers(rows[firstRow - 1]) else { return nil }
    let cells = rows[firstRow - 1].cells
    guard let last = numbers.last, let end = cells.lastIndex(where: { $0 != .empty }) else { return nil }
    for layout in layouts {
      let printed = layout.columns.compactMap(\.number)
      guard printed.count == layout.columns.count, printed.max() == last,
        numbers.first ?? 0 <= printed.min() ?? 0
      else {
        continue
      }
      let columns = layout.columns.reduce(into: [FormQuantity: Int]()) { columns, column in
        columns[column.quantity] = end - last + (column.number ?? 0)
      }
      if columns.values.allSatisfy({ $0 > 0 }) {
        return Match(layout: layout, columns: columns, firstRow: firstRow)
      }
    }
    return nil
  }

  /// Where figures begin: after the row of column numbers, else at the first row with several numbers.
  private func headerEnd() -> Int? {
    if let numbers = rows.firstIndex(where: { Self.columnNumbers($0) != nil }) { return numbers + 1 }
    return rows.firstIndex { row in
      row.cells.filter { TableReading.count($0, style) != nil }.count >= 4
    }
  }

  /// Words of all header lines above each column, folded, outermost first.
  ///
  /// A cell that spans several columns has its text in the first of them only, so an empty cell takes what stands left of
  /// it, as long as both are under one header of the line above.
  private func paths(_ lines: ArraySlice<SheetRow>, width: Int) -> [String] {
    var paths = [String](repeating: "", count: width)
    // Columns of one number are under the same cells of the lines above.
    struct Place: Hashable {
      var parent: Int
      var owner: Int
    }
    var parents = [Int](repeating: 0, count: width)
    for line in lines where Self.columnNumbers(line) == nil {
      var text = ""
      var owner = -1
      var places: [Place] = []
      for column in 0..<width {
        let own = Self.words(line[column])
        if !own.isEmpty {
          text = own
          owner = column
        } else if owner >= 0, parents[owner] != parents[column] {
          owner = -1
        }
        if owner >= 0 { paths[column] += (paths[column].isEmpty ? "" : " | ") + text }
        places.append(Place(parent: parents[column], owner: owner))
      }
      var known: [Place: Int] = [:]
      for column in 0..<width {
        let number = known[places[column]] ?? known.count
        known[places[column]] = number
        parents[column] = number
      }
    }
    return paths
  }

  private static func words(_ cell: SheetCell) -> String {
    guard case .text(let text) = cell else { return "" }
    return FoldedText.fold(text.prefix(500))
  }

  private func columns(of layout: FormLayout, _ paths: [String]) -> [FormQuantity: Int]? {
    var columns: [FormQuantity: Int] = [:]
    for column in layout.columns {
      let fitting = paths.indices.filter { position in
        column.phrases.contains { phrases in phrases.allSatisfy { Self.contains(paths[position], $0) } }
      }
      guard fitting.count == 1 else { return nil }
      columns[column.quantity] = fitting[0]
    }
    guard Set(columns.values).count == columns.count else { return nil }
    // A form without a column for "early" is none that has one.
    guard layout.position(of: .early) == nil else { return columns }
    let hasMore = paths.indices.contains { position in
      Self.contains(paths[position], "truoc han") && !columns.values.contains(position)
    }
    return hasMore ? nil : columns
  }

  /// Whether a path has the words of a phrase side by side, as whole words.
  private static func contains(_ path: String, _ phrase: String) -> Bool {
    let words = path.split(separator: " ")
    let wanted = phrase.split(separator: " ")
    guard words.count >= wanted.count else { return false }
    return (0...(words.count - wanted.count)).contains { Array(words[$0..<($0 + wanted.count)]) == wanted }
  }

  /// The numbers of a row like `(1) (2) (3) …`: at least five in a row, each one more than the one before.
  static func columnNumbers(_ row: SheetRow) -> [Int]? {
    let numbers = row.cells.compactMap { cell -> Int? in
      switch cell {
      case .empty: return nil
      case .number(let value, false, _): return Int(exactly: value)
      case .text(let text):
        // "(3)", "3", "(3)=(4)+(5)+(6)"
        let digits = text.drop { $0 == "(" }.prefix { ("0"..."9").contains($0) }
        let rest = text.drop { $0 == "(" }.dropFirst(digits.count)
        let tail = rest.drop { $0 == ")" || $0 == " " }
        guard tail.isEmpty || tail.hasPrefix("=") else { return nil }
        return digits.utf8.count <= 2 ? Int(digits) : nil
      default: return nil
      }
    }
    let filled = row.cells.filter { $0 != .empty }.count
    guard numbers.count >= 5, numbers.count >= filled - 2, let first = numbers.first, first <= 3 else {
      return nil
    }
    return zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 } ? numbers : nil
  }
}
