import CustodyLog
import DossierTesting
import DossierCore
import Foundation
import Testing

@Suite struct ContentSecretsTests {
  struct Field {
    var field: VaultField
    var ordinal: Int
    var text: String
    var salt: [UInt8]

    var name: String {
      switch field {
      case .contents: "contents"
      case .sender: "sender"
      case .recipient: "recipient"
      case .dossierCode: "dossier.\(ordinal).code"
      case .applicant: "dossier.\(ordinal).applicant"
      case .note: "note"
      case .giverPerson: "giver.person"
      case .receiverPerson: "receiver.person"
      }
    }
  }

  /// Fields with random texts, and the salts that the builder will draw for them.
  private func fields(_ random: inout EventRandom) -> [Field] {
    (0..<Int.random(in: 1...9, using: &random.generator)).map { position in
      Field(
        field: VaultField.allCases.randomElement(using: &random.generator) ?? .note,
        ordinal: Int.random(in: 0...300, using: &random.generator), text: random.text(),
        salt: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random.generator) })
    }
  }

  private func builder(_ fields: [Field]) throws -> ContentBuilder {
    let salts = fields.flatMap(\.salt)
    var builder = ContentBuilder(
      salts: SaltSource { count in salts + [UInt8](repeating: 0, count: max(0, count - salts.count)) })
    for field in fields {
      var json: [UInt8] = []
      VaultJSON.string(ArraySlice(field.text.utf8), into: &json)
      try builder.add(field.field, ordinal: field.ordinal, json: json)
    }
    return builder
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func commitmentsAreDisclosuresHashed(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    for _ in 0..<40 {
      let fields = fields(&random)
      let builder = try builder(fields)
      let expected = try fields.map {
        try Disclosure(salt: $0.salt, field: $0.name, value: $0.text).commitment
      }
      #expect(builder.commitments == expected, "seed \(seed)")
      #expect(builder.root == MerkleHash.sha256(expected.flatMap(\.bytes)), "seed \(seed)")

      let entries = try #require(VaultSecrets.entries(builder.secrets))
      #expect(entries.map(\.field) == fields.map(\.field))
      #expect(entries.map(\.ordinal) == fields.map(\.ordinal))
      #expect(entries.map(\.salt) == fields.map(\.salt))
      #expect(entries.map(\.name) == fields.map(\.name))
      for (entry, (field, commitment)) in zip(entries, zip(fields, expected)) {
        var json: [UInt8] = []
        VaultJSON.string(ArraySlice(field.text.utf8), into: &json)
        // The value of a derived field stands elsewhere and is handed in.
        #expect(entry.json == (field.field.isDerived ? nil : json))
        #expect(entry.commitment(json: json) == commitment)
        let disclosure = try Disclosure.parse(String(decoding: entry.disclosure(json: json), as: UTF8.self))
        #expect(disclosure.field == field.name && disclosure.value == field.text)
      }
    }
  }

  @Test func truncatedOrAlteredSecretsAreRefusedOrDiffer() throws {
    var random = EventRandom(seed: 9)
    let builder = try builder(fields(&random))
    let secrets = builder.secrets
    let count = VaultSecrets.entries(secrets)?.count
    for length in 0..<secrets.count {
      if let entries = VaultSecrets.entries(Array(secrets[..<length])) { #expect(entries.count < count ?? 0) }
    }
    #expect(VaultSecrets.entries([0]) == nil)
    #expect(VaultSecrets.entries([99] + [UInt8](repeating: 0, count: 40)) == nil)
    #expect(
      VaultSecrets.entries([6, 0] + [UInt8](repeating: 0, count: 32) + [200, 200, 200, 200, 200, 1]) == nil)
    #expect(VaultSecrets.entries([])?.isEmpty == true)
  }

  @Test func saltsAreNeverUsedTwice() throws {
    var random = IdentifierRandom(seed: 4)
    var drawn: [UInt8] = []
    for _ in 0..<70_000 { drawn.append(UInt8.random(in: 0...255, using: &random)) }
    let bytes = drawn
    let position = Position()
    var builder = ContentBuilder(
      salts: SaltSource { count in
        let start = position.advance(by: count)
        return Array(bytes[start..<(start + count)])
      })
    var salts: Set<[UInt8]> = []
    for _ in 0..<40 {
      builder.reset()
      #expect(builder.root == nil)
      for _ in 0..<50 { try builder.add(.note, json: [0x22, 0x22]) }
      for entry in try #require(VaultSecrets.entries(builder.secrets)) { salts.insert(entry.salt) }
    }
    #expect(salts.count == 2_000)
  }

  private final class Position: @unchecked Sendable {
    private var value = 0
    func advance(by count: Int) -> Int {
      defer { value += count }
      return value
    }
  }

  struct NoSalts: Error {}

  @Test func aSourceThatFailsIsHeard() {
    var builder = ContentBuilder(salts: SaltSource { _ in throw NoSalts() })
    #expect(throws: NoSalts.self) { try builder.add(.note, json: [0x22, 0x22]) }
  }

  // MARK: An independent reader

  static let python: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { URL(filePath: String($0)).appending(path: "python3") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  /// An auditor's Python needs the standard library only.
  @Test(.enabled(if: python != nil, "python3 is not installed"), arguments: [71, 72] as [UInt64])
  func agreesWithPython(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    var lines = ""
    var expected: [String] = []
    for _ in 0..<60 {
      let fields = fields(&random)
      let builder = try builder(fields)
      let row = fields.map { [Data($0.salt).base64EncodedString(), $0.name, $0.text] }
      lines += String(decoding: try JSONEncoder().encode(row), as: UTF8.self) + "\n"
      expected.append(try #require(builder.root).hex)
    }
    let program = """
      import base64, hashlib, json, sys
      def b64(data): return base64.urlsafe_b64encode(data).rstrip(b"=")
      for line in sys.stdin.buffer:
          commitments = b""
          for salt, name, value in json.loads(line):
              row = [b64(base64.b64decode(salt)).decode(), name, value]
              text = json.dumps(row, separators=(",", ":"), ensure_ascii=False)
              commitments += hashlib.sha256(b64(text.encode())).digest()
          print(hashlib.sha256(commitments).hexdigest())
      """
    let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(lines.utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = Self.python
    process.arguments = ["-c", program]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try #require(try output.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) == expected)
  }

  @Test func erasedFieldsLeaveOnlyTheirCommitments() throws {
    var builder = ContentBuilder(salts: SaltSource(TestSalts.seeded(7)))
    let values: [(VaultField, Int, String)] = [
      (.contents, 0, "{}"), (.sender, 0, #"{"name":"Nguyễn Thị A"}"#),
      (.dossierCode, 1, #""H48.25-260112-0001""#),
      (.applicant, 1, #""Nguyễn Thị A""#), (.note, 0, #""gọi lại""#),
    ]
    for (field, ordinal, json) in values {
      try builder.add(field, ordinal: ordinal, json: Array(json.utf8))
    }
    let entries = try #require(VaultSecrets.entries(builder.secrets))
    for gone in [[1], [2], [1, 2, 3], [1, 2, 3, 4], []] {
      let names = Set(gone.map { entries[$0].name })
      let erased = try #require(
        VaultSecrets.erasing(builder.secrets, commitments: builder.commitments) { names.contains($0.name) })
      #expect(Set(erased.names) == names)
      let left = try #require(VaultSecrets.entries(erased.bytes))
      for (position, entry) in left.enumerated() {
        let json = Array(values[position].2.utf8)
        #expect(entry.commitment(json: json) == builder.commitments[position])
        #expect(entry.name == entries[position].name)
        #expect((entry.erased != nil) == gone.contains(position))
        if gone.contains(position) { #expect(entry.salt.isEmpty && entry.json == nil) }
      }
      // The reader in place says the same.
      erased.bytes.withUnsafeBufferPointer { bytes in
        var cursor = VaultCursor(bytes)
        var (inner, disclosure): ([UInt8], [UInt8]) = ([], [])
        for position in left.indices {
          let isThere = cursor.next()
          #expect(isThere)
          #expect(cursor.isErased == gone.contains(position))
          let json = Array(values[position].2.utf8)
          let commitment = cursor.commitment(json: json, inner: &inner, disclosure: &disclosure)
          #expect(commitment == builder.commitments[position])
        }
        #expect(cursor.isAtEnd)
      }
      // Once more changes nothing; a prefix is another layout or fewer fields.
      let again = VaultSecrets.erasing(erased.bytes, commitments: builder.commitments) {
        names.contains($0.name)
      }
      #expect(again?.bytes == erased.bytes && again?.names == [])
    }
    #expect(VaultSecrets.erasing(builder.secrets, commitments: []) { _ in true } == nil)
    #expect(VaultSecrets.erasing([9], commitments: []) { _ in true } == nil)
  }

  @Test func namesAreReadBack() {
    for field in VaultField.allCases {
      for ordinal in [1, 12, 300] {
        let read = VaultField.named(field.name(ordinal: ordinal))
        #expect(read?.field == field)
        #expect(read?.ordinal == (field == .dossierCode || field == .applicant ? ordinal : 0))
      }
    }
    for other in ["", "document", "dossier.x.code", "dossier.1", "dossier.01.code", "sender.1"] {
      #expect(VaultField.named(other) == nil, "\(other)")
    }
  }
}
