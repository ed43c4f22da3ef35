public import DossierCore

/// Which dossiers are compared.
public struct ReconciliationScope: Hashable, Sendable {
  /// First and last day of reception, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  /// Unit code that dossier codes begin with (`H48.24`); nil for the units that occur in the file.
  public var office: String?

  public init(from: CalendarDate? = nil, through: CalendarDate? = nil, office: String? = nil) {
    self.from = from
    self.through = through
    self.office = office
  }

  /// The scope with the bounds that it lacks taken from the file: without them every dossier that was ever carried would
  /// count as lacking in it.
  public func completed(by file: SoftwareFile) -> ReconciliationScope {
    let days = file.rows.compactMap { $0.received?.day }
    var scope = self
    scope.from = from ?? days.min()
    scope.through = through ?? days.max()
    return scope
  }
}

/// The one-stop software against custody, dossier by dossier.
public struct Reconciliation: Equatable, Sendable {
  /// What differs, in the order in which it is worked off.
  enum Kind: String, CaseIterable, Sendable {
    case deliveredNotTicked, tickedNotDelivered, tickedLate, statusDiffers, onlyInSoftware, onlyInCustody
  }

  struct Difference: Equatable, Sendable {
    var kind: Kind
    /// Nil for a code that may not be printed.
    var code: String?
    /// Line of the file; nil when it lacks the dossier.
    var line: Int32?
    var unit: String
    var row: SoftwareFile.Row?
    var custody: DossierCustody?
  }

  /// Counts of one side.
  struct Counts: Equatable, Sendable {
    var received = 0
    var returned = 0
    var overdue = 0

    static func += (left: inout Self, right: Self) {
      left.received += right.received
      left.returned += right.returned
      left.overdue += right.overdue
    }
  }

  /// Both sides of a group. Differences are custody minus software, with their signs.
  struct Sides: Equatable, Sendable {
    var custody = Counts()
    var software = Counts()

    var received: Int { custody.received - software.received }
    var returned: Int { custody.returned - software.returned }
    var overdue: Int { custody.overdue - software.overdue }

    static func += (left: inout Self, right: Self) {
      left.custody += right.custody
      left.software += right.software
    }
  }

  /// A field's name: as custody has it, else as the file has it.
  enum Field: Hashable, Sendable {
    case term(Int32)
    case text(Int32)
  }

  let file: SoftwareFile
  let scope: ReconciliationScope
  private(set) var differences: [Kind: [Difference]] = [:]
  private(set) var byUnit: [String: Sides] = [:]
  private(set) var byField: [Field: Sides] = [:]
  private(set) var total = Sides()
  /// Dossiers on both sides, and those of them without any difference.
  private(set) var matched = 0
  private(set) var agreeing = 0
  /// Rows of the file that neither came nor go back by post, as it says itself.
  private(set) var notByPost = 0
  /// Rows outside the scope.
  private(set) var outside = 0
  private(set) var foreign = 0
  /// Dossiers of custody whose codes were erased.
  let erased: Int
  private let now: SoftwareTime?

  /// - Parameters:
  ///   - scope: completed by the file.
  ///   - codes: codes of the tally's ``ReconciliationTally/dossiers`` by row.
  ///   - now: the report's instant, ``JourneyView/recordedAt``.
  public init(
    _ file: SoftwareFile, _ tally: ReconciliationTally, codes: [Int64: String], scope: ReconciliationScope,
    now: Int64
  ) {
    self.file = file
    self.scope = scope
    self.now = SoftwareTime(milliseconds: now)
    erased = tally.erased
    var units: Set<String> = []
    for (position, row) in file.rows.enumerated() {
      let unit = Self.unit(row.code)
      guard isInScope(row, unit) else {
        outside += 1
        continue
      }
      if row.isForeign { foreign += 1 }
      units.insert(unit)
      compare(row, tally.known[Int32(clamping: position)], unit)
    }
    addCustodyOnly(tally, codes, units)
    for kind in Kind.allCases { differences[kind]?.sort(by: Self.precedes) }
  }

  /// Whether the two sides differ in anything, or the file could not be read in full.
  public var hasDifferences: Bool {
    differences.values.contains { !$0.isEmpty } || !file.duplicates.isEmpty || !file.unreadable.isEmpty
  }

  // MARK: Scope

  /// The unit that a code begins with; `-` for a ministry's own code.
  static func unit(_ code: String) -> String { DossierCode(code)?.components?.unit ?? "-" }

  private func isInScope(_ row: SoftwareFile.Row, _ unit: String) -> Bool {
    if let office = scope.office, !Self.isWithin(unit, office) { return false }
    guard let day = row.received?.day else { return true }
    return scope.from.map { $0 <= day } ?? true && scope.through.map { day <= $0 } ?? true
  }

  /// Whether a unit is the office or stands below it.
  static func isWithin(_ unit: String, _ office: String) -> Bool {
    let (unit, office) = (Array(unit.utf8), Array(office.utf8))
    return unit == office || unit.starts(with: office + [UInt8(ascii: ".")])
  }

  // MARK: Comparing

