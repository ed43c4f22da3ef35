internal import CustodyLog
public import DossierCore
internal import DossierSQLite

/// What a code turned out to name.
public enum Shown: Hashable, Sendable {
  case item(ItemHistory)
  /// A dossier and the items that carried it, newest last.
  case dossier(String, [ItemHistory])
  case manifest(ManifestRecord, [ItemSummary])
}

extension Tracker {
  /// Looks a code up: item number, manifest number or dossier code, as typed or scanned.
  ///
  /// - Returns: nil when the store knows nothing by that code.
  public func show(_ code: String) throws -> Shown? {
    try explained {
      if case .success(let number) = ItemNumber.parse(code),
        let history = try store.history(ofItem: number.text)
      {
        return .item(history)
      }
      if case .success(let number) = ManifestNumber.parse(code),
        let manifest = try store.manifest(number.text)
      {
        return .manifest(manifest, try store.items(ofManifest: number.text))
      }
      if case .success(let dossier) = DossierCode.parse(code) {
        let items = try store.items(carrying: dossier.text).compactMap { try store.history(ofItem: $0) }
        if !items.isEmpty { return .dossier(dossier.text, items) }
      }
      return nil
    }
  }

  /// Manifests in the order they were recorded.
  public func manifests(after id: Int64 = 0, limit: Int) throws -> [ManifestRecord] {
    try explained { try store.manifests(after: id, limit: limit) }
  }

  /// Items in the order they became known.
  public func items(matching filter: ItemFilter = ItemFilter(), after id: Int64 = 0, limit: Int) throws
    -> [ItemSummary]
  {
    try explained { try store.items(matching: filter, after: id, limit: limit) }
  }

  /// Items of a manifest in its order; nil when the store knows no such manifest.
  public func items(ofManifest number: String) throws -> [ItemSummary]? {
    try explained {
      guard case .success(let canonical) = ManifestNumber.parse(number),
        try store.manifest(canonical.text) != nil
      else { return nil }
      return try store.items(ofManifest: canonical.text)
    }
  }

  /// Events in log order.
  public func events(from index: Int64 = 0, limit: Int) throws -> [EventRecord] {
    try explained { try store.events(from: index, limit: limit) }
  }

  /// Everything known of an item.
  public func history(ofItem number: String) throws -> ItemHistory? {
    try explained { try store.history(ofItem: number) }
  }

  public func offices() throws -> [Office] { try explained { try store.offices() } }

  /// Records master data: offices that are new or say something else.
  ///
  /// - Returns: how many.
  public func record(offices: [Office]) throws -> Int {
    try explained { try store.record(offices: offices, recordedAt: now) }
  }
}
