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
  private var salts: SaltSource

  public init(salts: SaltSource) { self.salts = salts }

  /// Fills ``ManifestBatch/contents`` and ``ManifestBatch/secrets``, unless that has been done.
  ///
  /// - Parameter containers: numbers of the header's containers, in order.
  /// - Throws: what the source of salts throws.
  public mutating func prepare(_ batch: inout ManifestBatch, containers: [Container]) throws {
    if batch.contents.count == batch.items.count { return }
    batch.contents.removeAll(keepingCapacity: true)
    batch.secrets.removeAll(keepingCapacity: true)
    batch.contents.reserveCapacity(batch.items.count)
    var committer = ContentCommitter()
    for item in batch.items {
      let start = batch.secrets.count
      committer.reset()
      try commit(item, of: batch, containers, with: &committer)
      batch.secrets.append(contentsOf: committer.secrets.bytes)
      batch.contents.append(PreparedContent(root: committer.root, secrets: start..<batch.secrets.count))
    }
  }

  private mutating func commit(
    _ item: ItemRecord, of batch: borrowing ManifestBatch, _ containers: [Container],
    with committer: inout ContentCommitter
  ) throws {
    let start = try committer.begin(.contents, &salts)
    Self.write(item, of: batch, containers, into: &committer.json)
    committer.end(.contents, from: start)
    try commit(.sender, item.sender, of: batch, with: &committer)
    try commit(.recipient, item.recipient, of: batch, with: &committer)
    var ordinal = 0
    for position in item.dossiers {
      ordinal += 1
      let (code, applicant) = (batch.dossiers[Int(position)].code, batch.dossiers[Int(position)].applicant)
      try commit(.dossierCode, ordinal, code, of: batch, with: &committer)
      if !applicant.isEmpty { try commit(.applicant, ordinal, applicant, of: batch, with: &committer) }
    }
  }

  private static func write(
    _ item: ItemRecord, of batch: borrowing ManifestBatch, _ containers: [Container],
    into json: inout OutputBuffer
  ) {
    var contents = ContentsEncoder()
    var container = item.container < 0 ? "" : containers[Int(item.container)].number
    container.withUTF8 {
      contents.begin(condition: item.condition, container: UnsafeRawBufferPointer($0), into: &json)
    }
    batch.withBytes { texts in
      for position in item.dossiers {
        let dossier = batch.dossiers[Int(position)]
        contents.beginDossier(agency: texts[dossier.agency], into: &json)
        for position in dossier.documents {
          let document = batch.documents[Int(position)]
          contents.document(
            name: texts[document.name], originals: document.originals,
            certifiedCopies: document.certifiedCopies, photocopies: document.photocopies, into: &json)
        }
        contents.endDossier(
          due: dossier.due, field: texts[dossier.field], procedure: texts[dossier.procedure],
          received: dossier.received, result: dossier.result, into: &json)
      }
    }
    contents.end(fee: item.fee, weight: item.weight, into: &json)
  }

  private mutating func commit(
    _ field: VaultField, _ contact: ContactRecord, of batch: borrowing ManifestBatch,
    with committer: inout ContentCommitter
  ) throws {
    if contact.isEmpty { return }
    let start = try committer.begin(field, &salts)
    batch.withBytes {
      VaultJSON.contact(
        name: $0[contact.name], phone: $0[contact.phone], address: $0[contact.address], into: &committer.json)
    }
    committer.end(field, from: start)
  }

  private mutating func commit(
    _ field: VaultField, _ ordinal: Int, _ text: TextRange, of batch: borrowing ManifestBatch,
    with committer: inout ContentCommitter
  ) throws {
    let start = try committer.begin(field, ordinal: ordinal, &salts)
    batch.withBytes { committer.json.appendJSONString($0[text]) }
    committer.end(field, from: start)
  }
}
