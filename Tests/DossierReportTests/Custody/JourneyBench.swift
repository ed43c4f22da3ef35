import DossierCore

/// Hand-made journeys. Offices are numbers, days count from 5 January 2026 at 00:00 in Viet Nam.
enum Bench {
  static let start: Int64 = 1_767_546_000_000
  static let post: Int32 = 1
  static let center: Int32 = 2
  static let agency: Int32 = 3

  /// The instant `days` days after the start.
  static func day(_ days: Double) -> Int64 { start + Int64(days * 86_400_000) }

  static func event(
    _ index: Int64, _ kind: EventKind, _ days: Double, _ office: Int32, to: Int32 = 0,
    grade: EventGrade = .observed, amount: Int64? = nil, reason: Int32 = 0, manifest: Int64 = 0,
    corrects: Int64 = -1
  ) -> JourneyEvent {
    JourneyEvent(
      index: index, kind: kind, grade: grade, at: day(days), recordedAt: day(days), office: office, to: to,
      manifest: manifest, reason: reason, hasReference: true, amount: amount, corrects: corrects)
  }

  /// Random but possible: any events of any kind in any order, some taken back.
  static func journey(_ item: Int64, _ generator: inout some RandomNumberGenerator) -> ItemJourney {
    let kinds: [EventKind] = [
      .accepted, .dispatched, .received, .outForDelivery, .attemptFailed, .held, .delivered, .returned,
      .missing, .surplus, .damaged, .lost, .found, .destroyed, .corrected, .feeCollected, .feeRemitted,
    ]
    let count = Int.random(in: 1...12, using: &generator)
    let events = (0..<count).map { position in
      let kind = kinds[Int.random(in: 0..<(position < 2 ? 3 : kinds.count), using: &generator)]
      return event(
        item * 100 + Int64(position), kind, Double.random(in: 0...30, using: &generator),
        Int32.random(in: 1...4, using: &generator),
        to: kind == .dispatched ? Int32.random(in: 1...4, using: &generator) : 0,
        grade: EventGrade.allCases[Int.random(in: 0..<4, using: &generator)],
        amount: kind == .feeCollected || kind == .feeRemitted
          ? Int64.random(in: 0...5, using: &generator) * 10_000 : nil,
        manifest: Int64.random(in: 0...3, using: &generator),
        corrects: kind == .corrected ? item * 100 + Int64.random(in: 0..<12, using: &generator) : -1)
    }
    return ItemJourney(
      folding: events, item: item, leg: Leg(rawValue: UInt8.random(in: 1...5, using: &generator)),
      fee: Bool.random(using: &generator) ? Int64.random(in: 0...5, using: &generator) * 10_000 : nil)
  }

  static func names() throws -> any JourneyTexts { Texts() }

  /// Numbers are their own names.
  private struct Texts: JourneyTexts {
    func texts(ofTerms terms: Set<Int32>) -> [Int32: String] {
      Dictionary(uniqueKeysWithValues: terms.map { ($0, "O\($0)") })
    }
    func numbers(ofItems items: Set<Int64>) -> [Int64: String] {
      Dictionary(uniqueKeysWithValues: items.map { ($0, "I\($0)") })
    }
    func codes(ofDossiers dossiers: Set<Int64>) -> [Int64: String] {
      Dictionary(uniqueKeysWithValues: dossiers.map { ($0, "H48.24-260105-\(1000 + $0)") })
    }
    func numbers(ofManifests manifests: Set<Int64>) -> [Int64: String] {
      Dictionary(uniqueKeysWithValues: manifests.map { ($0, "BK-\($0)") })
    }
    func identifiers(ofEvents events: Set<Int64>) -> [Int64: String] { [:] }
  }

  /// Adds the journeys in the order given, in so many heaps that are merged in the end.
  static func fold<Accumulator: JourneyAccumulator>(
    _ journeys: [ItemJourney], into start: Accumulator, heaps: Int = 1
  ) -> Accumulator {
    var all = (0..<heaps).map { _ in start }
    for (position, journey) in journeys.enumerated() { all[position % heaps].add(journey) }
    return all.dropFirst().reduce(into: all[0]) { $0.merge($1) }
  }
}
