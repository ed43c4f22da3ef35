import CustodyLog
import DossierCore
import DossierTesting
import Testing

/// The quick reading of plain leaves says what the full reading says, also of damaged ones.
@Suite struct LeafGistTests {
  @Test(arguments: [1 as UInt64, 2, 3]) func itAgreesWithTheFullReading(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var reader = LeafGistReader()
    var quick = 0
    for number in 0..<600 {
      var leaf = try record(number, &random).leaf()
      if number % 3 > 0 {
        let position = Int(random.below(leaf.count))
        switch number % 4 {
        case 0: leaf[position] ^= 1 << UInt8(random.below(8))
        case 1: leaf.remove(at: position)
        case 2: leaf.insert(leaf[position], at: position)
        default: leaf[position] = Array(#""{},:0-19aé\"#.utf8)[Int(random.below(12))]
        }
      }
      let full = Result { try LeafText(String(validating: leaf, as: UTF8.self) ?? "") }
      let gist = Result { try reader.read(leaf) }
      switch (full, gist) {
      case (.success(let text), .success(let gist)):
        #expect(text.kind == gist.kind && text.sequence == gist.sequence && text.previous == gist.previous)
        #expect(text.item.map { Array($0.utf8) } == gist.item)
        if gist.text == nil { quick += 1 }
      case (.failure, .failure): break
      default: Issue.record("seed \(seed), number \(number): \(String(decoding: leaf, as: UTF8.self))")
      }
    }
    #expect(quick > 150)
  }

  private func record(_ number: Int, _ random: inout SeededRandom) -> EventRecord {
    var record = EventRecord(
      index: Int64(number), identifier: "E-\(number)",
      kind: EventKind.allCases[number % EventKind.allCases.count],
      grade: .observed, item: number % 5 == 0 ? nil : "BG-\(number)", sequence: Int64(random.below(40)),
      previous: number % 2 == 0 ? MerkleHash.sha256([UInt8(number & 255)]) : nil,
      at: 1_768_000_000_000 + Int64(number), zone: number % 7 == 0 ? -60 : 420, recordedAt: 1_768_000_000_000,
      office: number % 11 == 0 ? "Bưu cục" : "590230")
    if number % 4 == 0 { record.reason = "a \"quoted\" reason" }
    if number % 6 == 0 { record.content = MerkleHash.emptyRoot }
    if number % 8 == 0 { record.details.reference = "QD-\(number)" }
    return record
  }
}
