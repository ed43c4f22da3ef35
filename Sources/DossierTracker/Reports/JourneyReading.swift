internal import CustodyLog
public import DossierCore
public import DossierReport
internal import DossierSQLite

/// The state of the log that a report is to speak of.
public enum AsOf: Hashable, Sendable {
  /// When it had so many events.
  case size(UInt64)
  /// What a checkpoint states: the bytes of a signed note, or of its three lines alone. A signature is neither required
  /// nor checked: that its root is the log's own at that size is all that counts for figures.
  case checkpoint([UInt8])
}

/// What a report speaks of: one state of the log, and who keeps it.
public struct ReportBasis: Hashable, Sendable {
  public let view: JourneyView
  public let heading: ReportHeading
  /// Whether that is all of the log as it stood when the basis was taken.
  public let isCurrent: Bool

  /// Size and root for a report's note.
  public var logHead: LossReport.LogHead { .init(size: view.log.size, root: view.log.root.base64) }

  /// Time of the newest event, RFC 3339 at +07:00; nil for an empty log. A report's "now".
  public var knownAt: String? { Self.time(view)?.text }

  static func time(_ view: JourneyView) -> OffsetDateTime? {
    if view.log.size == 0 { return nil }
    return OffsetDateTime(
      milliseconds: view.recordedAt, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)
  }
}

extension Tracker {
  /// The state of the log that a report speaks of: that now, or an earlier one.
  ///
  /// - Parameter asOf: nil for now. Give the basis's size to the reader of a report, who gets the same report with it
  ///   however far the log has grown.
  /// - Throws: ``TrackerRefusal``: `asOfUnknown` when the log has not so many events, or another root than the checkpoint
  ///   says; `asOfUnreadable` when there is no checkpoint in the bytes.
  public func basis(asOf: AsOf? = nil) throws -> ReportBasis {
    try explained {
      let head = try store.head()
      let wanted = try asOf.map(Self.stated)
      if let wanted, wanted.size > head.size { throw Self.unknown(wanted, head) }
      let view = try store.journeyView(at: wanted?.size ?? head.size)
      if let wanted, let root = wanted.root, root != view.log.root { throw Self.unknown(wanted, head) }
      return ReportBasis(
        view: view, heading: try heading(view), isCurrent: view.log.size == head.size)
    }
  }

  /// Folds the journeys of all items, as known on a basis, on as many threads as the environment gives.
  ///
  /// - Parameters:
  ///   - start: an empty accumulator.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read.
  public func journeys<Accumulator: JourneyAccumulator>(
    at basis: ReportBasis, withDossiers: Bool = false, withFees: Bool = false, into start: Accumulator
  ) throws -> Accumulator {
    try explained {
      let query = JourneyQuery(size: basis.view.log.size, withDossiers: withDossiers, withFees: withFees)
      return try store.journeys(query, into: start, threads: environment.threads).0
    }
  }

  /// Folds the journeys of a selection, as known on a basis. For the newest basis that takes a small part of the time of
  /// ``journeys(at:withDossiers:withFees:into:)``, which gives the same through ``SelectedJourneys``.
  ///
  /// - Throws: ``TrackerRefusal`` when the store cannot be read.
  public func journeys<Accumulator: JourneyAccumulator>(
    at basis: ReportBasis, selecting selection: JourneySelection, withDossiers: Bool = false,
    withFees: Bool = false, into start: Accumulator
  ) throws -> Accumulator {
    if basis.isCurrent {
      let found = try explained {
        try store.journeys(
          selecting: selection, withDossiers: withDossiers, withFees: withFees, into: start,
          threads: environment.threads)
      }
      // Unless the log has grown since.
      if found.1 == basis.view { return found.0 }
    }
    return try journeys(
      at: basis, withDossiers: withDossiers, withFees: withFees,
      into: SelectedJourneys(selection, into: start)
    ).inner
  }

  /// Counts the items that stand in no balance, as known on a basis: quickly for the newest, by all journeys for another.
  ///
  /// - Throws: ``TrackerRefusal`` when the store cannot be read.
  public func exclusions(at basis: ReportBasis) throws -> JourneyExclusions {
    if basis.isCurrent {
      let (found, view) = try explained { try store.exclusions(threads: environment.threads) }
      if view == basis.view { return found }
    }
    return try journeys(at: basis, into: JourneyExclusions())
  }

  /// What the dictionary numbers and rows in journeys mean. They mean the same for ever, whatever the size of the log.
  public var texts: any JourneyTexts { store }

  private struct Stated {
    var size: UInt64
    var root: Digest?
    var text: String
  }

  private static func stated(_ asOf: AsOf) throws -> Stated {
    switch asOf {
    case .size(let size): return Stated(size: size, text: "\(size)")
    case .checkpoint(let bytes):
      let text = (try? SignedNote.parse(bytes))?.text ?? String(validating: bytes, as: UTF8.self)
      guard let checkpoint = text.flatMap({ try? Checkpoint.parse($0) }) else {
        throw TrackerRefusal(Finding(.asOfUnreadable))
      }
      return Stated(
        size: checkpoint.size, root: checkpoint.root, text: "\(checkpoint.size) \(checkpoint.root.base64)")
    }
  }

  private static func unknown(_ stated: Stated, _ head: LogHead) -> TrackerRefusal {
    TrackerRefusal(Finding(.asOfUnknown, expected: "\(head.size)", found: stated.text))
  }

  /// Who hands a report in, as the master data of that time names them.
  private func heading(_ view: JourneyView) throws -> ReportHeading {
    let offices = try store.offices(atSize: view.log.size)
    func known(_ code: String) -> Office? { offices.first { $0.code.utf8.elementsEqual(code.utf8) } }
    let keeper = known(office)
    // A code of the master data is no place that a document can be signed at.
    let place = keeper?.province ?? ""
    let isPlace = place.utf8.contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return ReportHeading(
      superior: keeper.flatMap { $0.parent.isEmpty ? nil : known($0.parent)?.name },
      office: keeper?.name ?? office, place: isPlace ? place : nil, date: ReportBasis.time(view)?.localDate)
  }
}
