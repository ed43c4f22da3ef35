import DossierCore
import Foundation
import Testing

@testable import DossierTesting

@Suite struct SampleTests {
  // MARK: Determinism

  /// First outputs of the reference implementation for seed 1234567 (rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64).
  @Test func randomNumbersAreSplitMix64() {
    var random = SeededRandom(seed: 1_234_567)
    let drawn = (0..<5).map { _ in random.next() }
    #expect(
      drawn == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func sameSeedGivesSameBytes() throws {
    let options = SampleOptions(seed: 7, items: 300, itemsPerManifest: 40, days: 5)
    let first = try Self.files(options)
    #expect(try Self.files(options) == first)
    var other = options
    other.seed = 8
    let second = try Self.files(other)
    #expect(second["offices.csv"] == first["offices.csv"])
    #expect(second["events/feed-00001.xml"] != first["events/feed-00001.xml"])
  }

  /// Due dates of `reference/domain.md` 6.3: terms over the new year, the make-up Saturday, Tết and 2 September.
  @Test(arguments: [
    ((2025, 12, 31), 2, (2026, 1, 6)), ((2026, 1, 9), 1, (2026, 1, 10)), ((2026, 2, 13), 5, (2026, 2, 27)),
    ((2026, 8, 21), 2, (2026, 8, 24)), ((2026, 8, 28), 2, (2026, 9, 4)), ((2026, 11, 23), 1, (2026, 11, 25)),
  ])
  func workdaysFollowTheOfficialCalendar(from: (Int, Int, Int), term: Int, due: (Int, Int, Int)) {
    let calendar = SampleCalendar()
    let start = calendar.position(notBefore: SampleDate.day(from.0, from.1, from.2))
    #expect(calendar.workday(start, plus: term) == SampleDate.day(due.0, due.1, due.2))
  }

  // MARK: Content

  /// Every identifier is read by the same rules as a real manifest's, without a refusal and without a warning.
  @Test func identifiersAreReadWithoutWarning() throws {
    let files = try Self.files(SampleOptions(seed: 11, items: 400, itemsPerManifest: 25))
    for (name, text) in files where name.hasSuffix(".xml") {
      #expect(NormalizedText.isNFC(Array(text.utf8)), "\(name)")
      for number in Self.values(of: "item number", in: text) + Self.values(of: "item", in: text)
        + Self.values(of: "newNumber", in: text)
      {
        let item = try #require(ItemNumber(number), "\(number)")
        #expect(item.isS10 && item.warnings.isEmpty && item.text == number, "\(number)")
      }
      for code in Self.values(of: "dossier code", in: text) {
        let dossier = try #require(DossierCode(code), "\(code)")
        #expect(dossier.form == .current && dossier.text == code, "\(code)")
      }
      for code in Self.values(of: "procedure", in: text) { #expect(ProcedureCode(code) != nil, "\(code)") }
      for code in Self.values(of: "operator", in: text) + Self.values(of: "person code", in: text) {
        #expect(OperatorCode(code) != nil, "\(code)")
      }
      for code in Self.values(of: "id", in: text) { #expect(EventIdentifier(code) != nil, "\(code)") }
      for seal in Self.values(of: "seal", in: text) { #expect(SealNumber(seal) != nil, "\(seal)") }
      for phone in Self.contents(of: "phone", in: text) {
        #expect(PhoneNumber(phone)?.isMobile == true, "\(phone)")
      }
    }
  }

  @Test func everyOfficeNamedIsInTheMasterData() throws {
    let files = try Self.files(SampleOptions(seed: 12, items: 600, itemsPerManifest: 20, eventsPerItem: 5))
    let rows = try #require(files["offices.csv"]).split(separator: "\n").dropFirst()
    let known = Set(rows.map { String($0.prefix { $0 != "," }) })
    #expect(known.count == rows.count)
    for code in known { #expect(OfficeCode(code)?.text == code) }
    for (name, text) in files where name.hasSuffix(".xml") {
      for attribute in ["office", "to", "source"] {
        for code in Self.values(of: attribute, in: text) { #expect(known.contains(code), "\(name): \(code)") }
      }
      for code in Self.contents(of: "agency", in: text) { #expect(known.contains(code), "\(name): \(code)") }
    }
  }

  /// The demo and the generated samples share one master data.
  @Test func theDemoHasTheSameOffices() throws {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let committed = try Data(contentsOf: repository.appending(path: "SampleData/offices.csv"))
    #expect(Array(committed) == Array(SampleProvince().officesCSV.utf8))
  }

  /// What a manifest declares is what it holds, and no number is given twice.
  @Test(arguments: [false, true]) func manifestsCloseAndNumbersAreUnique(singleFile: Bool) throws {
    let options = SampleOptions(seed: 3, items: 500, itemsPerManifest: 30, singleFile: singleFile)
    let memory = SampleMemory()
    let summary = try SampleData.write(options, to: memory)
    var numbers: [String] = []
    var seals: [String] = []
    var dossiers = 0
    for text in memory.texts(under: "manifests/") {
      let items = Self.values(of: "item number", in: text)
      let codes = Self.values(of: "dossier code", in: text)
      let weights = Self.contents(of: "weight", in: text).compactMap { Int($0) }
      #expect(Self.values(of: "declared items", in: text) == [String(items.count)])
      #expect(Self.values(of: "dossiers", in: text) == [String(codes.count)])
      #expect(Self.values(of: "weight", in: text) == [String(weights.reduce(0, +))])
      #expect(Set(codes).count == codes.count)
      let containers = Set(Self.values(of: "container number", in: text))
      #expect(Set(Self.values(of: "container", in: text)) == containers)
      numbers += items
      seals += Self.values(of: "seal", in: text)
      dossiers += codes.count
    }
    #expect(numbers.count == 500 && Set(numbers).count == 500)
    #expect(Set(seals).count == seals.count)
    #expect(summary.items == 500 && summary.dossiers == dossiers)
    #expect(summary.manifests == memory.texts(under: "manifests/").count)
    #expect(summary.bytes == memory.files.values.reduce(0) { $0 + $1.count })
  }

  /// A dossier that goes in by post and comes back by post is the same dossier of the same applicant.
  @Test func resultsAnswerIntakes() throws {
    let memory = SampleMemory()
    try SampleData.write(
      SampleOptions(seed: 5, items: 6_000, itemsPerManifest: 30, days: 30, contents: .manifests), to: memory)
    var wentIn: [String: String] = [:]
    for text in memory.texts(under: "manifests/") where text.contains("leg=\"intake\"") {
      for (code, applicant) in Self.applicants(text) { wentIn[code] = applicant }
    }
    var answered = 0
    for text in memory.texts(under: "manifests/") where text.contains("leg=\"result\"") {
      for (code, applicant) in Self.applicants(text) {
        guard let before = wentIn[code] else { continue }
        #expect(before == applicant)
        answered += 1
      }
    }
    #expect(answered > 100)
  }

  // MARK: Feeds

  /// Events stand in time order, after the hand-over, about items that a manifest or a new label announced.
  @Test func feedsFollowTheManifests() throws {
    let memory = SampleMemory()
    let summary = try SampleData.write(
      SampleOptions(seed: 14, items: 10_000, itemsPerManifest: 50, eventsPerFeed: 1_500), to: memory)
    var dispatched: [String: String] = [:]
    for text in memory.texts(under: "manifests/") {
      let time = try #require(Self.values(of: "dispatchedAt", in: text).first)
      for number in Self.values(of: "item number", in: text) { dispatched[number] = time }
    }
    let feeds = memory.texts(under: "events/")
    #expect(feeds.count == summary.feeds && feeds.count > 20)
    var identifiers: Set<String> = []
    var kinds: [String: Int] = [:]
    for feed in feeds {
      let times = Self.values(of: "at", in: feed)
      #expect(times == times.sorted())
      for line in feed.split(separator: "\n") where line.hasPrefix("  <event ") {
        let event = Self.attributes(of: line)
        let identifier = try #require(event["id"])
        let item = try #require(event["item"])
        let handover = try #require(dispatched[item], "\(item)")
        #expect(try #require(event["at"]) > handover)
        #expect(identifiers.insert(identifier).inserted)
        if let target = event["corrects"] { #expect(identifiers.contains(target)) }
        if let number = event["newNumber"] { dispatched[number] = handover }
        kinds[try #require(event["kind"]), default: 0] += 1
      }
    }
    #expect(identifiers.count == summary.events)
    #expect(abs(Double(summary.events) / 10_000 - 3) < 0.15)
    for kind in EventKind.allCases
    where kind.concernsItem && !kind.isAboutFee && ![.accepted, .destroyed].contains(kind) {
      #expect(kinds[kind.word, default: 0] > 0, "\(kind.word)")
    }
    #expect(kinds["lost"] == summary.lost && kinds["found"] == summary.found)
    #expect(kinds["damaged"] == summary.damaged)
  }

  @Test(arguments: [0.5, 1.0, 6.0, 10.0]) func eventsPerItemAreMet(_ wanted: Double) throws {
    let memory = SampleMemory()
    let summary = try SampleData.write(
      SampleOptions(seed: 2, items: 4_000, eventsPerItem: wanted, contents: .feeds), to: memory)
    // Without manifests each item's acceptance and dispatch are in the feed as well.
    #expect(abs(Double(summary.events) / 4_000 - 2 - wanted) < 0.1 * wanted)
    let text = memory.texts(under: "events/").joined()
    let accepted = text.split(separator: "kind=\"accepted\"").count - 1
    #expect(accepted == 4_000)
    #expect(memory.files.keys.allSatisfy { $0.hasPrefix("events/") })
  }

  // MARK: Bounds

  @Test func textGoesOutInSmallPieces() throws {
    let destination = PieceMeter()
    try SampleData.write(SampleOptions(items: 5_000, singleFile: true), to: destination)
    #expect(destination.largest > 0 && destination.largest < 300_000)
    #expect(destination.open == 0)
  }

  @Test func optionsOutOfRangeAreRefused() {
    for change: (inout SampleOptions) -> Void in [
      { $0.items = 0 }, { $0.itemsPerManifest = 0 }, { $0.days = 0 }, { $0.days = 100_000 },
      { $0.eventsPerItem = -1 }, { $0.eventsPerItem = .nan }, { $0.eventsPerItem = .infinity },
      { $0.eventsPerFeed = 0 },
    ] {
      var options = SampleOptions()
      change(&options)
      let memory = SampleMemory()
      #expect(throws: SampleError.self) { try SampleData.write(options, to: memory) }
      #expect(memory.files.isEmpty)
    }
  }

  @Test func longestSampleStaysInTheCalendar() throws {
    let days = SampleCalendar().longestSample
    let memory = SampleMemory()
    try SampleData.write(SampleOptions(items: 400, itemsPerManifest: 2, days: days), to: memory)
    for text in memory.texts(under: "manifests/") {
      for (received, due) in zip(
        Self.contents(of: "received", in: text), Self.contents(of: "due", in: text))
      { #expect(received < due) }
    }
  }
}

extension SampleTests {
  private static func files(_ options: SampleOptions) throws -> [String: String] {
    let memory = SampleMemory()
    try SampleData.write(options, to: memory)
    return memory.files.mapValues { String(decoding: $0, as: UTF8.self) }
  }

  /// Values of an attribute: what stands between ` name="` and the next quotation mark.
  private static func values(of attribute: String, in text: String) -> [String] {
    pieces(from: (attribute.contains(" ") ? "<" : " ") + attribute + "=\"", to: "\"", in: text)
  }

  /// The attributes of an element that stands on one line.
  private static func attributes(of line: Substring) -> [String: String] {
    var attributes: [String: String] = [:]
    var name = ""
    for (index, piece) in line.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      .enumerated()
    {
      if index % 2 == 0 {
        let start = piece.lastIndex(of: UInt8(ascii: " ")).map { piece.index(after: $0) } ?? piece.startIndex
        name = String(decoding: piece[start...].dropLast(), as: UTF8.self)
      } else {
        attributes[name] = String(decoding: piece, as: UTF8.self)
      }
    }
    return attributes
  }

  private static func contents(of element: String, in text: String) -> [String] {
    pieces(from: "<\(element)>", to: "<", in: text)
  }

  private static func applicants(_ text: String) -> [(String, String)] {
    Array(zip(values(of: "dossier code", in: text), contents(of: "applicant", in: text)))
  }

  private static func pieces(from start: String, to end: String, in text: String) -> [String] {
    let bytes = Array(text.utf8)
    let opening = Array(start.utf8)
    let closing = end.utf8.first ?? 0
    var found: [String] = []
    var index = 0
    while index + opening.count <= bytes.count {
      guard bytes[index] == opening[0], bytes[index..<(index + opening.count)].elementsEqual(opening) else {
        index += 1
        continue
      }
      index += opening.count
      let from = index
      while index < bytes.count, bytes[index] != closing { index += 1 }
      found.append(String(decoding: bytes[from..<index], as: UTF8.self))
    }
    return found
  }
}

extension SampleMemory {
  fileprivate func texts(under folder: String) -> [String] {
    files.keys.filter { $0.hasPrefix(folder) }.sorted().compactMap { files[$0] }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}

private final class PieceMeter: SampleDestination {
  var largest = 0
  var open = 0

  func create(_ path: String) -> any SampleFile {
    open += 1
    return Piece(meter: self)
  }

  struct Piece: SampleFile {
    let meter: PieceMeter
    func write(_ bytes: UnsafeRawBufferPointer) { meter.largest = max(meter.largest, bytes.count) }
    func close() { meter.open -= 1 }
  }
}
