import DossierCore
import Testing

/// Bytes of every kind go into every parser: none crashes, and what is accepted has one text that is read back.
@Suite struct RandomBytesTests {
  static let examples = [
    "RR473124829GB", "000.17.22.H56-210531-0001", "H56.14-240823-0001", "1.000656.000.00.00.H56", "H48.25",
    "570000",
    "gdv.04", "VN-00123", "0912 345 678", "+842553822123", "150000", "2026-01-05",
    "2026-01-05T16:30:00.123+07:00",
    "BK/2026-01+12", "Nguyễn Văn Đạt", "ＲＲ４７３１２４８２９ＧＢ", "",
  ].map { Array($0.utf8) }

  @Test(arguments: [1, 2, 3] as [UInt64]) func parsersSurvive(_ seed: UInt64) {
    var random = IdentifierRandom(seed: seed)
    for _ in 0..<3000 {
      let bytes = Self.bytes(using: &random)
      let comment: Comment = "\(bytes), seed \(seed)"
      check(ItemNumber.self, bytes, comment)
      check(DossierCode.self, bytes, comment)
      check(ProcedureCode.self, bytes, comment)
      check(OfficeCode.self, bytes, comment)
      check(OperatorCode.self, bytes, comment)
      check(SealNumber.self, bytes, comment)
      check(ContainerNumber.self, bytes, comment)
      check(ManifestNumber.self, bytes, comment)
      check(EventIdentifier.self, bytes, comment)
      check(PhoneNumber.self, bytes, comment)
      check(Money.self, bytes, comment)
      check(Weight.self, bytes, comment)
      check(CalendarDate.self, bytes, comment)
      check(OffsetDateTime.self, bytes, comment)
      if let recorded = try? EventIdentifier.readRecorded(bytes.span) {
        #expect(recorded.text.bytes == bytes, comment)
      }
      let composed = NormalizedText.nfc(bytes)
      #expect(NormalizedText.isNFC(composed), comment)
      #expect(NormalizedText.isNFC(bytes) == (composed == bytes), comment)
      #expect(NormalizedText.collapsed(NormalizedText.field(bytes)) == NormalizedText.field(bytes), comment)
      checkShortcuts(bytes, comment)
    }
  }

  /// What is recognised without being parsed is what parsing would have given.
  private func checkShortcuts(_ bytes: [UInt8], _ comment: Comment) {
    bytes.withUnsafeBytes { memory in
      if NormalizedText.isPlainField(memory) { #expect(NormalizedText.field(bytes) == bytes, comment) }
      let isS10 = ItemNumber(utf8: bytes).map { $0.isS10 && $0.text.bytes == bytes } ?? false
      #expect(ItemNumber.isCanonicalS10(memory) == isS10, comment)
      let isCurrent = DossierCode(utf8: bytes).map { $0.form == .current && $0.text.bytes == bytes } ?? false
      #expect(DossierCode.isCanonical(memory) == isCurrent, comment)
      let isNational =
        ProcedureCode(utf8: bytes).map { $0.localUnit == nil && $0.text.bytes == bytes } ?? false
      #expect(ProcedureCode.isNational(memory) == isNational, comment)
    }
  }

  /// Every pair of characters around the ones that need care, alone and between others.
  @Test func plainFieldsAreLeftAsTheyAre() {
    let pieces = [
      "", " ", "a", "\u{7F}", "\u{80}", "ạ", "Đ", "\u{2FF}", "\u{300}", "\u{1E00}", "\u{1EFF}", "\u{1F00}",
      "\u{200F}",
      "\u{2010}", "\u{203F}", "\u{2040}", "\t", "\n", "字", "\u{1100}\u{1161}", "😂", "\u{A0}",
    ]
    var plain = 0
    for first in pieces {
      for second in pieces {
        for third in pieces {
          let bytes = Array((first + second + third).utf8)
          let isPlain = bytes.withUnsafeBytes { NormalizedText.isPlainField($0) }
          if isPlain { plain += 1 }
          if isPlain, NormalizedText.field(bytes) != bytes { Issue.record("\(bytes)") }
        }
      }
    }
    #expect(plain > 1000)
    for text in ["Nguyễn Thị Hạnh", "Số 5 Trần Hưng Đạo – “Quảng Ngãi”"] {
      #expect(Array(text.utf8).withUnsafeBytes { NormalizedText.isPlainField($0) })
    }
  }

  private func check<Value: TextualValue>(_ type: Value.Type, _ bytes: [UInt8], _ comment: Comment) {
    let viaMemory = bytes.withUnsafeBytes { Value.parse($0) }
    guard case .success(let value) = viaMemory else {
      #expect(Value(utf8: bytes[...]) == nil, comment)
      return
    }
    var appended: [UInt8] = []
    value.append(to: &appended)
    if appended != value.text.bytes || Value(value.text) != value || Value(value.text)?.text != value.text {
      Issue.record("\(type): \(comment)")
    }
  }

  /// Noise, or an example with some bytes changed, dropped, doubled or inserted.
  private static func bytes(using random: inout IdentifierRandom) -> [UInt8] {
    if Int.random(in: 0..<4, using: &random) == 0 {
      return (0..<Int.random(in: 0...300, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    }
    var bytes = examples[Int.random(in: examples.indices, using: &random)]
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: place)
      }
    }
    return bytes
  }
}
