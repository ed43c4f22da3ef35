internal import DossierCore

/// The head of an administrative document (Nghị định 30/2020/NĐ-CP, annex I): the bodies on the left, Quốc hiệu and Tiêu
/// ngữ on the right, each with its rule, then place and date.
struct HeadingBlock {
  let sheet: WorkbookSheet
  let heading: ReportHeading
  let widths: [Double]
  let language: OutputLanguage

  private static let nation = BilingualText(
    vi: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", en: "SOCIALIST REPUBLIC OF VIET NAM")
  private static let motto = BilingualText(
    vi: "Độc lập - Tự do - Hạnh phúc", en: "Independence - Freedom - Happiness")

  func write(from row: inout Int) throws {
    let plain = CellLook(size: 12, side: .centre, wraps: true)
    let bold = CellLook(size: 12, isBold: true, side: .centre, wraps: true)
    let motto = CellLook(size: 13, isBold: true, side: .centre, wraps: true)
    let office = heading.office.uppercased()
    if let superior = heading.superior {
      try pair(superior.uppercased(), plain, Self.nation[language], bold, &row)
      try pair(office, bold, Self.motto[language], motto, &row)
      try rules(left: true, right: true, &row)
    } else {
      try pair(office, bold, Self.nation[language], bold, &row)
      try pair(Self.rule(8), Self.ruleLook, Self.motto[language], motto, &row)
      try rules(left: false, right: true, &row)
    }
    try pair("", plain, dateLine, CellLook(size: 13, isItalic: true, side: .centre, wraps: true), &row)
    row += 1
  }

  private static let ruleLook = CellLook(size: 8, side: .centre)

  /// Dashes that touch: a sheet has no drawn line as long as a text.
  private static func rule(_ length: Int) -> String { String(repeating: "\u{2014}", count: length) }

  private func rules(left: Bool, right: Bool, _ row: inout Int) throws {
    try sheet.setHeight(9, row: row)
    try sheet.write(left ? Self.rule(8) : "", row: row, columns: self.left, look: Self.ruleLook)
    try sheet.write(right ? Self.rule(22) : "", row: row, columns: self.right, look: Self.ruleLook)
    row += 1
  }

  private func pair(
    _ leftText: String, _ leftLook: CellLook, _ rightText: String, _ rightLook: CellLook, _ row: inout Int
  ) throws {
    let height = max(
      TextHeight.points(leftText, width: widths[left].reduce(0, +), look: leftLook),
      TextHeight.points(rightText, width: widths[right].reduce(0, +), look: rightLook))
    try sheet.setHeight(height, row: row)
    try sheet.write(leftText, row: row, columns: left, look: leftLook)
    try sheet.write(rightText, row: row, columns: right, look: rightLook)
    row += 1
  }

  /// The columns of the left side: as near as possible to two fifths of the width.
  private var left: ClosedRange<Int> {
    let total = widths.reduce(0, +)
    var best = 0
    var nearest = Double.infinity
    var sum = 0.0
    for column in widths.indices.dropLast() {
      sum += widths[column]
      let distance = (sum / total - 0.42).magnitude
      if distance < nearest {
        best = column
        nearest = distance
      }
    }
    return 0...best
  }

  private var right: ClosedRange<Int> { (left.upperBound + 1)...(widths.count - 1) }

  /// Days below 10 and the months 1 and 2 are written with a leading zero.
  private var dateLine: String {
    let place = heading.place.map { $0 + ", " } ?? ""
    guard let date = heading.date else {
      return place + (language == .vi ? "ngày … tháng … năm …" : "…")
    }
    if language == .en { return place + date.text }
    let day = date.day < 10 ? "0\(date.day)" : "\(date.day)"
    let month = date.month < 3 ? "0\(date.month)" : "\(date.month)"
    let words = "ngày \(day) tháng \(month) năm \(date.year)"
    return place.isEmpty ? "N" + words.dropFirst() : place + words
  }
}
