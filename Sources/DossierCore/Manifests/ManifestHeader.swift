/// The direction in which a manifest's items travel.
public enum Leg: UInt8, Hashable, Sendable, CaseIterable {
  case intake = 1
  case result, supplement, circulation, `return`

  /// The word of the schema, of the log and of the JSON contract.
  public var word: String {
    switch self {
    case .intake: "intake"
    case .result: "result"
    case .supplement: "supplement"
    case .circulation: "circulation"
    case .return: "return"
    }
  }

  public init?(word: some StringProtocol) {
    guard let leg = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = leg
  }
}

/// A giver or receiver as a manifest states it.
public struct ManifestParty: Hashable, Sendable {
  /// Canonical office code.
  public var office: String
  /// Operator code of the person who signs; never a name.
  public var operatorCode: String?
  /// The person's name: personal data, kept in the vault only.
  public var personName: String?

  public init(office: String, operatorCode: String? = nil, personName: String? = nil) {
    self.office = office
    self.operatorCode = operatorCode
    self.personName = personName
  }
}

/// A bag and the number on its seal.
public struct Container: Hashable, Sendable {
  public var number: String
  public var seal: String?
  public var line: Int

  public init(number: String, seal: String?, line: Int = 0) {
    self.number = number
    self.seal = seal
    self.line = line
  }
}

/// All that a manifest says before its first item.
public struct ManifestHeader: Hashable, Sendable {
  public var number: String
  public var leg: Leg
  public var giver: ManifestParty
  public var receiver: ManifestParty
  /// When the giver hands over: milliseconds since 1970 UTC.
  public var dispatchedAt: Int64
  /// Offset of `dispatchedAt` from UTC in minutes.
  public var dispatchedZone: Int16
  public var containers: [Container]
  public var declaredItems: Int?
  public var declaredDossiers: Int?
  /// Grams.
  public var declaredWeight: Int?

  public init(
    number: String, leg: Leg, giver: ManifestParty, receiver: ManifestParty, dispatchedAt: Int64,
    dispatchedZone: Int16, containers: [Container] = [], declaredItems: Int? = nil,
    declaredDossiers: Int? = nil, declaredWeight: Int? = nil
  ) {
    self.number = number
    self.leg = leg
    self.giver = giver
    self.receiver = receiver
    self.dispatchedAt = dispatchedAt
    self.dispatchedZone = dispatchedZone
    self.containers = containers
    self.declaredItems = declaredItems
    self.declaredDossiers = declaredDossiers
    self.declaredWeight = declaredWeight
  }
}
