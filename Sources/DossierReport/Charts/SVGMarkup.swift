internal import DossierCore

/// Text as it may stand in HTML and XML, inside elements and between double quotes.
///
/// Escaped scalar by scalar: an escape that goes by characters passes over a `<` or a quote that carries a combining
/// mark, which a browser reads as a `<` or a quote all the same.
enum Markup {
  /// The text in NFC, without characters that XML forbids or that move text about, and with markup's own characters
  /// spelt out.
  static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var output = ""
    for scalar in NormalizedText.nfc(DisplayWidth.safe(text)).unicodeScalars {
      switch scalar {
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "&": output += "&amp;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Letters, digits and what else means nothing to markup.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  /// A word for an `id`: letters, digits and hyphens, never empty.
  static func identifier(_ text: String) -> String {
    let kept = text.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        byte
      default: UInt8(ascii: "-")
      }
    }
    return kept.isEmpty ? "x" : String(decoding: kept, as: UTF8.self)
  }
}

/// Writes SVG elements. Only presentation attributes are used, because print engines draw an inline picture without
/// the page's style sheet; a style sheet may still override them on a screen.
struct SVGMarkup {
  private(set) var text = ""

  /// An element, empty or with a tooltip that is also read aloud.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?>, tooltip: String? = nil
  ) {
    open(name, attributes)
    if let tooltip {
      text += "><title>" + Markup.escaped(tooltip) + "</title></\(name)>\n"
    } else {
      text += "/>\n"
    }
  }

  /// An element around a text.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?>, content: String
  ) {
    open(name, attributes)
    text += ">" + Markup.escaped(content) + "</\(name)>\n"
  }

  private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
    text += "<" + name
    for (key, value) in attributes {
      if let value { text += " \(key)=\"" + Markup.escaped(value) + "\"" }
    }
  }

  /// A coordinate with at most two decimals, so that the last bits of a computation never show.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -100_000), 100_000) * 100).rounded())
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    let decimals = rest % 10 == 0 ? String(rest / 10) : (rest < 10 ? "0" : "") + String(rest)
    return "\(sign)\(whole).\(decimals)"
  }
}
