/// What a barcode reader typed, without what is not part of the code: control characters, the reader's own prefix (AIM
/// symbology identifier such as `]C1`), group separators, outer blanks. In NFC; what it says is left as it is.
public struct ScanText: Hashable, Sendable {
  public let text: String

  /// Longer texts are no codes; a reader that has lost its suffix joins several.
  public static let greatestLength = 256

  public init(raw: String) {
    var scalars = Array(NormalizedText.nfc(raw).unicodeScalars)
    scalars.removeAll { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0xFEFF }
    var rest = scalars[...]
    func trim() {
      rest = rest.drop { $0.properties.isWhitespace }
      while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    }
    trim()
    if Self.beginsWithSymbology(rest) {
      rest = rest.dropFirst(3)
      trim()
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: rest)
    text = String(view)
  }

  /// `]`, a letter for the symbology, a digit or letter for its options (ISO/IEC 15424). No code of ours begins with `]`.
  private static func beginsWithSymbology(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard scalars.count > 3, scalars.first == "]" else { return false }
    let (letter, option) = (scalars[scalars.startIndex + 1], scalars[scalars.startIndex + 2])
    return letter.isASCII && letter.properties.isAlphabetic
      && option.isASCII && (option.properties.isAlphabetic || option.properties.numericType != nil)
  }
}
