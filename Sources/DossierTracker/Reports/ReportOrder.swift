public import DossierCore
public import DossierReport

/// A report as somebody asks for it in words, read by the same rules as the options of the command.
public struct ReportOrder: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case losses, delays, custody, settlement, fees

    /// The words that it takes, by the names of the command's options.
    public var words: [String] {
      let common = ["from", "to", "period", "as-of"]
      return switch self {
      case .losses: common + ["by", "unit", "sort"]
      case .delays: common + ["by", "limit"]
      case .custody: ["as-of", "overdue", "stuck", "working-days", "limit"]
      case .settlement: common + ["layout", "current"]
      case .fees: common + ["by", "limit"]
      }
    }
  }

  public var kind: Kind
  /// First and last day, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  /// Size of the log that it speaks of; nil for all that there is.
  public var asOf: UInt64?
  public var by: [LossQuery.Grouping] = []
  public var unit = LossQuery.Unit.dossier
  public var officeOrder = LossReport.OfficeOrder.code
  public var feesBy = FeeGrouping.office
  public var layout: FormLayout.Edition?
  /// A published period as known now.
  public var current = false
  public var rules = CustodyRules(handOverDays: 3, stuckDays: 7)
  /// Whether the days of ``rules`` after which an item is stuck are working days.
  public var workingDays = false
  /// Lines of each list in tables for people.
  public var limit: Int

  /// - Parameter words: by the names of the command's options; empty ones count as not given, names that the report does
  ///   not take are left alone.
  /// - Throws: ``TrackerRefusal`` with `reportWordWrong`, which names the word and what it may be.
  public init(_ kind: Kind, words: [String: String]) throws {
    self.kind = kind
    limit = kind == .delays ? 100 : 20
    let reader = WordReader(words: words.filter { kind.words.contains($0.key) && !$0.value.isEmpty })
    try readPeriod(reader)
    asOf = try reader.read("as-of", expecting: "0…") { UInt64($0) }
    if kind == .fees {
      feesBy = try reader.choice("by", FeeGrouping.self) ?? .office
    } else {
      let most = kind == .losses ? LossQuery.Grouping.allCases.count : 1
      by =
        try reader.read("by", expecting: WordReader.list(LossQuery.Grouping.self)) { text in
          let words = text.split(separator: ",", omittingEmptySubsequences: false)
          let columns = words.compactMap { LossQuery.Grouping(rawValue: String($0)) }
          return columns.count == words.count && Set(columns).count == columns.count && columns.count <= most
            ? columns : nil
        } ?? []
    }
    unit =
      try reader.read("unit", expecting: "dossier item") { text in
        LossQuery.Unit.allCases.first { $0.word == text }
      } ?? .dossier
    officeOrder = try reader.choice("sort", LossReport.OfficeOrder.self) ?? .code
    layout = try reader.choice("layout", FormLayout.Edition.self)
    current = try reader.flag("current")
    workingDays = try reader.flag("working-days")
    rules.handOverDays = try reader.number("overdue", 0...36_500) ?? rules.handOverDays
    rules.stuckDays = try reader.number("stuck", 1...36_500) ?? rules.stuckDays
    limit = try reader.number("limit", 0...1_000_000) ?? limit
  }

  private mutating func readPeriod(_ reader: WordReader) throws {
    let named = try reader.read("period", expecting: "2026 2026-Q1 2026-01") { NamedPeriod($0) }
    from = try reader.read("from", expecting: "yyyy-mm-dd") { try? CalendarDate.parse($0).get() }
    through = try reader.read("to", expecting: "yyyy-mm-dd") { try? CalendarDate.parse($0).get() }
    if let named {
      guard from == nil, through == nil else {
        throw WordReader.refusal("period", "from, to", named.last.text)
      }
      (from, through) = (named.first, named.last)
    }
    if let from, let through, through < from {
      throw WordReader.refusal("to", "≥ \(from.text)", through.text)
    }
    guard kind != .settlement || from != nil && through != nil else {
      throw WordReader.refusal("period", "2026 2026-Q1 2026-01", "")
    }
  }
}

/// Reads words, and says of a wrong one what it may be.
private struct WordReader {
  var words: [String: String]

