internal import DossierCore
internal import DossierSQLite

/// Why something could not be done: a finding with its code, place and hint.
public struct TrackerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  public var finding: Finding

  public init(_ finding: Finding) { self.finding = finding }

  public var description: String { "\(finding.code.rawValue): \(finding.message(.en))" }

  /// Turns an accident of the store or the file system into what a person can act on; a refusal stays itself.
  static func explaining(_ error: any Error, path: String) -> any Error {
    if error is TrackerRefusal { return error }
    guard let (accident, text) = StoreAccident.classify(error) else { return error }
    let code: FindingCode =
      switch accident {
      case .unwritable, .other: .storeUnwritable
      case .busy: .storeBusy
      case .damaged: .databaseDamaged
      }
    return TrackerRefusal(Finding(code, path: path, detail: text))
  }
}
