import CustodyLog
import DossierCore

/// What a manifest has said so far.
struct ManifestState: ~Copyable {
  /// Beyond these an item is refused, so that one item cannot fill the memory.
  static let greatestDossierCount = 1000
  static let greatestDocumentCount = 200
  static let greatestItemText = 4 << 20
  static let greatestContainerCount = 10_000

  /// A batch is handed over at the end of the item that reaches one of these.
  static let batchItems = 256
  static let batchText = 128 << 10

  // MARK: Header

  var number: String?
  var leg: Leg?
  var dispatchedAt: OffsetDateTime?
  var giver: ManifestParty?
  var receiver: ManifestParty?
  var openParty: Word?
  var containers: [Container] = []
  var containerIndices: [String: Int32] = [:]
  var seals: Set<String> = []
  var declaredItems: Int?
  var declaredDossiers: Int?
  var declaredWeight: Int?
  var declaredLine = 0

  /// The complete header, until the reader fetches it.
  var header: ManifestHeader?
  /// Whether the items were reached with a complete header; batches without one go nowhere.
  var hasHeader = false

  // MARK: Items

  var batch = ManifestBatch()
  /// The batch's texts until it is closed.
  var texts = OutputBuffer(capacity: batchText + 8192)
  /// The container that an item named last, as written: the next item is likely in the same.
  var lastContainer: (text: [UInt8], index: Int32) = ([], -1)
  /// Full batches, until the reader fetches them.
  var ready: [ManifestBatch] = []
  /// Memory for the next batch.
  var spare: ManifestBatch?

  var item = ItemRecord()
  var itemIsUsable = false
  var itemDossierCount = 0
  /// Sizes of the batch before the open item.
  var itemStart = (text: 0, dossiers: 0, documents: 0)

  var dossier = DossierRecord()
  var dossierIsUsable = false
  var dossierDocumentCount = 0
  var dueLine = 0
  var document = DocumentRecord()

  // MARK: Totals

  var itemCount = 0
  var dossierCount = 0
  var weight = 0
  var itemsWithoutWeight = 0
  var dossiersWithoutDocuments = 0
  var firstLineWithoutDocuments = 0

  init() {}

  /// Takes the open item's records back out of the batch.
  mutating func dropItem() {
    texts.removeAll(from: itemStart.text)
    batch.dossiers.removeSubrange(itemStart.dossiers...)
    batch.documents.removeSubrange(itemStart.documents...)
  }

  /// Moves the batch to those that are ready.
  mutating func closeBatch() {
    defer { texts.removeAll() }
    guard !batch.items.isEmpty else { return batch.removeAll() }
    batch.text.append(contentsOf: texts.bytes)
    let next = spare ?? ManifestBatch()
    spare = nil
    if hasHeader {
      ready.append(batch)
      batch = next
    } else {
      batch.removeAll()
    }
  }
}