  func read<Value>(_ name: String, expecting: String, _ value: (String) -> Value?) throws -> Value? {
    guard let text = words[name] else { return nil }
    guard let value = value(text) else { throw Self.refusal(name, expecting, text) }
    return value
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws -> Choice? {
    try read(name, expecting: Self.list(type)) { Choice(rawValue: $0) }
  }

  func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
    try read(name, expecting: "\(range.lowerBound)…\(range.upperBound)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func flag(_ name: String) throws -> Bool {
    try read(name, expecting: "1") { ["1", "on", "true"].contains($0) ? true : nil } ?? false
  }

  static func list<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
    type.allCases.map(\.rawValue).joined(separator: " ")
  }

  static func refusal(_ name: String, _ expected: String, _ found: String) -> TrackerRefusal {
    TrackerRefusal(
      Finding(.reportWordWrong, path: name, expected: expected, found: String(found.prefix(40))))
  }
}

extension Tracker {
  /// The report that was asked for, as known on a basis.
  ///
  /// - Parameters:
  ///   - language: for the few texts that a document holds in one language.
  ///   - wholeLists: for a workbook, whose lists are not cut.
  /// - Throws: ``TrackerRefusal`` as the functions of the single reports.
  public func report(
    _ order: ReportOrder, at basis: ReportBasis, language: OutputLanguage, wholeLists: Bool = false
  ) throws -> ReportDocument {
    let limit = wholeLists ? nil : order.limit
    let period =
      (order.from.map { " --from \($0.text)" } ?? "") + (order.through.map { " --to \($0.text)" } ?? "")
    func note(_ words: String) -> ReportNote {
      ReportNote(
        log: basis.logHead, knownAt: basis.knownAt,
        command: "dossier report \(words) --limit \(order.limit) --as-of \(basis.view.log.size)")
    }
    switch order.kind {
    case .losses:
      var request = LossRequest(
        from: order.from, through: order.through, unit: order.unit, by: order.by,
        officeOrder: order.officeOrder)
      if order.officeOrder != .code { request.commandWords = ["--sort", order.officeOrder.rawValue] }
      return try losses(request, at: basis).document
    case .delays:
      let query = DelayQuery(
        from: order.from, through: order.through, by: order.by.first, limit: order.limit)
      let grouping = order.by.first.map { " --by \($0.rawValue)" } ?? ""
      return try delays(at: basis, query).document(
        language: language, heading: basis.heading, note: note("delays" + period + grouping))
    case .custody:
      let days = order.workingDays ? " --working-days" : ""
      let words = "custody --overdue \(order.rules.handOverDays) --stuck \(order.rules.stuckDays)" + days
      let calendar = order.workingDays ? WorkingCalendars.standard.administrative : nil
      return try custody(at: basis, rules: order.rules, calendar: calendar).document(
        language: language, limit: limit, heading: basis.heading, note: note(words))
    case .settlement: return try settlement(order, at: basis, language: language)
    case .fees:
      return try fees(at: basis, by: order.feesBy, from: order.from, through: order.through).document(
        language: language, limit: limit, heading: basis.heading,
        note: note("fees --by \(order.feesBy.rawValue)" + period))
    }
  }

  private func settlement(
    _ order: ReportOrder, at basis: ReportBasis, language: OutputLanguage
  ) throws -> ReportDocument {
    guard let from = order.from, let through = order.through else {
      throw WordReader.refusal("period", "2026 2026-Q1 2026-01", "")
    }
    guard let published = try publishedSettlement(from: from, through: through) else {
      let made = try settlement(at: basis, from: from, through: through, edition: order.layout)
      return made.document(language: language, heading: basis.heading, note: made.note(at: basis))
    }
    let edition = order.layout ?? published.edition
    if order.current {
      let then = try self.basis(asOf: .size(published.seen.size))
      let before = try settlement(at: then, from: from, through: through, edition: edition)
      let made = try settlement(at: basis, from: from, through: through, edition: edition)
      var note = made.note(at: basis)
      note.command += " --current"
      return made.document(language: language, heading: basis.heading, note: note, published: before)
    }
    // A published period keeps speaking of the state of the log that it was published from, unless another is named.
    let kept = order.asOf == nil ? try self.basis(asOf: .size(published.seen.size)) : basis
    let made = try settlement(
      at: kept, from: from, through: through, edition: order.asOf == nil ? edition : order.layout)
    return made.document(language: language, heading: kept.heading, note: made.note(at: kept))
  }
}
