internal import CustodyLog
internal import DossierCore

/// One row of the projection `item`.
struct ItemRow: Equatable {
  static let flagMissing: Int64 = 1
  static let flagSurplus: Int64 = 2
  static let flagDisputed: Int64 = 4
  static let flagMisrouted: Int64 = 8
  static let flagFound: Int64 = 16
  /// Its dossiers stand in more than one consignment, so they are gathered from the log.
  static let flagSeveralConsignments: Int64 = 32

  var id: Int64 = 0
  var subject = Subject.none
  /// Row of the item that this number is another name of.
  var sameAs: Int64?
  var headEvent: Int64 = -1
  var headSequence: Int64 = -1
  var headHash = MerkleHash.emptyRoot
  var state = StateWord.announced
  var custodian: Int32 = 0
  var offeredTo: Int32 = 0
  var outcome = Outcome.open
  var flags: Int64 = 0
  var damage: UInt8 = 0
  var attempts: Int32 = 0
  var entrustedDay: Int32?
  var entrustedBy: Int32 = 0
  var firstReceiver: Int32 = 0
  var leg: UInt8 = 0
  var manifest: Int64 = 0
  var lastAt: Int64 = 0
  var firstDossier: Int64 = 0
  var dossiers: Int64 = 0
  var findings: Int32 = 0

  static let columns =
    """
    id, number, same_as, head_event, head_seq, head_hash, state, custodian, offered_to, outcome, flags, damage, \
    attempts, entrusted_day, entrusted_by, first_receiver, leg, manifest, last_at, first_dossier, dossiers, \
    findings
    """

  init() {}

  /// - Returns: nil when a column holds what no writer of this store puts there.
  init?(_ row: Statement) {
    guard let state = StateWord(rawValue: UInt8(exactly: row.int(6)) ?? 0),
      let outcome = Outcome(rawValue: UInt8(exactly: row.int(9)) ?? 255), let hash = row.digest(5),
      let damage = UInt8(exactly: row.int(11)), let leg = UInt8(exactly: row.int(16)),
      let subject = Subject.canonical(row, 1), row.int(0) > 0, row.int(0) < Int64.max, row.int(3) >= -1,
      row.int(4) >= -1, row.int(4) < Int64.max, Self.isRange(row.int(19), row.int(20)),
      row.int(17) > Int64(Int32.min)
    else { return nil }
    id = row.int(0)
    self.subject = subject
    sameAs = row.optionalInt(2)
    headEvent = row.int(3)
    headSequence = row.int(4)
    headHash = hash
    self.state = state
    custodian = row.int32(7)
    offeredTo = row.int32(8)
    self.outcome = outcome
    flags = row.int(10)
    self.damage = damage
    attempts = row.int32(12)
    entrustedDay = row.isNull(13) ? nil : row.int32(13)
    entrustedBy = row.int32(14)
    firstReceiver = row.int32(15)
    self.leg = leg
    manifest = row.int(17)
    lastAt = row.int(18)
    firstDossier = row.int(19)
    dossiers = row.int(20)
    findings = row.int32(21)
  }

  /// Whether two columns say where rows begin and how many there are, so that they can be added.
  static func isRange(_ first: Int64, _ count: Int64) -> Bool {
    first >= 0 && count >= 0 && !first.addingReportingOverflow(count).overflow
  }

  /// Binds every column, in the order of ``columns``.
  func bind(_ statement: Statement) {
    statement.bind(1, id)
    subject.bind(statement, 2)
    statement.bind(3, sameAs)
    statement.bind(4, headEvent)
    statement.bind(5, headSequence)
    statement.bind(6, headHash)
    statement.bind(7, state.rawValue)
    statement.bind(8, custodian)
    statement.bind(9, offeredTo)
    statement.bind(10, outcome.rawValue)
    statement.bind(11, flags)
    statement.bind(12, damage)
    statement.bind(13, attempts)
    statement.bind(14, entrustedDay.map(Int64.init))
    statement.bind(15, entrustedBy)
    statement.bind(16, firstReceiver)
    statement.bind(17, leg)
    statement.bind(18, manifest)
    statement.bind(19, lastAt)
    statement.bind(20, firstDossier)
    statement.bind(21, dossiers)
    statement.bind(22, findings)
  }

  /// Takes over what the fold of the item's events says.
  mutating func apply(_ custody: CustodyState) {
    state = custody.word
    custodian = custody.custodian
    offeredTo = custody.offeredTo
    outcome = custody.outcome
    flags =
      flags & Self.flagSeveralConsignments | (custody.missing ? Self.flagMissing : 0)
      | (custody.surplus ? Self.flagSurplus : 0) | (custody.disputed ? Self.flagDisputed : 0)
      | (custody.misrouted ? Self.flagMisrouted : 0) | (custody.found ? Self.flagFound : 0)
    damage = custody.damage?.rawValue ?? 0
    attempts = custody.attempts
    entrustedDay = custody.entrustedDay?.daysSince1970
    entrustedBy = custody.entrustedBy
    firstReceiver = custody.firstReceiver
    manifest = custody.firstManifest
    lastAt = custody.lastAt == Int64.min ? 0 : custody.lastAt
    findings = custody.findings
  }

  /// What a number says that is only another name of an item: nothing of its own.
  mutating func clearCustody() {
    let identity = (id, subject, sameAs, headEvent, headSequence, headHash, firstDossier, dossiers, flags)
    self = ItemRow()
    (id, subject, sameAs, headEvent, headSequence, headHash, firstDossier, dossiers, flags) = identity
    flags &= Self.flagSeveralConsignments
  }

  var counts: OutcomeCounts {
    var counts = OutcomeCounts()
    counts.entrusted = 1
    switch outcome {
    case .open: counts.missing = flags & Self.flagMissing != 0 ? 1 : 0
    case .delivered: counts.delivered = 1
    case .returned: counts.returned = 1
    case .lost: counts.lost = 1
    case .destroyed: counts.destroyed = 1
    }
    counts.found = flags & Self.flagFound != 0 ? 1 : 0
    counts.damaged = damage > 0 ? 1 : 0
    return counts
  }
}
