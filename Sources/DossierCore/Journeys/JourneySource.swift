public import CustodyLog

/// Gathers a report's figures from journeys, on several threads at once.
///
/// Journeys come in no particular order and to any of several accumulators that are merged afterwards, so `add` and
/// `merge` must give the same from any order: whole numbers are summed, and lists are sorted in the end.
public protocol JourneyAccumulator: Sendable {
  mutating func add(_ journey: borrowing ItemJourney)
  mutating func merge(_ other: Self)
}

/// Which journeys a report asks for.
public struct JourneyQuery: Hashable, Sendable {
  /// As known when the log had so many events; nil for all of them.
  public var size: UInt64?
  /// Whether dossiers are wanted; without them journeys come faster.
  public var withDossiers: Bool
  /// Whether fees to collect are wanted.
  public var withFees: Bool

  public init(size: UInt64? = nil, withDossiers: Bool = false, withFees: Bool = false) {
    self.size = size
    self.withDossiers = withDossiers
    self.withFees = withFees
  }
}

/// The state of the log that figures speak of.
public struct JourneyView: Hashable, Sendable {
  public var log: LogHead
  /// The newest time of recording in it, milliseconds since 1970 UTC; 0 for an empty log. A report's "now": never the
  /// wall clock, so that the same log gives the same report.
  public var recordedAt: Int64

  public init(log: LogHead, recordedAt: Int64) {
    self.log = log
    self.recordedAt = recordedAt
  }
}

/// What dictionary numbers and rows mean.
public protocol JourneyTexts: Sendable {
  /// Codes and words of dictionary numbers; those that are 0 or unknown are left out.
  func texts(ofTerms terms: Set<Int32>) throws -> [Int32: String]
  /// Numbers of items by their rows (``ItemJourney/item``).
  func numbers(ofItems items: Set<Int64>) throws -> [Int64: String]
  /// Codes of dossiers by their rows; those that were erased are left out.
  func codes(ofDossiers dossiers: Set<Int64>) throws -> [Int64: String]
  /// Numbers of manifests as events name them (``JourneyEvent/manifest``).
  func numbers(ofManifests manifests: Set<Int64>) throws -> [Int64: String]
  /// Identifiers of events by their indices in the log.
  func identifiers(ofEvents events: Set<Int64>) throws -> [Int64: String]
}

/// A store that can go through all its items' journeys.
public protocol JourneySource: JourneyTexts {
  /// Folds every item that an event is about, each once however many numbers it bore, into one accumulator. Only what
  /// the first `size` events of the log say counts, in figures as in dossiers, fees, legs and numbers.
  ///
  /// - Parameter start: an empty accumulator; each thread begins with a copy.
  /// - Throws: when the log has fewer events than the query's size, or on an accident.
  func journeys<Accumulator: JourneyAccumulator>(
    _ query: JourneyQuery, into start: Accumulator
  ) throws -> (Accumulator, JourneyView)
}
