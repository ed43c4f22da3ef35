public import DossierCore

/// What somebody at a desk looks for first.
extension SQLiteStore {
  /// Manifests in the order they were recorded, `limit` after `after`.
  public func manifests(
    matching filter: ManifestFilter, after: Int64, limit: Int
  ) throws -> [ManifestRecord] {
    try read { try $0.manifests(matching: filter, after: after, limit: limit) }
  }

  /// How many manifests match.
  public func count(_ filter: ManifestFilter) throws -> Int {
    try read { try $0.count(filter) }
  }

  /// Items that are missing, lost or damaged, the latest first.
  public func troubled(limit: Int) throws -> [ItemSummary] {
    try read { try $0.troubled(limit: limit) }
  }
}

extension StoreReader {
  /// nil when no row can match.
  private func condition(_ filter: ManifestFilter) throws -> String? {
    var conditions = ["id > ?1"]
    if let receiver = filter.receiver {
      guard let term = try terms.existing(ArraySlice(receiver.utf8)) else { return nil }
      conditions.append("receiver = \(term)")
    }
    if let isClosed = filter.isClosed { conditions.append("closed_event IS \(isClosed ? "NOT " : "")NULL") }
    return conditions.joined(separator: " AND ")
  }

  func manifests(
    matching filter: ManifestFilter, after: Int64, limit: Int
  ) throws -> [ManifestRecord] {
    guard let condition = try condition(filter) else { return [] }
    let select = try connection.prepared(
      "SELECT \(Self.manifestColumns) FROM manifest WHERE \(condition) ORDER BY id LIMIT ?2")
    select.bind(1, after)
    select.bind(2, limit)
    var found: [ManifestRecord] = []
    while try select.step() { found.append(try manifest(select)) }
    return found
  }

  func count(_ filter: ManifestFilter) throws -> Int {
    guard let condition = try condition(filter) else { return 0 }
    let select = try connection.prepared("SELECT count(*) FROM manifest WHERE \(condition)")
    select.bind(1, 0)
    guard try select.step() else { return 0 }
    defer { select.reset() }
    return Int(select.int(0))
  }

  /// Every such item has a finding, so that the index of those is all that is read.
  func troubled(limit: Int) throws -> [ItemSummary] {
    let select = try connection.prepared(
      """
      SELECT \(ItemRow.columns) FROM item
      WHERE findings > 0 AND same_as IS NULL
        AND (flags & \(ItemRow.flagMissing) <> 0 OR damage > 0 OR outcome = \(Outcome.lost.rawValue))
      ORDER BY last_at DESC, id LIMIT ?1
      """)
    select.bind(1, limit)
    var found: [ItemSummary] = []
    while try select.step() {
      guard let row = ItemRow(select) else { throw StoreFault.malformedRow("item \(select.int(0))") }
      found.append(try summary(row))
    }
    return found
  }
}
