internal import Mustache

/// Escapes texts in pages scalar by scalar.
///
/// The template engine's own escape goes by characters, and passes over a quote or a `<` that carries a combining mark,
/// which a browser reads as a quote or a `<` all the same. Characters that turn the direction of what follows are shown
/// as unreadable: a container's name must not be able to rewrite the line that it stands in.
struct PageEscaping: MustacheContentType {
  /// Begins every template; a template that is called as a part begins anew with the engine's escape otherwise.
  static let pragma = "{{% CONTENT_TYPE:STATION}}"

  /// To be called before templates are read.
  static func register() { MustacheContentTypes.register(PageEscaping(), named: "STATION") }

  func escapeText(_ text: String) -> String {
    if text.utf8.allSatisfy(Self.isPlain) { return text }
    var output = ""
    output.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "&": output += "&amp;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\t", "\n", "\r": output.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{061C}",
        "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FFFE}", "\u{FFFF}":
        output += "\u{FFFD}"
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
}
