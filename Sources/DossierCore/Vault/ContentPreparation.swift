public import CustodyLog

/// The commitment of one item of a batch and where the vault's bytes for it stand.
public struct PreparedContent: Hashable, Sendable {
  /// Goes into the leaf (``ContentRoot``).
  public var root: Digest?
  /// Bytes in ``ManifestBatch/secrets``.
  public var secrets: Range<Int>
}

/// Commits to the personal fields and facts of a batch's items, field by field in the order of the audit. It needs no
/// store, so an importer does it ahead of the store, on the thread that reads.
public struct ContentPreparation: Sendable {
  private var builder: ContentBuilder
  private var contents = ContentsJSON()
  private var json: [UInt8] = []

  public init(salts: SaltSource) { builder = ContentBuilder(salts: salts) }

  /// Fills ``ManifestBatch/contents`` and ``ManifestBatch/secrets``, unless that has been done.
  ///
  /// - Parameter containers: numbers of the header's containers, in order.
  /// - Throws: what the source of salts throws.
  public mutating func prepare(_ batch: inout ManifestBatch, containers: [Container]) throws {
    if batch.contents.count == batch.items.count { return }
    batch.contents.removeAll(keepingCapacity: true)
    batch.secrets.removeAll(keepingCapacity: true)
    for item in batch.items {
      try build(item, of: batch, containers)
      let start = batch.secrets.count
      batch.secrets.append(contentsOf: builder.secrets)
      batch.contents.append(PreparedContent(root: builder.root, secrets: start..<batch.secrets.count))
    }
  }

  private mutating func build(_ item: ItemRecord, of batch: ManifestBatch, _ containers: [Container]) throws {
    builder.reset()
    let container = item.container < 0 ? [] : Array(containers[Int(item.container)].number.utf8)
    contents.begin(condition: item.condition, container: container[...])
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
    try builder.add(.contents, json: contents.bytes)
    try add(.sender, item.sender, of: batch)
    try add(.recipient, item.recipient, of: batch)
    var ordinal = 0
    for position in item.dossiers {
      ordinal += 1
      let dossier = batch.dossiers[Int(position)]
      VaultJSON.string(batch.bytes(dossier.code), into: &json)
      try builder.add(.dossierCode, ordinal: ordinal, json: json)
      if !dossier.applicant.isEmpty {
        VaultJSON.string(batch.bytes(dossier.applicant), into: &json)
        try builder.add(.applicant, ordinal: ordinal, json: json)
      }
    }
  }

  private mutating func add(_ field: VaultField, _ contact: ContactRecord, of batch: ManifestBatch) throws {
    if contact.isEmpty { return }
    VaultJSON.contact(
      name: batch.bytes(contact.name), phone: batch.bytes(contact.phone),
      address: batch.bytes(contact.address), into: &json)
    try builder.add(field, json: json)
  }
}
