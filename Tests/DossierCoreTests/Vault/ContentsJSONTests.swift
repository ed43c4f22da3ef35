import CustodyLog
import DossierCore
import DossierTesting
import Testing

@Suite struct ContentsJSONTests {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func contentsAreCanonicalJSON(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    for _ in 0..<60 {
      let item = random.item()
      let batch = ManifestBatch([item])
      let container = Bool.random(using: &random.generator) ? random.text() : ""
      var contents = ContentsJSON()
      // A builder is used again and again: the item before must leave no trace.
      encode(random.item(), container: "x", with: &contents)
      encode(batch, container: container, with: &contents)
      let value = try CanonicalJSON.parse(contents.bytes)
      #expect(
        value == expected(item, container), "seed \(seed): \(String(decoding: contents.bytes, as: UTF8.self))"
      )
    }
  }

  /// What an importer prepares for a whole batch is what a builder makes of one field after the other.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func preparedBatchesAreBuiltFieldByField(seed: UInt64) throws {
    var random = EventRandom(seed: seed)
    let containers = (0..<3).map { Container(number: "T-\($0)\"\(random.text())", seal: nil) }
    var preparation = ContentPreparation(salts: SaltSource(TestSalts.seeded(seed)))
    var builder = ContentBuilder(salts: SaltSource(TestSalts.seeded(seed)))
    for _ in 0..<4 {
      let items = (0..<40).map { _ in random.itemWithContacts(containers: containers.count) }
      var batch = ManifestBatch(items)
      try preparation.prepare(&batch, containers: containers)
      #expect(batch.contents.count == items.count)
      for (item, prepared) in zip(items, batch.contents) {
        builder.reset()
        let container = item.container.map { containers[$0].number } ?? ""
        try builder.add(.contents, json: CanonicalJSON.encode(expected(item, container)))
        for (field, contact) in [(VaultField.sender, item.sender), (.recipient, item.recipient)] {
          guard let contact, let json = try Self.json(contact) else { continue }
          try builder.add(field, json: json)
        }
        for (position, dossier) in item.dossiers.enumerated() {
          try builder.add(.dossierCode, ordinal: position + 1, json: Self.json(dossier.code))
          if dossier.applicant.isEmpty { continue }
          try builder.add(.applicant, ordinal: position + 1, json: Self.json(dossier.applicant))
        }
        #expect(prepared.root == builder.root, "seed \(seed)")
        #expect(Array(batch.secrets[prepared.secrets]) == builder.secrets, "seed \(seed)")
      }
    }
  }

  private static func json(_ text: String) -> [UInt8] {
    var json: [UInt8] = []
    CanonicalJSON.appendString(text.utf8, to: &json)
    return json
  }

  /// nil for a contact without any part.
  private static func json(_ contact: TestContact) throws -> [UInt8]? {
    let parts = [("name", contact.name), ("phone", contact.phone), ("address", contact.address)]
    let given = parts.filter { !$0.1.isEmpty }
    return given.isEmpty ? nil : try CanonicalJSON.encode(.object(given.map { ($0, .string($1)) }))
  }

  @Test func contactsAndContainers() throws {
    var json: [UInt8] = []
    for name in ["", "Nguyễn \"A\""] {
      for phone in ["", "0912"] {
        for address in ["", "1 Lê Lợi"] {
          VaultJSON.contact(
            name: ArraySlice(name.utf8), phone: ArraySlice(phone.utf8), address: ArraySlice(address.utf8),
            into: &json)
          let given = [("name", name), ("phone", phone), ("address", address)].filter { !$0.1.isEmpty }
          #expect(try CanonicalJSON.parse(json) == .object(given.map { ($0, .string($1)) }))
        }
      }
    }
    let containers = [Container(number: "T\"1", seal: nil), Container(number: "T2", seal: "S\\2")]
    #expect(
      try CanonicalJSON.parse(VaultJSON.containers(containers))
        == .object([
          ("containers", .array([.array([.string("T\"1")]), .array([.string("T2"), .string("S\\2")])]))
        ]))
    #expect(try CanonicalJSON.parse(VaultJSON.containers([])) == .object([("containers", .array([]))]))
  }

  private func encode(_ item: TestItem, container: String, with contents: inout ContentsJSON) {
    encode(ManifestBatch([item]), container: container, with: &contents)
  }

  private func encode(_ batch: ManifestBatch, container: String, with contents: inout ContentsJSON) {
    for item in batch.items {
      contents.begin(condition: item.condition, container: ArraySlice(container.utf8))
      for position in item.dossiers {
        let dossier = batch.dossiers[Int(position)]
        contents.dossier(
          agency: batch.bytes(dossier.agency), due: dossier.due, field: batch.bytes(dossier.field),
          procedure: batch.bytes(dossier.procedure), received: dossier.received, result: dossier.result
        ) { contents in
          for position in dossier.documents {
            let document = batch.documents[Int(position)]
            contents.document(
              name: batch.bytes(document.name), originals: document.originals,
              certifiedCopies: document.certifiedCopies, photocopies: document.photocopies)
          }
        }
      }
      contents.end(fee: item.fee, weight: item.weight)
    }
  }

  private func expected(_ item: TestItem, _ container: String) -> JSONValue {
    var members: [(String, JSONValue)] = [("dossiers", .array(item.dossiers.map(expected)))]
    if item.condition != .notStated { members.append(("condition", .string(item.condition.word))) }
    if !container.isEmpty { members.append(("container", .string(container))) }
    if let fee = item.fee { members.append(("fee", .integer(fee))) }
    if let weight = item.weight { members.append(("weight", .integer(Int64(weight)))) }
    return .object(members)
  }

  private func expected(_ dossier: TestDossier) -> JSONValue {
    var members: [(String, JSONValue)] = []
    let texts = [
      ("agency", dossier.agency), ("field", dossier.field), ("procedure", dossier.procedure),
      ("due", dossier.due?.text ?? ""), ("received", dossier.received?.text ?? ""),
      ("result", dossier.result?.text ?? ""),
    ]
    for (key, text) in texts where !text.isEmpty { members.append((key, .string(text))) }
    if !dossier.documents.isEmpty {
      let lines = dossier.documents.map { line in
        JSONValue.array([
          .string(line.name), .integer(Int64(line.originals)), .integer(Int64(line.certifiedCopies)),
          .integer(Int64(line.photocopies)),
        ])
      }
      members.append(("documents", .array(lines)))
    }
    return .object(members)
  }
}

