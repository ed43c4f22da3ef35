@_spi(_Unicode) import Swift

/// Free text at the border: one form for what people wrote in two.
///
/// Vietnamese letters can be written precomposed (NFC) or with combining marks (NFD); the eye sees no difference, a
/// comparison of bytes does. Everything that enters is brought to NFC (Unicode Standard Annex 15) once.
public enum NormalizedText {
  // MARK: NFC

  /// Whether the bytes are well-formed UTF-8 in NFC.
  ///
  /// Letters of Vietnamese and of the Latin languages, and the usual dashes and quotes, are recognised by their bytes:
  /// none of them decomposes or combines. Only other text is normalised for comparison.
  public static func isNFC(_ utf8: Span<UInt8>) -> Bool {
    if isPlainlyNFC(utf8) { return true }
    return utf8.withUnsafeBufferPointer { buffer in
      guard let text = String(validating: buffer, as: UTF8.self) else { return false }
      return normalised(text).utf8.elementsEqual(buffer)
    }
  }

  public static func isNFC(_ utf8: UnsafeRawBufferPointer) -> Bool {
    isNFC(utf8.bindMemory(to: UInt8.self).span)
  }

  public static func isNFC(_ utf8: [UInt8]) -> Bool { isNFC(utf8.span) }

  /// The bytes in NFC. Malformed UTF-8 becomes U+FFFD; the gate before libxml2 lets none pass.
  public static func nfc(_ utf8: [UInt8]) -> [UInt8] {
    if isPlainlyNFC(utf8.span) { return utf8 }
    return Array(normalised(String(decoding: utf8, as: UTF8.self)).utf8)
  }

  public static func nfc(_ text: String) -> String {
    isPlainlyNFC(text.utf8.span) ? text : normalised(text)
  }

  private static func normalised(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text._nfc { scalars.append(scalar) }
    return String(scalars)
  }

  /// Only characters of U+0000...U+02FF, U+1E00...U+1EFF and U+2010...U+203F: all are stable under NFC, alone and beside
  /// each other.
  static func isPlainlyNFC(_ utf8: Span<UInt8>) -> Bool {
    var offset = 0
    let count = utf8.count
    while offset < count {
      let first = utf8[offset]
      if first < 0x80 {
        offset += 1
      } else if first >= 0xC2 && first <= 0xCB {
        guard offset + 1 < count, utf8[offset + 1].isContinuation else { return false }
        offset += 2
      } else if first == 0xE1 || first == 0xE2 {
        guard offset + 2 < count, utf8[offset + 2].isContinuation else { return false }
        let second = utf8[offset + 1]
        let isLatin = first == 0xE1 && second >= 0xB8 && second <= 0xBB
        let isPunctuation = first == 0xE2 && second == 0x80 && utf8[offset + 2] >= 0x90
        guard isLatin || isPunctuation else { return false }
        offset += 3
      } else {
        return false
      }
    }
    return true
  }

  // MARK: White space

  /// The bytes without outer white space of XML (space, tab, line feed, carriage return), each inner run made one
  /// space: what `xs:token` calls collapsed. Other blanks, such as U+00A0, stay.
  public static func collapsed(_ utf8: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(utf8.count)
    for byte in utf8 {
      if byte.isXMLSpace {
        if let last = result.last, last != 0x20 { result.append(0x20) }
      } else {
        result.append(byte)
      }
    }
    if result.last == 0x20 { result.removeLast() }
    return result
  }

  /// The bytes without outer white space of XML; inner runs stay.
  public static func trimmed(_ utf8: [UInt8]) -> [UInt8] {
    guard let first = utf8.firstIndex(where: { !$0.isXMLSpace }),
      let last = utf8.lastIndex(where: { !$0.isXMLSpace })
    else { return [] }
    return Array(utf8[first...last])
  }

  /// A field as it is kept: NFC, then collapsed.
  public static func field(_ utf8: [UInt8]) -> [UInt8] { collapsed(nfc(utf8)) }

  // MARK: Search

  /// The text as it is searched: lower case, without diacritics, `đ` as `d`; a text of Vietnamese letters becomes ASCII.
  /// Not for display, and not for comparing identities: `Tú` and `Tư` fold to the same.
  public static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    var scalars = String.UnicodeScalarView()
    for scalar in text._nfd {
      switch scalar.value {
      case 0x300...0x36F: continue  // combining marks
      case 0x110, 0x111: scalars.append("d")  // the stroke of đ is no combining mark
      default: scalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return nfc(String(scalars))
  }
}

extension UInt8 {
  fileprivate var isContinuation: Bool { self & 0xC0 == 0x80 }
  fileprivate var isXMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
