import DossierCore
import Testing

@testable import DossierReport

/// Offices of the tests, by their numbers in the dictionary.
enum Place {
  static let post: Int32 = 1
  static let transport: Int32 = 2
  static let center: Int32 = 3
  static let agency: Int32 = 4
  static let farPost: Int32 = 5
  /// Not in the master data.
  static let stranger: Int32 = 6

  static let kinds: [Int32: Office.Kind] = [
    post: .post, transport: .transport, center: .center, agency: .agency, farPost: .post,
  ]
}

func instant(_ text: String) throws -> Int64 {
  try #require(OffsetDateTime(text + ":00+07:00")).milliseconds
}

func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

/// A journey of events that happened and were recorded one after the other.
func journey(
  _ item: Int64, _ leg: Leg?, _ dossiers: [JourneyDossier] = [],
  _ steps: [(kind: EventKind, at: Int64, office: Int32, to: Int32)]
) -> ItemJourney {
  let events = steps.enumerated().map { position, step in
    JourneyEvent(
      index: item * 1_000 + Int64(position), kind: step.kind, grade: .observed, at: step.at,
      recordedAt: step.at, office: step.office, to: step.to, hasReference: true)
  }
  return ItemJourney(folding: events, item: item, leg: leg, dossiers: dossiers)
}

func figures(
  _ journeys: [ItemJourney], _ query: DelayQuery = DelayQuery(), now: Int64,
  calendars: WorkingCalendars = .standard, keepsDeliveries: Bool = false
) -> DelayFigures {
  var gathered = DelayAccumulator()
  for journey in journeys { gathered.add(journey) }
  return DelayFigures(
    gathered, query: query, now: now, calendars: calendars, kinds: Place.kinds,
    keepsDeliveries: keepsDeliveries)
}

/// Names every number after itself.
struct PlainTexts: JourneyTexts {
  func texts(ofTerms terms: Set<Int32>) -> [Int32: String] { name(terms) { "T\($0)" } }
  func numbers(ofItems items: Set<Int64>) -> [Int64: String] { name(items) { "I\($0)" } }
  func codes(ofDossiers dossiers: Set<Int64>) -> [Int64: String] {
    name(dossiers) { "H48.25-260301-" + String(10_000 + $0).dropFirst() }
  }
  func numbers(ofManifests manifests: Set<Int64>) -> [Int64: String] { name(manifests) { "M\($0)" } }
  func identifiers(ofEvents events: Set<Int64>) -> [Int64: String] { name(events) { "E\($0)" } }

  private func name<Key: Hashable>(_ keys: Set<Key>, _ name: (Key) -> String) -> [Key: String] {
    Dictionary(uniqueKeysWithValues: keys.map { ($0, name($0)) })
  }
}

let hour: Int64 = 3_600_000
