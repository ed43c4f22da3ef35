internal import DossierCore

/// The text of a cell as it is handed on.
enum SheetText {
  /// NFC, without white space at its ends (no-break spaces and byte order marks included), line ends as line feeds.
  static func clean(_ utf8: some Collection<UInt8>) -> String {
    var text = String(decoding: utf8, as: UTF8.self)
    if utf8.contains(0x0D) { text = withLineFeeds(text) }
    if let first = utf8.first, isPlain(first), let last = text.utf8.last, isPlain(last) {
      return NormalizedText.nfc(text)
    }
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !isBlank($0) }),
      let end = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return NormalizedText.nfc(String(scalars[start...end]))
  }

  static func cell(_ utf8: some Collection<UInt8>) -> SheetCell {
    let text = clean(utf8)
    return text.isEmpty ? .empty : .text(text)
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x80 }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
  }

  private static func withLineFeeds(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    var isAfterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\r" {
        scalars.append("\n")
      } else if scalar != "\n" || !isAfterReturn {
        scalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return String(scalars)
  }
}
