public import DossierCore

/// A person to write to.
public struct TestContact: Hashable, Sendable {
  public var name: String
  public var phone: String
  public var address: String

  public init(name: String, phone: String = "", address: String = "") {
    self.name = name
    self.phone = phone
    self.address = address
  }
}

/// A dossier as a test states it; empty texts are not given.
public struct TestDossier: Hashable, Sendable {
  public var code: String
  public var procedure: String
  public var field: String
  public var agency: String
  public var applicant: String
  public var received: CalendarDate?
  public var due: CalendarDate?
  public var result: CalendarDate?
  public var documents: [DocumentSummaryLine]

  public init(
    _ code: String, procedure: String = "1.000656", field: String = "Hộ tịch", agency: String = "H12.34",
    applicant: String = "", received: CalendarDate? = nil, due: CalendarDate? = nil,
    result: CalendarDate? = nil, documents: [DocumentSummaryLine] = []
  ) {
    self.code = code
    self.procedure = procedure
    self.field = field
    self.agency = agency
    self.applicant = applicant
    self.received = received
    self.due = due
    self.result = result
    self.documents = documents
  }
}

/// A postal item as a test states it.
public struct TestItem: Hashable, Sendable {
  public var number: String
  /// Index of its container in the header.
  public var container: Int?
  /// Milliseconds since 1970 UTC.
  public var acceptedAt: Int64?
  /// Minutes from UTC.
  public var acceptedZone: Int16
  /// Grams.
  public var weight: Int32?
  public var condition: ItemCondition
  /// Dong.
  public var fee: Int64?
  public var sender: TestContact?
  public var recipient: TestContact?
  public var dossiers: [TestDossier]

  public init(
    _ number: String, container: Int? = nil, acceptedAt: Int64? = nil, acceptedZone: Int16 = 420,
    weight: Int32? = nil, condition: ItemCondition = .notStated, fee: Int64? = nil,
    sender: TestContact? = nil,
    recipient: TestContact? = nil, dossiers: [TestDossier] = []
  ) {
    self.number = number
    self.container = container
    self.acceptedAt = acceptedAt
    self.acceptedZone = acceptedZone
    self.weight = weight
    self.condition = condition
    self.fee = fee
    self.sender = sender
    self.recipient = recipient
    self.dossiers = dossiers
  }
}

/// A manifest as a test states it.
public struct TestManifest: Hashable, Sendable {
  public var header: ManifestHeader
  public var items: [TestItem]
  /// What the reader says of it.
  public var isValid = true
  public var findings: [Finding] = []
  /// Stands for the bytes of the document; nil for bytes that follow from header and items.
  public var original: [UInt8]?
  /// Items in one batch.
  public var batchSize = 3

  public init(_ header: ManifestHeader, items: [TestItem]) {
    self.header = header
    self.items = items
  }

  public init(
    _ number: String, leg: Leg = .intake, from giver: String, to receiver: String, at: Int64,
    zone: Int16 = 420, containers: [Container] = [], items: [TestItem]
  ) {
    header = ManifestHeader(
      number: number, leg: leg, giver: ManifestParty(office: giver),
      receiver: ManifestParty(office: receiver),
      dispatchedAt: at, dispatchedZone: zone, containers: containers)
    self.items = items
  }

  public var bytes: [UInt8] { original ?? Array("\(header)\n\(items)".utf8) }
}

extension ManifestBatch {
  /// Lays items out as a reader does.
  ///
  /// - Parameter firstLine: line of the first item; each item and each dossier takes one line.
  public init(_ items: [TestItem], firstLine: Int = 10) {
    self.init()
    var line = UInt32(firstLine)
    for item in items {
      var record = ItemRecord()
      record.line = line
      line += 1
      record.number = add(item.number)
      record.container = item.container.map { Int32($0) } ?? -1
      record.acceptedAt = item.acceptedAt ?? ItemRecord.noTime
      record.acceptedZone = item.acceptedZone
      record.weight = item.weight ?? -1
      record.condition = item.condition
      record.fee = item.fee ?? -1
      record.sender = add(item.sender)
      record.recipient = add(item.recipient)
      let firstDossier = Int32(dossiers.count)
      for dossier in item.dossiers {
        add(dossier, line: line)
        line += 1
      }
      record.dossiers = firstDossier..<Int32(dossiers.count)
      self.items.append(record)
    }
  }

  private mutating func add(_ dossier: TestDossier, line: UInt32) {
    var record = DossierRecord()
    record.line = line
    record.code = add(dossier.code)
    record.procedure = add(dossier.procedure)
    record.field = add(dossier.field)
    record.agency = add(dossier.agency)
    record.applicant = add(dossier.applicant)
    record.received = dossier.received?.daysSince1970 ?? DossierRecord.noDay
    record.due = dossier.due?.daysSince1970 ?? DossierRecord.noDay
    record.result = dossier.result?.daysSince1970 ?? DossierRecord.noDay
    let first = Int32(documents.count)
    for document in dossier.documents {
      var line = DocumentRecord()
      line.name = add(document.name)
      line.originals = Int32(document.originals)
      line.certifiedCopies = Int32(document.certifiedCopies)
      line.photocopies = Int32(document.photocopies)
      documents.append(line)
    }
    record.documents = first..<Int32(documents.count)
    dossiers.append(record)
  }

  private mutating func add(_ contact: TestContact?) -> ContactRecord {
    var record = ContactRecord()
    guard let contact else { return record }
    record.name = add(contact.name)
    record.phone = add(contact.phone)
    record.address = add(contact.address)
    return record
  }

  private mutating func add(_ text: String) -> TextRange {
    if text.isEmpty { return .none }
    let offset = UInt32(self.text.count)
    self.text.append(contentsOf: text.utf8)
    return TextRange(offset: offset, length: UInt32(self.text.count) - offset)
  }
}