extension EventRandom {
  /// An item with any of its parts given or not.
  mutating func item() -> TestItem {
    func chance(_ random: inout EventRandom) -> Bool { Bool.random(using: &random.generator) }
    var item = TestItem("BG-1")
    item.condition = ItemCondition.allCases.randomElement(using: &generator) ?? .good
    if chance(&self) { item.fee = Int64.random(in: 0...9_000_000, using: &generator) }
    if chance(&self) { item.weight = Int32.random(in: 0...30_000, using: &generator) }
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      var dossier = TestDossier(text(), procedure: "", field: "", agency: "")
      if chance(&self) { dossier.procedure = text() }
      if chance(&self) { dossier.field = text() }
      if chance(&self) { dossier.agency = text() }
      if chance(&self) { dossier.received = CalendarDate(year: 2024, month: 2, day: 29) }
      if chance(&self) { dossier.due = CalendarDate(year: 2025, month: 1, day: 3) }
      if chance(&self) { dossier.result = CalendarDate(year: 1999, month: 12, day: 31) }
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        dossier.documents.append(
          DocumentSummaryLine(
            name: text(), originals: Int.random(in: 0...300, using: &generator), certifiedCopies: 0,
            photocopies: Int.random(in: 0...3, using: &generator)))
      }
      item.dossiers.append(dossier)
    }
    return item
  }

  /// The same with a container and people, each given or not.
  mutating func itemWithContacts(containers: Int) -> TestItem {
    var item = item()
    if Bool.random(using: &generator) { item.container = Int.random(in: 0..<containers, using: &generator) }
    if Bool.random(using: &generator) { item.sender = contact() }
    if Bool.random(using: &generator) { item.recipient = contact() }
    for position in item.dossiers.indices where Bool.random(using: &generator) {
      item.dossiers[position].applicant = text()
    }
    return item
  }

  private mutating func contact() -> TestContact {
    TestContact(
      name: Bool.random(using: &generator) ? text() : "", phone: Bool.random(using: &generator) ? text() : "",
      address: Bool.random(using: &generator) ? text() : "")
  }
}
