public import CustodyLog
public import DossierCore
internal import DossierReport
internal import DossierSQLite

extension Tracker {
  /// Manifests in the order they were recorded.
  ///
  /// - Parameter number: the manifest after which to go on; nil for the beginning.
  /// - Throws: ``TrackerRefusal`` when the store knows no such manifest.
  public func manifests(
    matching filter: ManifestFilter, after number: String?, limit: Int
  ) throws -> [ManifestRecord] {
    try explained {
      var last: Int64 = 0
      if let number {
        guard case .success(let canonical) = ManifestNumber.parse(number),
          let manifest = try store.manifest(canonical.text)
        else { throw TrackerRefusal(Finding(.manifestUnknown, found: number)) }
        last = manifest.id
      }
      return try store.manifests(matching: filter, after: last, limit: limit)
    }
  }

  /// Items in the order they became known.
  ///
  /// - Parameter number: the item after which to go on, by any of its numbers; nil for the beginning.
  /// - Throws: ``TrackerRefusal`` when the store knows no such item.
  public func items(
    matching filter: ItemFilter, after number: String?, limit: Int
  ) throws -> [ItemSummary] {
    try items(matching: filter, after: try row(ofItem: number), limit: limit)
  }

  /// Row of the item with this number, for paging; 0 for nil.
  ///
  /// - Throws: ``TrackerRefusal`` when the store knows no such item.
  public func row(ofItem number: String?) throws -> Int64 {
    guard let number else { return 0 }
    return try explained {
      guard case .success(let canonical) = ItemNumber.parse(number),
        let history = try store.history(ofItem: canonical.text)
      else { throw TrackerRefusal(Finding(.unknownCode, found: number)) }
      return history.summary.id
    }
  }

  /// How many manifests match.
  public func count(_ filter: ManifestFilter) throws -> Int { try explained { try store.count(filter) } }

  /// Items that are missing, lost or damaged, the latest first.
  public func troubledItems(limit: Int) throws -> [ItemSummary] {
    try explained { try store.troubled(limit: limit) }
  }

  /// How far the log is signed.
  public struct SignedState: Hashable, Sendable {
    /// Size and root of the log now.
    public var head: LogHead
    /// The last signed checkpoint; nil when there is none, or none that can be read.
    public var checkpoint: LogHead?
    /// When the last event under it was recorded.
    public var recordedAt: Int64?
    /// When the newest event was recorded.
    public var newest: Int64?

    /// Events that no signature covers yet.
    public var unsigned: UInt64 { head.size - min(checkpoint?.size ?? 0, head.size) }
  }

  public func signedState() throws -> SignedState {
    try explained {
      let checkpoint = newestSeen()
      let covered = try checkpoint.flatMap { head in
        head.size > 0 ? try store.events(from: Int64(clamping: head.size) - 1, limit: 1).first : nil
      }
      return SignedState(
        head: try store.head(), checkpoint: checkpoint, recordedAt: covered?.recordedAt,
        newest: try store.lastRecordedAt())
    }
  }

  /// The expected route of an item against what was recorded of it.
  ///
  /// A receipt is expected within the working days of the rule of presumed loss, which is the program's own where no
  /// legal limit is known.
  ///
  /// - Parameter offices: the master data.
  public func route(of item: ItemHistory, offices: [Office]) throws -> CustodyRoute {
    try explained {
      let kinds = Dictionary(offices.map { ($0.code, $0.kind) }, uniquingKeysWith: { first, _ in first })
      var legs: [String: Leg] = [:]
      for number in Set(item.events.compactMap(\.manifest)) {
        legs[number] = try store.manifest(number)?.leg
      }
      let calendar = WorkingCalendars.standard.administrative
      return CustodyRoute(
        events: item.events, leg: { legs[$0] }, kind: { kinds[$0] },
        now: try store.lastRecordedAt() ?? 0
      ) { leg, dispatched in
        TransitLimit.end(leg, dispatched: dispatched, calendar)
      }
    }
  }
}

/// Until when a receipt is expected.
public enum TransitLimit {
  /// Midnight after the last of the working days that the rule allows; nil for years that the calendar does not have.
  static func end(_ leg: Leg?, dispatched: Int64, _ calendar: WorkingCalendar) -> Int64? {
    let day = CalendarDate(vietNamInstant: dispatched)
    guard let rule = PresumedLossRules.standard.rule(on: day),
      let last = try? calendar.date(workingDays: rule.limit(leg), after: day)
    else { return nil }
    return last.advanced(by: 1).vietNamMidnight
  }

  /// Version of the rule, as reports name it.
  public static var version: String {
    PresumedLossRules.standard.rules.last.map { PresumedLossRules.standard.version(of: $0) } ?? ""
  }

  /// Working days that the newest rule allows on the way.
  public static func days(_ leg: Leg?) -> Int? { PresumedLossRules.standard.rules.last?.limit(leg) }
}
