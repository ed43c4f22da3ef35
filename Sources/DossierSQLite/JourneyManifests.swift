internal import DossierCore

/// What journeys need of manifests, as known at one size of the log.
struct JourneyManifests: Sendable {
  private var legs: [Int64: UInt8] = [:]
  /// Manifests by the terms of their numbers, for events that named one before it was recorded.
  private var named: [Int64: Int64] = [:]

  init(_ connection: Connection, before size: Int64) throws {
    let select = try connection.prepared(
      """
      SELECT m.id, m.leg, t.id FROM manifest m LEFT JOIN term t ON t.text = m.number
      WHERE m.recorded_event < ?1
      """)
    select.bind(1, size)
    while try select.step() {
      legs[select.int(0)] = UInt8(exactly: select.int(1)) ?? 0
      if let term = select.optionalInt(2) { named[0 &- term] = select.int(0) }
    }
  }

  /// The row of the manifest that an event names, also when it was recorded after the event.
  func resolved(_ manifest: Int64) -> Int64 { manifest < 0 ? named[manifest] ?? manifest : manifest }

  func leg(_ manifest: Int64) -> Leg? { legs[manifest].flatMap(Leg.init(rawValue:)) }
}
