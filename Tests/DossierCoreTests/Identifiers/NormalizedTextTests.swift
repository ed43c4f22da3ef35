import DossierCore
import Foundation
import Testing

@Suite struct NormalizedTextTests {
  /// The letters of Vietnamese outside ASCII, by the ASCII letter that they are searched as.
  static let lowercase = [
    ("a", "àáảãạăằắẳẵặâầấẩẫậ"), ("e", "èéẻẽẹêềếểễệ"), ("i", "ìíỉĩị"), ("o", "òóỏõọôồốổỗộơờớởỡợ"),
    ("u", "ùúủũụưừứửữự"), ("y", "ỳýỷỹỵ"), ("d", "đ"),
  ]

  static let letters = lowercase.flatMap { base, letters in
    (letters + letters.uppercased()).unicodeScalars.map { (base, String($0)) }
  }

  @Test func thereAre134Letters() {
    #expect(Set(Self.letters.map { $0.1.bytes }).count == 134)
    #expect(Self.letters.count == 134)
  }

  @Test func composesEveryLetter() {
    for (base, letter) in Self.letters {
      let apart = letter.decomposedStringWithCanonicalMapping
      #expect(NormalizedText.isNFC(letter.bytes))
      #expect(NormalizedText.nfc(apart.bytes) == letter.bytes)
      #expect(NormalizedText.nfc(apart).bytes == letter.bytes)
      #expect(NormalizedText.isNFC(apart.bytes) == (base == "d"))
      #expect(NormalizedText.folded(letter).bytes == base.bytes)
      #expect(NormalizedText.folded(apart).bytes == base.bytes)
    }
  }

  @Test func foldsForSearch() {
    #expect(
      NormalizedText.folded("Trung tâm Phục vụ HÀNH CHÍNH công Đắk Lắk 2026")
        == "trung tam phuc vu hanh chinh cong dak lak 2026")
    #expect(
      NormalizedText.folded("NGUYỄN") == NormalizedText.folded("nguyễn".decomposedStringWithCanonicalMapping))
    // Other scripts stay readable.
    #expect(NormalizedText.folded("Straße Ω 한").bytes == "straße ω 한".bytes)
  }

  /// The short cut is sound: Foundation (ICU) finds nothing to normalise in any of its characters, nor in their mixtures.
  @Test func everyCharacterOfTheShortCutIsStable() {
    let scalars = ([0x20...0x2FF, 0x1E00...0x1EFF, 0x2010...0x203F] as [ClosedRange<UInt32>])
      .flatMap { $0.compactMap(Unicode.Scalar.init) }
    for scalar in scalars {
      let text = String(scalar)
      #expect(text.precomposedStringWithCanonicalMapping.bytes == text.bytes)
      #expect(NormalizedText.isNFC(text.bytes))
    }
    var random = IdentifierRandom(seed: 15)
    for _ in 0..<300 {
      var text = String.UnicodeScalarView()
      for _ in 0..<20 { text.append(scalars[Int.random(in: scalars.indices, using: &random)]) }
      let mixture = String(text)
      #expect(mixture.precomposedStringWithCanonicalMapping.bytes == mixture.bytes)
    }
  }

  @Test func agreesWithFoundationOnMixtures() {
    let seed: UInt64 = 1515
    var random = IdentifierRandom(seed: seed)
    let pieces: [Unicode.Scalar] = [
      "a", "o", "U", "đ", "ơ", "ế", "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{306}", "\u{309}",
      "\u{31B}",
      "\u{323}", "\u{340}", "\u{341}", "\u{212B}", "\u{1F71}", "한", "\u{1112}", "\u{1161}", "\u{2013}", " ",
      "\u{FB01}",
    ]
    for _ in 0..<3000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        scalars.append(pieces[Int.random(in: pieces.indices, using: &random)])
      }
      let text = String(scalars)
      let expected = text.precomposedStringWithCanonicalMapping.bytes
      #expect(NormalizedText.nfc(text.bytes) == expected, "\(text.unicodeScalars.map(\.value)) seed \(seed)")
      #expect(NormalizedText.isNFC(text.bytes) == (text.bytes == expected), "\(text.bytes) seed \(seed)")
      let folded = NormalizedText.folded(text)
      #expect(NormalizedText.folded(folded).bytes == folded.bytes, "\(text.bytes) seed \(seed)")
    }
  }

  @Test(
    arguments: [
      [0xC3], [0xC3, 0x41], [0xE1, 0xBA], [0xE1, 0xBA, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF],
      [0x80],
    ]
      as [[UInt8]])
  func malformedBytesAreNotNFC(_ bytes: [UInt8]) {
    #expect(!NormalizedText.isNFC(bytes))
    #expect(NormalizedText.isNFC(NormalizedText.nfc(bytes)))
  }

  /// Characters beside those of the short cut that NFC replaces.
  @Test(arguments: [
    "\u{2000}", "\u{2001}", "\u{2126}", "\u{212B}", "\u{340}", "\u{37E}", "\u{1F71}", "\u{F900}",
  ])
  func singletonsAreNotNFC(_ text: String) {
    #expect(!NormalizedText.isNFC(text.bytes))
    #expect(NormalizedText.nfc(text.bytes) == text.precomposedStringWithCanonicalMapping.bytes)
  }

  @Test func collapsesOnlyWhiteSpaceOfXML() {
    #expect(NormalizedText.collapsed(" \t a \r\n b\u{A0} \n".bytes) == "a b\u{A0}".bytes)
    #expect(NormalizedText.trimmed(" \t a \r\n b\u{A0} \n".bytes) == "a \r\n b\u{A0}".bytes)
    #expect(NormalizedText.collapsed(" \n ".bytes) == [])
    #expect(NormalizedText.trimmed([]) == [])
    #expect(NormalizedText.field("  Nguye\u{302}\u{303}n   A ".bytes) == "Nguyễn A".bytes)
  }
}
