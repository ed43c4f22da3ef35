public import DossierCore

/// Who holds a dossier, by what the master data say the office is.
public enum Holder: Int, Hashable, Sendable, CaseIterable {
  case post, transport, center, agency
  /// An office that the master data do not name.
  case unknown
  /// No office: the papers are with the applicant between two items, or nobody's acceptance is recorded.
  case nobody

  /// How many there are; asking `allCases` makes an array.
  static let count = 6

  public init(_ kind: Office.Kind) {
    switch kind {
    case .post: self = .post
    case .transport: self = .transport
    case .center: self = .center
    case .agency: self = .agency
    }
  }

  /// Centers and agencies: where the dossier is worked on and not carried.
  var isDesk: Bool { self == .center || self == .agency }

  /// Whether its working time is counted by the postal calendar; otherwise by the administrative one.
  var isPostal: Bool { self == .post || self == .transport }

  /// Stable English word of JSON keys.
  public var word: String {
    switch self {
    case .post: "post"
    case .transport: "transport"
    case .center: "center"
    case .agency: "agency"
    case .unknown: "unknown"
    case .nobody: "nobody"
    }
  }

  public var name: BilingualText {
    switch self {
    case .post: BilingualText(vi: "Bưu cục", en: "Post office")
    case .transport: BilingualText(vi: "Vận chuyển", en: "Transport")
    case .center: BilingualText(vi: "Trung tâm", en: "Center")
    case .agency: BilingualText(vi: "Cơ quan", en: "Agency")
    case .unknown: BilingualText(vi: "Không rõ", en: "Unknown")
    case .nobody: BilingualText(vi: "Không ai giữ", en: "Nobody")
    }
  }
}
