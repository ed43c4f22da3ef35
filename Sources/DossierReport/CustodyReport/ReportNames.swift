public import DossierCore

/// What the dictionary numbers and rows of a report mean, asked for once, when the counting is done.
public struct ReportNames: Sendable {
  private let terms: [Int32: String]
  private let items: [Int64: String]
  private let manifests: [Int64: String]

  /// - Throws: on an accident of the store.
  public init(
    _ texts: some JourneyTexts, terms: Set<Int32> = [], items: Set<Int64> = [], manifests: Set<Int64> = []
  ) throws {
    self.terms = terms.isEmpty ? [:] : try texts.texts(ofTerms: terms.filter { $0 != 0 })
    self.items = items.isEmpty ? [:] : try texts.numbers(ofItems: items)
    self.manifests = manifests.isEmpty ? [:] : try texts.numbers(ofManifests: manifests.filter { $0 != 0 })
  }

  /// The code of an office; `-` for none.
  func office(_ term: Int32) -> String { terms[term] ?? "-" }
  func item(_ row: Int64) -> String { items[row] ?? "-" }
  func manifest(_ row: Int64) -> String? { manifests[row] }
}