  private mutating func compare(_ row: SoftwareFile.Row, _ custody: DossierCustody?, _ unit: String) {
    let field: Field = custody.flatMap { $0.field == 0 ? nil : .term($0.field) } ?? .text(row.field)
    func difference(_ kind: Kind) -> Difference {
      Difference(
        kind: kind, code: custody == nil ? SoftwareFile.printable(row) : row.code, line: row.line, unit: unit,
        row: row, custody: custody)
    }
    guard let custody else {
      let isByPost = row.channel == 3 || row.isReturnedByPost == true
      // A file that says neither is taken to speak of dossiers in the post: nothing is left out in silence.
      guard isByPost || row.channel == nil && row.isReturnedByPost == nil else {
        notByPost += 1
        return
      }
      differences[.onlyInSoftware, default: []].append(difference(.onlyInSoftware))
      count(unit, field, custody: Counts(), software: counts(row, nil))
      return
    }
    matched += 1
    count(unit, field, custody: counts(custody, row), software: counts(row, custody))
    let kinds = kinds(row, custody)
    if kinds.isEmpty { agreeing += 1 }
    for kind in kinds { differences[kind, default: []].append(difference(kind)) }
  }

  /// Every way in which the two differ.
  private func kinds(_ row: SoftwareFile.Row, _ custody: DossierCustody) -> [Kind] {
    var kinds: [Kind] = []
    let isDelivered = custody.result?.outcome == .delivered && custody.place == .delivered
    if isDelivered {
      if !row.isTicked && row.status?.isClosed != true && row.returned == nil {
        kinds.append(.deliveredNotTicked)
      }
    } else if row.isTicked, isInPost(custody, row) {
      kinds.append(.tickedNotDelivered)
    }
    if isDelivered, let due = due(custody, row), let ticked = row.tickedAt,
      let delivered = delivered(custody), ticked.isAfter(due: due), !delivered.isAfter(due: due)
    {
      kinds.append(.tickedLate)
    }
    guard kinds.isEmpty, let status = row.status else { return kinds }
    let place = custody.place
    if place != .unknown && !status.compatible.contains(place) { kinds.append(.statusDiffers) }
    return kinds
  }

  private func delivered(_ custody: DossierCustody) -> SoftwareTime? {
    custody.result.flatMap { $0.outcome == .delivered ? $0.endedAt : nil }.flatMap {
      SoftwareTime(milliseconds: $0)
    }
  }

  /// The term that paper and software are both held to: the file's, which may have a time of day.
  private func due(_ custody: DossierCustody?, _ row: SoftwareFile.Row?) -> SoftwareTime? {
    row?.due ?? custody?.due.map { SoftwareTime($0) }
  }

  private mutating func addCustodyOnly(
    _ tally: ReconciliationTally, _ codes: [Int64: String], _ units: Set<String>
  ) {
    for custody in tally.others.values {
      // A code that is gone since is one that was erased.
      guard let code = codes[custody.id] else { continue }
      let unit = Self.unit(code)
      guard scope.office.map({ Self.isWithin(unit, $0) }) ?? units.contains(unit) else { continue }
      differences[.onlyInCustody, default: []].append(
        Difference(kind: .onlyInCustody, code: code, line: nil, unit: unit, row: nil, custody: custody))
      let field: Field = custody.field == 0 ? .text(0) : .term(custody.field)
      count(unit, field, custody: counts(custody, nil), software: Counts())
    }
  }

  // MARK: Counting

  private mutating func count(_ unit: String, _ field: Field, custody: Counts, software: Counts) {
    let sides = Sides(custody: custody, software: software)
    byUnit[unit, default: Sides()] += sides
    byField[field, default: Sides()] += sides
    total += sides
  }

  /// Whether the result goes by post, as a manifest shows or the software says: of one that is fetched at the counter
  /// custody knows nothing.
  private func isInPost(_ custody: DossierCustody, _ row: SoftwareFile.Row?) -> Bool {
    custody.result != nil || row?.isReturnedByPost == true
  }

  /// A result in the post is returned when it is delivered, and overdue when that came after its term or has not come
  /// though the term is over.
  private func counts(_ custody: DossierCustody, _ row: SoftwareFile.Row?) -> Counts {
    var counts = Counts(received: 1)
    guard isInPost(custody, row) else { return counts }
    let delivered = delivered(custody)
    if delivered != nil { counts.returned = 1 }
    // What the software has closed otherwise is no longer awaited.
    let isAwaited = row?.status.map { !$0.isClosed || $0 == .returned } ?? true
    if let due = due(custody, row), let reached = delivered ?? (isAwaited ? now : nil),
      reached.isAfter(due: due)
    {
      counts.overdue = 1
    }
    return counts
  }

  private func counts(_ row: SoftwareFile.Row, _ custody: DossierCustody?) -> Counts {
    var counts = Counts(received: 1)
    if let custody, !isInPost(custody, row) { return counts }
    if row.isTicked { counts.returned = 1 }
    let isOpen = !(row.status?.isClosed ?? false) && !row.isTicked
    if let due = due(custody, row), let reached = row.tickedAt ?? (isOpen ? now : nil),
      reached.isAfter(due: due)
    {
      counts.overdue = 1
    }
    return counts
  }

  /// In the order of the file; what it lacks by code.
  private static func precedes(_ left: Difference, _ right: Difference) -> Bool {
    if left.line != right.line { return (left.line ?? .max) < (right.line ?? .max) }
    return ReportValue.precedes(left.code ?? "", right.code ?? "")
  }

  /// Rows of items whose numbers the report prints.
  public var items: Set<Int64> {
    Set(differences.values.joined().compactMap { $0.custody?.latest?.item })
  }
}
