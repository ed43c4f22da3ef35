public import DossierCore

/// Keeps journeys as they come.
public struct JourneyList: JourneyAccumulator {
  public private(set) var journeys: [ItemJourney] = []

  public init() {}

  public mutating func add(_ journey: borrowing ItemJourney) { journeys.append(copy journey) }
  public mutating func merge(_ other: JourneyList) { journeys += other.journeys }
}

/// Journeys in words instead of a store's numbers, so that those of two stores can be compared.
public enum SpelledJourneys {
  /// All journeys, in order of their text.
  public static func all(_ source: any JourneySource, size: UInt64? = nil) throws -> [String] {
    let query = JourneyQuery(size: size, withDossiers: true, withFees: true)
    return try spell(try source.journeys(query, into: JourneyList()).0.journeys, source)
  }

  /// The same without what depends on the order in which events arrived: places in the log and times of recording.
  public static func arrivalFree(_ source: any JourneySource) throws -> [String] {
    let query = JourneyQuery(withDossiers: true, withFees: true)
    return try spell(try source.journeys(query, into: JourneyList()).0.journeys, source, withPlaces: false)
  }

  public static func spell(
    _ journeys: [ItemJourney], _ source: any JourneySource, withPlaces: Bool = true
  ) throws -> [String] {
    let words = try Words(journeys, source)
    return journeys.map { words.text($0, withPlaces) }.sorted { $0.precedes($1) }
  }

  private struct Words {
    private let terms: [Int32: String]
    private let items: [Int64: String]
    private let dossiers: [Int64: String]
    private let manifests: [Int64: String]
    private let identifiers: [Int64: String]

    init(_ journeys: [ItemJourney], _ source: any JourneySource) throws {
      var terms: Set<Int32> = []
      var manifests: Set<Int64> = []
      var events: Set<Int64> = []
      for journey in journeys {
        for event in journey.events {
          terms.formUnion([event.office, event.operatorCode, event.to, event.reason])
          manifests.insert(event.manifest)
          events.formUnion([event.index, event.corrects])
        }
        for dossier in journey.dossiers {
          terms.formUnion([dossier.procedure, dossier.field, dossier.agency])
        }
      }
      self.terms = try source.texts(ofTerms: terms)
      self.manifests = try source.numbers(ofManifests: manifests)
      identifiers = try source.identifiers(ofEvents: events)
      items = try source.numbers(ofItems: Set(journeys.map(\.item)))
      dossiers = try source.codes(ofDossiers: Set(journeys.flatMap { $0.dossiers.map(\.id) }))
    }

    private func term(_ number: Int32) -> String { number == 0 ? "-" : terms[number] ?? "?" }
    private func manifest(_ number: Int64) -> String { number == 0 ? "-" : manifests[number] ?? "?" }
    private func event(_ index: Int64) -> String { index < 0 ? "-" : identifiers[index] ?? "?" }

    func text(_ journey: ItemJourney, _ withPlaces: Bool) -> String {
      var lines = [
        "\(items[journey.item] ?? "?") \(journey.leg?.word ?? "-") fee \(journey.fee.map(String.init) ?? "-")",
        text(journey.custody),
      ]
      lines += journey.events.map { text($0, withPlaces) }
      lines += journey.dossiers.map { dossier in
        let days = [dossier.received, dossier.due, dossier.result].map { $0?.text ?? "-" }
        let words = [dossier.procedure, dossier.field, dossier.agency].map(term)
        return (["  dossier", dossiers[dossier.id] ?? "?"] + words + days).joined(separator: " ")
      }
      return lines.joined(separator: "\n")
    }

    private func text(_ custody: CustodyState) -> String {
      let flags = [
        ("missing", custody.missing), ("surplus", custody.surplus), ("disputed", custody.disputed),
        ("misrouted", custody.misrouted), ("found", custody.found),
      ].filter(\.1).map(\.0)
      let offices = [custody.custodian, custody.offeredTo, custody.entrustedBy, custody.firstReceiver]
        .map(term)
      return
        (["  \(custody.word.word) \(custody.outcome)"] + offices + flags + [
          custody.damage?.word ?? "-", "\(custody.attempts)", "\(custody.entrustedAt)",
          "\(custody.entrustedZone)", manifest(custody.firstManifest), "\(custody.lastAt)",
          "\(custody.findings)", event(custody.offerIndex),
        ]).joined(separator: " ")
    }

    private func text(_ event: JourneyEvent, _ withPlaces: Bool) -> String {
      let words = [event.office, event.operatorCode, event.to, event.reason].map(term)
      let places = withPlaces ? ["\(event.index)", "\(event.recordedAt)"] : []
      return
        (["  \(event.kind.word) \(event.grade.word) \(event.at) \(event.zone)", self.event(event.index)]
        + places + words + [
          manifest(event.manifest), event.damage?.word ?? "-", event.hasReference ? "reference" : "-",
          event.amount.map(String.init) ?? "-", self.event(event.corrects), event.isVoid ? "void" : "-",
        ]).joined(separator: " ")
    }
  }
}
