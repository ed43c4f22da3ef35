import DossierCore
import Testing

@testable import CustodyLog

@Suite struct EventLeafTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func leafIsCanonicalJSONOfItsFields(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    for _ in 0..<100 {
      let record = random.record()
      let leaf = try record.leaf()
      let expected = try CanonicalJSON.encode(value(of: record))
      #expect(leaf == expected, "seed \(seed): \(String(decoding: leaf, as: UTF8.self))")
      #expect(try CanonicalJSON.parse(leaf) == value(of: record), "seed \(seed)")
      var buffer = OutputBuffer(capacity: 16)
      buffer.append(MerkleHash.leafPrefix)
      leaf.withUnsafeBytes { buffer.append($0) }
      #expect(MerkleHash.sha256(buffer.bytes) == MerkleHash.leaf(leaf), "seed \(seed)")
    }
  }

  /// No writer stores control characters, but a leaf of an altered row must still be what any JSON writer gives.
  @Test func everyCharacterIsEscapedAsInRFC8785() throws {
    for scalar in (0..<0x100).compactMap(Unicode.Scalar.init) {
      var record = EventRecord(
        index: 0, identifier: "a\(scalar)b", kind: .held, grade: .keyed, item: "\(scalar)", sequence: 0,
        previous: nil, at: -1, zone: -210, recordedAt: 0, office: "\(scalar)\(scalar)", reason: "x\(scalar)")
      record.operatorCode = "\"\\\(scalar)"
      #expect(try record.leaf() == CanonicalJSON.encode(value(of: record), as: .transport), "\(scalar.value)")
    }
  }

  /// One leaf spelled out: the form of version 1 never changes.
  @Test func leafOfVersionOne() throws {
    let previous = MerkleHash.leaf([1])
    var details = EventDetails()
    details.reference = "QĐ 12/\"A\""
    details.damage = .readable
    let record = EventRecord(
      index: 9, identifier: "E1", kind: .damaged, grade: .observed, item: "EA000000014VN", sequence: 3,
      previous: previous, at: 1_740_762_000_123, zone: 420, recordedAt: 1_740_762_000_456, office: "BC1",
      operatorCode: "NV1", to: "TTHCC", manifest: "BK-1", reason: "wet", content: previous, details: details)
    let text = #"""
      {"at":1740762000123,"by":"NV1","c":"\#(previous.base64URL)","grade":"observed","id":"E1",\#
      "item":"EA000000014VN","kind":"damaged","manifest":"BK-1",\#
      "more":{"damage":"readable","reference":"QĐ 12/\"A\""},"office":"BC1","prev":"\#(previous.base64URL)",\#
      "reason":"wet","rt":1740762000456,"seq":3,"to":"TTHCC","v":1,"z":420}
      """#
    #expect(String(decoding: try record.leaf(), as: UTF8.self) == text)
  }

  /// The leaf in which the map's root is logged, and one that names the newest checkpoint its author knew.
  @Test func leavesOfTheMapAndOfAKnownCheckpoint() throws {
    let root = MerkleHash.emptyRoot
    var details = EventDetails()
    details.map = root
    details.entries = 0
    var record = EventRecord(
      index: 1, identifier: "map+1", kind: .mapRecorded, grade: .keyed, item: nil, sequence: 0, previous: nil,
      at: 5, zone: 420, recordedAt: 6, office: "H48.25", details: details)
    #expect(
      String(decoding: try record.leaf(), as: UTF8.self) == #"""
        {"at":5,"grade":"keyed","id":"map+1","kind":"mapRecorded",\#
        "more":{"entries":0,"map":"\#(root.base64URL)"},"office":"H48.25","rt":6,"seq":0,"v":1,"z":420}
        """#)
    record.details = EventDetails()
    record.details.seen = LogHead(size: 1, root: root)
    let more = #""more":{"seen":{"root":"\#(root.base64URL)","size":1}}"#
    #expect(String(decoding: try record.leaf(), as: UTF8.self).contains(more))
    record.details.seen = LogHead(size: .max, root: root)
    #expect(throws: CanonicalJSONError.integerOutOfRange) { try record.leaf() }
  }

  /// Stored bytes: a kind keeps its number for ever.
  @Test func numbersOfTheKindsNeverChange() {
    #expect(EventKind.allCases.map(\.rawValue) == Array(1...18) + Array(32...41))
    #expect(Set(EventKind.allCases.map(\.word)).count == EventKind.allCases.count)
    #expect(EventKind.allCases.filter(\.concernsItem).count == 18)
  }

  @Test(arguments: 11...14 as ClosedRange<UInt64>)
  func detailsRoundTrip(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    for _ in 0..<200 {
      let details = random.details()
      let encoded = try details.encoded()
      #expect(EventDetails(encoded: encoded) == details, "seed \(seed)")
      #expect(encoded.isEmpty == (details == EventDetails()))
      // One spelling only: any changed byte is refused or says something else.
      guard let position = encoded.indices.randomElement(using: &random.generator) else { continue }
      var changed = encoded
      changed[position] ^= 1 << UInt8.random(in: 0...6, using: &random.generator)
      if let other = EventDetails(encoded: changed) {
        #expect(other != details && (try? other.encoded()) == changed, "seed \(seed)")
      }
    }
  }

  @Test(arguments: [
    #"{}"#, #"{"unknown":1}"#, #"{"items":"3"}"#, #"{"damage":"torn"}"#, #"{"items":1,"items":1}"#,
    #"{"seen":{"size":1}}"#, #"{"kept":{"size":1}}"#, #"{"seen":{"root":"AA","size":1}}"#, #"{"fields":[1]}"#,
    #"{"map":""}"#,
    #"{"seen":{"extra":1,"root":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","size":1}}"#,
    #"{"weight":1,"items":2}"#, #"{ "items":1}"#, #"{"document":"AAAA"}"#, #"["items"]"#, "null", "x",
  ])
  func otherDetailsAreRefused(text: String) {
    #expect(EventDetails(encoded: Array(text.utf8)) == nil)
  }

  @Test func textsOutsideTheProfileAreNotEncoded() {
    for text in ["a\u{1}b", "e\u{301}", "\u{202E}x"] {
      var details = EventDetails()
      details.reference = text
      #expect(throws: CanonicalJSONError.self) { try details.encoded() }
    }
  }

  /// The same content as a value, member by member.
  private func value(of record: EventRecord) throws -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("v", .integer(1)), ("id", .string(record.identifier)), ("kind", .string(record.kind.word)),
      ("grade", .string(record.grade.word)), ("at", .integer(record.at)), ("z", .integer(Int64(record.zone))),
      ("rt", .integer(record.recordedAt)), ("seq", .integer(record.sequence)),
      ("office", .string(record.office)),
    ]
    let texts = [
      ("item", record.item), ("by", record.operatorCode), ("to", record.to), ("manifest", record.manifest),
      ("reason", record.reason), ("prev", record.previous?.base64URL), ("c", record.content?.base64URL),
    ]
    for case (let key, let text?) in texts { members.append((key, .string(text))) }
    let more = try record.details.encoded()
    if !more.isEmpty { members.append(("more", try CanonicalJSON.parse(more))) }
    return .object(members)
  }
}

/// Random records over the whole range of their fields.
struct EventRandom {
  var generator: IdentifierRandom

  init(seed: UInt64) { generator = IdentifierRandom(seed: seed) }

  private mutating func chance() -> Bool { Bool.random(using: &generator) }

  mutating func text() -> String {
    let pieces = ["a", "Z", "0", "\"", "\\", "/", "ồ", "Đ", "ưới", "-", "+", ".", "€", "😂", "\u{7F}", " "]
    return (0..<Int.random(in: 1...12, using: &generator)).compactMap { _ in
      pieces.randomElement(using: &generator)
    }.joined()
  }

  mutating func integer() -> Int64 {
    let greatest = CanonicalJSON.greatestInteger
    return Int64.random(in: -greatest...greatest, using: &generator)
      >> Int64.random(in: 0...53, using: &generator)
  }

  mutating func digest() -> Digest {
    MerkleHash.leaf((0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  mutating func details() -> EventDetails {
    var details = EventDetails()
    if chance() { return details }
    func count(_ random: inout EventRandom) -> Int? { random.chance() ? Int(random.integer()) : nil }
    details.corrects = chance() ? text() : nil
    details.damage = chance() ? DamageGrade.allCases.randomElement(using: &generator) : nil
    details.documentsAffected = count(&self)
    details.reference = chance() ? text() : nil
    details.newNumber = chance() ? text() : nil
    details.deviceTime = chance() ? integer() : nil
    details.document = chance() ? digest() : nil
    details.documentBytes = chance() ? integer() : nil
    details.leg = chance() ? Leg.allCases.randomElement(using: &generator) : nil
    details.items = count(&self)
    details.dossiers = count(&self)
    details.weight = count(&self)
    details.events = count(&self)
    details.received = count(&self)
    details.short = count(&self)
    details.surplus = count(&self)
    details.damaged = count(&self)
    details.misrouted = count(&self)
    details.witness = chance() ? text() : nil
    details.map = chance() ? digest() : nil
    details.entries = count(&self)
    details.basis = chance() ? text() : nil
    details.fields = chance() ? (0..<Int.random(in: 0...3, using: &generator)).map { _ in text() } : nil
    details.erases = chance() ? text() : nil
    details.request = chance() ? text() : nil
    details.count = count(&self)
    details.seen = chance() ? LogHead(size: integer().magnitude, root: digest()) : nil
    details.kept = chance() ? LogHead(size: integer().magnitude, root: digest()) : nil
    details.oldKey = chance() ? digest() : nil
    details.newKey = chance() ? digest() : nil
    return details
  }

  mutating func record() -> EventRecord {
    EventRecord(
      index: 0, identifier: text(), kind: EventKind.allCases.randomElement(using: &generator) ?? .held,
      grade: EventGrade.allCases.randomElement(using: &generator) ?? .keyed, item: chance() ? text() : nil,
      sequence: abs(integer()), previous: chance() ? digest() : nil, at: integer(),
      zone: Int16.random(in: -840...840, using: &generator), recordedAt: integer(), office: text(),
      operatorCode: chance() ? text() : nil, to: chance() ? text() : nil, manifest: chance() ? text() : nil,
      reason: chance() ? text() : nil, content: chance() ? digest() : nil, details: details())
  }
}
