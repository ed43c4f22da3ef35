extension ReportChart {
  /// The chart as one SVG element: the same bytes for the same chart, identifier and language.
  ///
  /// It carries its title and description for those who hear it, uses no style sheet and names no other resource.
  /// Values that are not finite, or larger than 10¹⁵, are left out, and a line under the picture says how many.
  ///
  /// - Parameter id: begins the identifiers inside, so it must be used once a page.
  public func svg(id: String, language: OutputLanguage) -> String {
    var canvas =
      switch kind {
      case .funnel(let chart): chart.drawn(language)
      case .series(let chart): chart.drawn(language)
      case .survival(let chart): chart.drawn(language)
      case .flow(let chart): chart.drawn(language)
      case .bars(let chart): chart.drawn(language)
      }
    for remark in canvas.remarks {
      canvas.height += 15
      canvas.text(
        remark[language], at: Place(x: 4, y: canvas.height - 4), size: ChartCanvas.smallSize, fill: Ink.quiet)
    }
    let id = Markup.identifier(id)
    let size = (SVGMarkup.number(ChartCanvas.width), SVGMarkup.number(canvas.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size.0) \(size.1)" width="\(size.0)" \
      height="\(size.1)" role="img" aria-labelledby="\(id)-title \(id)-desc" \
      font-family="Tinos, 'Times New Roman', 'Liberation Serif', serif">
      <title id="\(id)-title">\(Markup.escaped(title[language]))</title>
      <desc id="\(id)-desc">\(Markup.escaped(description[language]))</desc>
      \(canvas.markup.text)</svg>
      """
  }
}

extension ChartCanvas {
  /// Says how many values are not drawn.
  mutating func remark(undrawn count: Int) {
    guard count > 0 else { return }
    let vi = NumberText.human(count, language: .vi)
    let en = NumberText.human(count, language: .en)
    remarks.append(
      BilingualText(
        vi: "Không vẽ \(vi) giá trị không xác định hoặc quá lớn.",
        en: "Not drawn: \(en) values that are undefined or too large."))
  }

  /// Says that only the first of many are drawn.
  mutating func remark(drawn: Int, of count: Int) {
    guard drawn < count else { return }
    let vi = (NumberText.human(drawn, language: .vi), NumberText.human(count, language: .vi))
    let en = (NumberText.human(drawn, language: .en), NumberText.human(count, language: .en))
    remarks.append(
      BilingualText(
        vi: "Hình vẽ \(vi.0) trong số \(vi.1); bảng số liệu có đủ.",
        en: "Drawn: \(en.0) of \(en.1); the table has them all."))
  }

  /// What stands in place of a picture without values.
  static func empty(_ language: OutputLanguage) -> ChartCanvas {
    var canvas = ChartCanvas(language: language, height: 60)
    canvas.text(
      language == .vi ? "Không có số liệu trong kỳ." : "No data in the period.",
      at: Place(x: width / 2, y: 36), anchor: .middle, fill: Ink.quiet)
    return canvas
  }
}
