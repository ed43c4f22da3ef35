public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// A manifest against what was found: each item that it announces, and each that came with it and is not on it. What two
/// people sign is the digest of this list.
public struct ManifestReconciliation: Hashable, Sendable {
  /// What became of one item at the manifest's receiver.
  public enum Outcome: String, Hashable, Sendable {
    case received, short, surplus, misrouted
  }

  public struct Line: Hashable, Sendable {
    /// Canonical number, as the manifest or the scan names it.
    public var item: String
    public var outcome: Outcome
    /// Identifier of the event that counts; nil for a short one.
    public var event: String?
    /// When it was scanned, milliseconds since 1970 UTC and offset in minutes.
    public var at: Int64?
    public var zone: Int16
    /// Code of the person who scanned it.
    public var by: String?
    public var damage: DamageGrade?
    /// Closed word of the damage's cause.
    public var cause: String?
    /// Identifier of the `damaged` event.
    public var damageEvent: String?
    /// Dossier codes that the manifest names for it; erased ones left out.
    public var dossiers: [String]
    /// Code of the office that last accepted it.
    public var custodian: String?
    /// For a stray: the manifest that it belongs to and that manifest's receiver, as far as known.
    public var belongsTo: String?
    public var belongsToOffice: String?
    /// All numbers that the item has borne, the current one first.
    public var numbers: [String]

    public init(
      item: String, outcome: Outcome, event: String? = nil, at: Int64? = nil, zone: Int16 = 0,
      by: String? = nil,
      damage: DamageGrade? = nil, cause: String? = nil, damageEvent: String? = nil, dossiers: [String] = [],
      custodian: String? = nil, belongsTo: String? = nil, belongsToOffice: String? = nil,
      numbers: [String] = []
    ) {
      self.item = item
      self.outcome = outcome
      self.event = event
      self.at = at
      self.zone = zone
      self.by = by
      self.damage = damage
      self.cause = cause
      self.damageEvent = damageEvent
      self.dossiers = dossiers
      self.custodian = custodian
      self.belongsTo = belongsTo
      self.belongsToOffice = belongsToOffice
      self.numbers = numbers.isEmpty ? [item] : numbers
    }
  }

  /// How the manifest was closed.
  public struct Closing: Hashable, Sendable {
    public var signer: String
    public var witness: String
    public var at: Int64
    public var zone: Int16
    /// Log index of the closing.
    public var index: Int64
    /// SHA-256 of the list that both signed; nil for a closing that states none.
    public var list: Digest?
    /// Whether scans were still waiting to be sent when it was signed.
    public var isOffline: Bool

    public init(
      signer: String, witness: String, at: Int64, zone: Int16, index: Int64, list: Digest? = nil,
      isOffline: Bool = false
    ) {
      self.signer = signer
      self.witness = witness
      self.at = at
      self.zone = zone
      self.index = index
      self.list = list
      self.isOffline = isOffline
    }
  }

  public var manifest: ManifestRecord
  /// Master data of both sides; nil where the office is not in it.
  public var giver: Office?
  public var receiver: Office?
  /// The manifest's items in its order, then strays in order of their events.
  public var lines: [Line]
  public var count: ReceivingCount
  public var closing: Closing?
  /// State of the log that it was read at.
  public var log: LogHead

  public init(
    manifest: ManifestRecord, giver: Office?, receiver: Office?, lines: [Line], count: ReceivingCount,
    closing: Closing?, log: LogHead
  ) {
    self.manifest = manifest
    self.giver = giver
    self.receiver = receiver
    self.lines = lines
    self.count = count
    self.closing = closing
    self.log = log
  }

  /// The instant from which a receipt is late, milliseconds since 1970 UTC: midnight in Viet Nam after the last of the
  /// working days that ``TransitLimit`` allows; nil for years that the calendar does not have.
  public var lateFrom: Int64? {
    TransitLimit.end(
      manifest.leg, dispatched: manifest.dispatchedAt, WorkingCalendars.standard.administrative)
  }

