/// A point of a picture.
struct Place: Equatable {
  var x: Double
  var y: Double
}

/// Colours that keep their order in grey and stand out from white; a meaning is never carried by colour alone.
enum Ink {
  static let text = "#1a1a1a"
  static let quiet = "#555555"
  static let axis = "#4d4d4d"
  static let grid = "#dcdcdc"
  static let main = "#0b4f8a"
  static let band = "#9dbfdc"
  static let problem = "#b3261e"
  static let problemBand = "#e5a09b"
  static let paper = "#ffffff"
  /// Of stacked parts, far apart in lightness where they touch.
  static let parts = ["#0b3c68", "#a9c9e4", "#4a86b8", "#dbe7f1"]
  static let lightParts: Set<String> = ["#a9c9e4", "#dbe7f1"]
  /// Line patterns that are told apart without colour.
  static let dashes: [String?] = [nil, "7 4", "2 3", "10 3 2 3", "14 4", "4 2 1 2 1 2", "1 5", "18 3 3 3"]
  static let curves = [
    "#0b3c68", "#b3541e", "#2e7d5b", "#6a4c93", "#1a1a1a", "#0b4f8a", "#8a5a00", "#555555",
  ]
}

/// What a chart is drawn on: 640 units wide, as high as it needs.
struct ChartCanvas {
  static let width = 640.0
  static let textSize = 12.5
  static let smallSize = 11.0

  let language: OutputLanguage
  var height: Double
  private(set) var markup = SVGMarkup()
  /// What a reader must know about what is not drawn, printed under the picture.
  var remarks: [BilingualText] = []

  init(language: OutputLanguage, height: Double) {
    self.language = language
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, at place: Place, size: Double = Self.textSize, anchor: Anchor = .start,
    fill: String = Ink.text, isBold: Bool = false
  ) {
    guard !text.isEmpty else { return }
    markup.element(
      "text",
      [
        "x": SVGMarkup.number(place.x), "y": SVGMarkup.number(place.y), "font-size": SVGMarkup.number(size),
        "text-anchor": anchor == .start ? nil : anchor.rawValue, "fill": fill,
        "font-weight": isBold ? "bold" : nil,
      ], content: text)
  }

  mutating func line(
    from start: Place, to end: Place, stroke: String = Ink.axis, width: Double = 1, dash: String? = nil
  ) {
    markup.element(
      "path",
      [
        "d": "M\(Self.text(start))L\(Self.text(end))", "fill": "none", "stroke": stroke,
        "stroke-width": SVGMarkup.number(width), "stroke-dasharray": dash,
      ])
  }

  /// A line through several places; nothing for fewer than two. Places that the paper cannot tell apart are one.
  mutating func line(
    through places: [Place], stroke: String, width: Double = 1.5, dash: String? = nil
  ) {
    guard places.count > 1 else { return }
    var kept: [Place] = []
    for (index, place) in places.enumerated() {
      if let last = kept.last, index < places.count - 1, abs(place.x - last.x) < 0.25,
        abs(place.y - last.y) < 0.25
      {
        continue
      }
      kept.append(place)
    }
    markup.element(
      "path",
      [
        "d": Self.path(kept), "fill": "none", "stroke": stroke, "stroke-width": SVGMarkup.number(width),
        "stroke-dasharray": dash, "stroke-linejoin": "round",
      ])
  }

  mutating func area(_ places: [Place], fill: String, opacity: Double) {
    guard places.count > 2 else { return }
    markup.element(
      "path",
      [
        "d": Self.path(places) + "Z", "fill": fill, "fill-opacity": SVGMarkup.number(opacity),
        "stroke": "none",
      ])
  }

  mutating func path(_ data: String, fill: String, opacity: Double, tooltip: String? = nil) {
    markup.element(
      "path", ["d": data, "fill": fill, "fill-opacity": SVGMarkup.number(opacity), "stroke": "none"],
      tooltip: tooltip)
  }

  mutating func rectangle(
    from corner: Place, to opposite: Place, fill: String, stroke: String? = nil, opacity: Double? = nil,
    tooltip: String? = nil
  ) {
    markup.element(
      "rect",
      [
        "x": SVGMarkup.number(min(corner.x, opposite.x)), "y": SVGMarkup.number(min(corner.y, opposite.y)),
        "width": SVGMarkup.number(abs(opposite.x - corner.x)),
        "height": SVGMarkup.number(abs(opposite.y - corner.y)), "fill": fill, "stroke": stroke,
        "fill-opacity": opacity.map(SVGMarkup.number),
      ], tooltip: tooltip)
  }

  /// An ordinary value: a small ring.
  mutating func ring(at place: Place, tooltip: String? = nil) {
    markup.element(
      "circle",
      [
        "cx": SVGMarkup.number(place.x), "cy": SVGMarkup.number(place.y), "r": "3.2", "fill": Ink.paper,
        "stroke": Ink.main, "stroke-width": "1.4",
      ], tooltip: tooltip)
  }

  /// A value that asks for a look: a filled diamond.
  mutating func diamond(at place: Place, tooltip: String? = nil) {
    let corners = [(0.0, -6.0), (6, 0), (0, 6), (-6, 0)].map { Place(x: place.x + $0.0, y: place.y + $0.1) }
    markup.element("path", ["d": Self.path(corners) + "Z", "fill": Ink.problem], tooltip: tooltip)
  }

  /// An interval: a line with caps.
  mutating func whisker(from start: Place, to end: Place, stroke: String = Ink.axis) {
    let isUpright = start.x == end.x
    let cap = 3.0
    line(from: start, to: end, stroke: stroke, width: 1.2)
    for place in [start, end] {
      line(
        from: Place(x: place.x - (isUpright ? cap : 0), y: place.y - (isUpright ? 0 : cap)),
        to: Place(x: place.x + (isUpright ? cap : 0), y: place.y + (isUpright ? 0 : cap)), stroke: stroke,
        width: 1.2)
    }
  }

  static func text(_ place: Place) -> String {
    SVGMarkup.number(place.x) + " " + SVGMarkup.number(place.y)
  }

  private static func path(_ places: [Place]) -> String {
    "M" + places.map(text).joined(separator: "L")
  }
}
