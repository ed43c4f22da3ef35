public import DossierCore

extension SQLiteStore {
  /// Manifests to one office that are not closed, the newest first.
  public func openManifests(receiver: String, limit: Int) throws -> [ManifestRecord] {
    try read { reader in
      guard let term = try reader.terms.existing(ArraySlice(receiver.utf8)) else { return [] }
      let select = try reader.connection.prepared(
        """
        SELECT \(StoreReader.manifestColumns) FROM manifest WHERE receiver = ?1 AND closed_event IS NULL
        ORDER BY id DESC LIMIT ?2
        """)
      select.bind(1, Int64(term))
      select.bind(2, limit)
      var found: [ManifestRecord] = []
      while try select.step() { found.append(try reader.manifest(select)) }
      return found
    }
  }
}