  /// SHA-256 of the list as canonical JSON: manifest, and of each line item, outcome and damage, in order of their numbers.
  /// It does not depend on who scanned, when, or what else is in the log.
  public var digest: Digest { Self.digest(of: manifest.number, lines) }

  static func digest(of manifest: String, _ lines: [Line]) -> Digest {
    let lines = lines.sorted { $0.item.utf8.lexicographicallyPrecedes($1.item.utf8) }.map { line in
      var members: [(String, JSONValue)] = []
      if let cause = line.cause { members.append(("cause", .string(cause))) }
      if let damage = line.damage { members.append(("damage", .string(damage.word))) }
      members += [("item", .string(line.item)), ("outcome", .string(line.outcome.rawValue))]
      return JSONValue.object(members)
    }
    let document = JSONValue.object([("lines", .array(lines)), ("manifest", .string(manifest))])
    // Item and manifest numbers are plain ASCII, which canonical JSON always takes.
    return MerkleHash.sha256((try? CanonicalJSON.encode(document)) ?? [])
  }

  /// The first sixteen hexadecimal digits of ``digest`` in groups of four, as they are printed and compared by eye.
  public var shortDigest: String {
    let text = Array(digest.hex.prefix(16))
    return stride(from: 0, to: text.count, by: 4).map { String(text[$0..<$0 + 4]) }.joined(separator: " ")
  }
}

extension Tracker {
  /// Compares a manifest with what was found at its receiver.
  ///
  /// - Returns: nil when the store knows no such manifest.
  public func reconciliation(ofManifest number: String) throws -> ManifestReconciliation? {
    try explained {
      guard case .success(let canonical) = ManifestNumber.parse(number),
        let manifest = try store.manifest(canonical.text)
      else { return nil }
      var state = try HandoverState(store, manifest: manifest)
      // Another writer may have come between: the list is of one state of the log.
      while try store.head() != state.head { try state.follow(store) }
      return try ManifestReconciliation(state, store)
    }
  }
}

extension ManifestReconciliation {
  init(_ state: HandoverState, _ store: SQLiteStore) throws {
    let offices = try store.offices()
    let manifest = state.manifest
    self.init(
      manifest: manifest, giver: offices.first { $0.code == manifest.giver },
      receiver: offices.first { $0.code == manifest.receiver },
      lines: Self.lines(state), count: state.count, closing: try Self.closing(manifest, store),
      log: state.head)
  }

  static func lines(_ state: HandoverState) -> [Line] {
    state.listed.map { Line($0, $0.sighting == nil ? .short : .received) }
      + state.strays.map { Line($0, $0.isMisrouted ? .misrouted : .surplus) }
  }

  private static func closing(_ manifest: ManifestRecord, _ store: SQLiteStore) throws -> Closing? {
    guard let index = manifest.closedEvent, let event = try store.events(from: index, limit: 1).first,
      let signer = event.operatorCode, let witness = event.details.witness
    else { return nil }
    return Closing(
      signer: signer, witness: witness, at: event.at, zone: event.zone, index: index,
      list: event.details.document, isOffline: event.reason == ManifestSigning.offline)
  }
}

extension ManifestReconciliation.Line {
  init(_ entry: HandoverState.Entry, _ outcome: ManifestReconciliation.Outcome) {
    self.init(
      item: entry.number, outcome: outcome, event: entry.sighting?.event, at: entry.sighting?.at,
      zone: entry.sighting?.zone ?? 0, by: entry.sighting?.by, damage: entry.damage?.grade,
      cause: entry.damage?.cause, damageEvent: entry.damage?.event, dossiers: entry.dossiers,
      custodian: entry.custodian, belongsTo: entry.belonging?.manifest,
      belongsToOffice: entry.belonging?.office, numbers: entry.numbers)
  }
}
