public import CustodyLog

/// Where events, manifests and their projections are kept. Whole operations only: each is one transaction, and
/// what it returns has been made durable. Refusals are values; accidents (a full disk) are thrown.
public protocol CustodyStore: Sendable {
  /// Size and root of the log.
  func head() throws -> LogHead

  /// Appends item events, each at most once.
  ///
  /// - Parameters:
  ///   - drafts: in the order in which they are to stand in the log.
  ///   - recordedAt: the log's clock, milliseconds since 1970 UTC; it never runs backwards in the log.
  ///   - expecting: when given and not the current head, nothing is appended.
  /// - Returns: one receipt a draft, in order, or `.headMoved`.
  func append(_ drafts: [EventDraft], recordedAt: Int64, expecting: LogHead?) throws -> AppendOutcome

  /// Records one manifest or feed whole, or nothing of it.
  ///
  /// - Parameter dryRun: checks everything against the store and records nothing.
  func record(_ source: some DocumentSource, recordedAt: Int64, dryRun: Bool) throws -> DocumentOutcome

  /// Closes a manifest: appends `missing` for the items given and the reconciliation result, in one
  /// transaction. Closing a closed manifest changes nothing and returns nil; `.headMoved` when the closing expects
  /// another head than the current one.
  func close(_ closing: ManifestClosing, recordedAt: Int64) throws -> AppendOutcome?

  /// Replaces the master data of the offices given; others stay.
  ///
  /// - Returns: how many offices are new or changed.
  func record(offices: [Office], recordedAt: Int64) throws -> Int

  func offices() throws -> [Office]

  /// The latest recorded time, so that clocks can be compared; nil for an empty log.
  func lastRecordedAt() throws -> Int64?

  func manifest(_ number: String) throws -> ManifestRecord?

  /// Manifests in the order they were recorded, `limit` after `after`.
  func manifests(after: Int64, limit: Int) throws -> [ManifestRecord]

  /// Items of a manifest in its order.
  func items(ofManifest number: String) throws -> [ItemSummary]

  /// Items in the order they became known, `limit` after `after`.
  func items(matching filter: ItemFilter, after: Int64, limit: Int) throws -> [ItemSummary]

  /// Everything known of the item with this number, under all its numbers.
  func history(ofItem number: String) throws -> ItemHistory?

  /// Numbers of the items that carried or carry the dossier.
  func items(carrying dossierCode: String) throws -> [String]

  /// Events in log order, at most `limit` from `index` on.
  func events(from index: Int64, limit: Int) throws -> [EventRecord]

  func event(identifier: String) throws -> EventRecord?

  /// Counts of outcomes for a period and a grouping.
  func lossCounts(_ query: LossQuery) throws -> [LossGroup]
}

/// What became of one draft.
public enum AppendReceipt: Hashable, Sendable {
  /// Recorded at this index.
  case recorded(Int64)
  /// The same event was recorded before, at this index; nothing changed.
  case duplicate(Int64)
  /// Another event with this identifier exists at this index; the fields named differ.
  case conflict(Int64, fields: [String])

  public var index: Int64 {
    switch self {
    case .recorded(let index), .duplicate(let index), .conflict(let index, _): index
    }
  }
}

public enum AppendOutcome: Hashable, Sendable {
  case appended([AppendReceipt], LogHead)
  /// The log is not where the caller expected it: nothing was appended.
  case headMoved(LogHead)
}

/// What a manifest's reconciliation found, signed by two people.
public struct ManifestClosing: Hashable, Sendable {
  public var manifest: String
  public var office: String
  public var at: Int64
  public var zone: Int16
  public var signer: String
  public var witness: String
  public var received: Int
  public var surplus: Int
  public var damaged: Int
  public var misrouted: Int
  /// The items not found: one `missing` event each.
  public var missing: [EventDraft]
  /// The newest checkpoint that the signers had seen.
  public var seen: LogHead?
  /// SHA-256 of the list that both signed; nil where it was not stated.
  public var list: Digest?
  /// A closed word when it was not closed in the ordinary way: `offline`.
  public var reason: String?
  /// When given and not the current head, nothing is closed: what was signed may have changed.
  public var expecting: LogHead?

  public init(
    manifest: String, office: String, at: Int64, zone: Int16, signer: String, witness: String,
    received: Int, surplus: Int, damaged: Int, misrouted: Int, missing: [EventDraft], seen: LogHead? = nil,
    list: Digest? = nil, reason: String? = nil, expecting: LogHead? = nil
  ) {
    self.manifest = manifest
    self.office = office
    self.at = at
    self.zone = zone
    self.signer = signer
    self.witness = witness
    self.received = received
    self.surplus = surplus
    self.damaged = damaged
    self.misrouted = misrouted
    self.missing = missing
    self.seen = seen
    self.list = list
    self.reason = reason
    self.expecting = expecting
  }
}

/// A place that can hold items.
public struct Office: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Bưu cục.
    case post
    /// Khai thác, vận chuyển.
    case transport
    /// Trung tâm Phục vụ hành chính công.
    case center
    /// Cơ quan giải quyết.
    case agency
  }

  public var code: String
  public var name: String
  public var kind: Kind
  public var province: String
  /// Code of the office above it, or empty.
  public var parent: String

  public init(code: String, name: String, kind: Kind, province: String = "", parent: String = "") {
    self.code = code
    self.name = name
    self.kind = kind
    self.province = province
    self.parent = parent
  }
}
