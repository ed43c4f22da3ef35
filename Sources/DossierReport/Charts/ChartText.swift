/// How wide texts are, roughly: enough to keep labels apart and inside the picture, whatever font is used in the end.
enum ChartText {
  /// Width in units of the picture; rather too wide than too narrow.
  static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + ems($1) } * size
  }

  /// The text cut to a width, an ellipsis marking the cut.
  static func cut(_ text: String, to limit: Double, size: Double) -> String {
    // A label of a megabyte is cut before it is measured.
    let text = String(text.prefix(400))
    guard width(text, size: size) > limit else { return text }
    var kept = ""
    var used = ems("…") * size
    for character in text {
      used += ems(character) * size
      if used > limit { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// The text in at most `lines` lines, broken between words, the last one cut.
  static func wrapped(_ text: String, to limit: Double, size: Double, lines: Int) -> [String] {
    var rows: [String] = []
    for word in text.prefix(400).split(separator: " ") {
      if let last = rows.last, width(last + " " + word, size: size) <= limit || rows.count == lines {
        rows[rows.count - 1] = last + " " + word
      } else {
        rows.append(String(word))
      }
    }
    return rows.map { cut($0, to: limit, size: size) }
  }

  private static func ems(_ character: Character) -> Double {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first {
    case " ", "\u{A0}", ".", ",", ":", ";", "'", "|", "!", "i", "j", "l", "t", "f", "r", "I", "(", ")", "/",
      "-":
      return 0.34
    case "m", "w", "M", "W", "%", "@", "–", "—", "…": return 0.95
    case "0"..."9": return 0.55
    default: break
    }
    if first.value < 0x250 || (0x1E00..<0x1F00).contains(first.value) {
      return first.properties.isUppercase ? 0.72 : 0.54
    }
    return DisplayWidth.of(String(character)) == 2 ? 1.1 : 0.7
  }
}

/// Boxes that are taken on a picture, so that no label stands on another.
struct LabelPlaces {
  struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func touches(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  let frame: Box
  private var taken: [Box] = []

  init(frame: Box) { self.frame = frame }

  mutating func take(_ box: Box) { taken.append(box) }

  /// The first of the boxes that is free, which is then taken; nil when none is.
  mutating func firstFree(_ boxes: [Box]) -> Int? {
    let position = boxes.firstIndex { box in
      box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
        && !taken.contains { $0.touches(box) }
    }
    if let position { take(boxes[position]) }
    return position
  }

  /// Heights near those wanted, at least `gap` apart and within the limits, in the order given.
  static func spread(_ wanted: [Double], gap: Double, from top: Double, through bottom: Double) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var places = wanted
    var next = top
    for index in order {
      places[index] = max(wanted[index], next)
      next = places[index] + gap
    }
    var last = bottom
    for index in order.reversed() {
      places[index] = min(places[index], last)
      last = places[index] - gap
    }
    return places
  }
}
