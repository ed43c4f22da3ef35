internal import DossierCore

/// The header block of an official document (Nghị định 30/2020/NĐ-CP, annex I) for templates: escaped texts.
struct OfficialHeading {
  private let heading: ReportHeading

  init(_ heading: ReportHeading) { self.heading = heading }

  /// - Parameter kind: short form of the document's kind in its number, such as `BB`.
  func context(kind: String) -> [String: Any] {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date =
      heading.date.map { date in
        "ngày \(two(date.day)) tháng \(date.month < 3 ? "0" : "")\(date.month) năm \(date.year)"
      } ?? "ngày …… tháng …… năm ………"
    var context: [String: Any] = [
      "office": Markup.escaped(heading.office.uppercased()), "kind": kind,
      "place": Markup.escaped(heading.place ?? "……………"), "date": date,
    ]
    if let superior = heading.superior { context["superior"] = Markup.escaped(superior.uppercased()) }
    return context
  }
}

enum PaperTime {
  /// A time as people read it on paper: no fraction of a second, and no offset where it is that of Viet Nam. Anything of
  /// another shape comes back unchanged.
  static func text(_ rfc3339: String, _ language: OutputLanguage) -> String {
    var text = Substring(rfc3339)
    if text.hasSuffix("+07:00") { text.removeLast(6) }
    let parts = text.split(separator: ".", maxSplits: 1)
    if let fraction = parts.dropFirst().first {
      text = parts[0] + fraction.drop { ("0"..."9").contains($0) }
    }
    return HumanDate.text(String(text), language: language)
  }
}
