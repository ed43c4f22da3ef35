public import CustodyLog
public import DossierCore

/// Reading: each a consistent view of one moment.
extension SQLiteStore {
  public func head() throws -> LogHead { try read { try $0.state().tree.head } }

  public func lastRecordedAt() throws -> Int64? {
    try read { reader in
      let state = try reader.state()
      return state.tree.size == 0 ? nil : state.recordedAt
    }
  }

  public func offices() throws -> [Office] { try read { try OfficeRows.current($0.connection) } }

  public func manifest(_ number: String) throws -> ManifestRecord? { try read { try $0.manifest(number) } }

  public func manifests(after: Int64, limit: Int) throws -> [ManifestRecord] {
    try read { try $0.manifests(after: after, limit: limit) }
  }

  public func items(ofManifest number: String) throws -> [ItemSummary] {
    try read { try $0.items(ofManifest: number) }
  }

  public func items(matching filter: ItemFilter, after: Int64, limit: Int) throws -> [ItemSummary] {
    try read { try $0.items(matching: filter, after: after, limit: limit) }
  }

  public func history(ofItem number: String) throws -> ItemHistory? {
    try read { try $0.history(ofItem: number) }
  }

  public func items(carrying dossierCode: String) throws -> [String] {
    try read { try $0.items(carrying: dossierCode) }
  }

  public func events(from index: Int64, limit: Int) throws -> [EventRecord] {
    try read { try $0.events(from: index, limit: limit) }
  }

  public func event(identifier: String) throws -> EventRecord? {
    try read { try $0.event(identifier: identifier) }
  }

  /// `surplus` events that name the manifest, those that were corrected included, in log order.
  public func surplusEvents(ofManifest number: String) throws -> [EventRecord] {
    try read { try $0.surplusEvents(ofManifest: number) }
  }

  public func lossCounts(_ query: LossQuery) throws -> [LossGroup] {
    try read { try LossCounts($0).groups(query) }
  }
}
