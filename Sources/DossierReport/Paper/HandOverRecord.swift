public import CustodyLog
public import DossierCore

/// What a *biên bản giao nhận* says: one manifest, what was found of it, and who signed for both sides. It names people
/// by their codes only.
public struct HandOverRecord: Hashable, Sendable {
  public struct Party: Hashable, Sendable {
    /// Office code.
    public var office: String
    /// Name in the master data; nil when the office is not in it.
    public var name: String?
    /// Code of the person who signed; nil before.
    public var signer: String?

    public init(office: String, name: String?, signer: String? = nil) {
      self.office = office
      self.name = name
      self.signer = signer
    }
  }

  public enum Outcome: String, Hashable, Sendable, CaseIterable { case received, short, surplus, misrouted }

  /// One item.
  public struct Line: Hashable, Sendable {
    public var item: String
    public var dossiers: [String]
    public var outcome: Outcome
    public var damage: DamageGrade?
    /// Closed word of the damage's cause.
    public var cause: String?
    /// When and by whom it was scanned; RFC 3339.
    public var at: String?
    public var by: String?
    /// The office, and the person there, that last had it for certain.
    public var custodian: String?
    public var custodianBy: String?
    /// For a stray: the manifest and the office that it belongs to.
    public var belongsTo: String?
    public var belongsToOffice: String?

    public init(
      item: String, dossiers: [String] = [], outcome: Outcome, damage: DamageGrade? = nil,
      cause: String? = nil, at: String? = nil, by: String? = nil, custodian: String? = nil,
      custodianBy: String? = nil, belongsTo: String? = nil, belongsToOffice: String? = nil
    ) {
      self.item = item
      self.dossiers = dossiers
      self.outcome = outcome
      self.damage = damage
      self.cause = cause
      self.at = at
      self.by = by
      self.custodian = custodian
      self.custodianBy = custodianBy
      self.belongsTo = belongsTo
      self.belongsToOffice = belongsToOffice
    }
  }

  /// How both signed.
  public struct Signing: Hashable, Sendable {
    /// When it was closed; RFC 3339.
    public var at: String
    /// Whether scans were still waiting somewhere when it was signed.
    public var isOffline: Bool
    /// Position of the closing in the log.
    public var index: Int64
    /// SHA-256 of the list that was signed, as the log states it; nil for a closing that states none.
    public var list: Digest?

    public init(at: String, isOffline: Bool, index: Int64, list: Digest?) {
      self.at = at
      self.isOffline = isOffline
      self.index = index
      self.list = list
    }
  }

  /// Which print of the record a sheet is.
  public enum Copy: Hashable, Sendable {
    case original
    /// The first one printed again is 1.
    case reprint(Int)
    /// To be looked at; it is not counted as a print.
    case preview
  }

  public var manifest: String
  public var leg: Leg
  /// RFC 3339.
  public var dispatchedAt: String
  /// SHA-256 of the manifest's bytes.
  public var document: Digest
  public var giver: Party
  public var receiver: Party
  public var heading: ReportHeading
  /// The manifest's items in its order, then strays.
  public var lines: [Line]
  /// SHA-256 of the list of ``lines``.
  public var list: Digest
  /// nil while it is a draft.
  public var signing: Signing?
  /// The newest signed checkpoint of the log, as a signed note; nil when there is none that covers the closing.
  public var checkpoint: String?

  public init(
    manifest: String, leg: Leg, dispatchedAt: String, document: Digest, giver: Party, receiver: Party,
    heading: ReportHeading, lines: [Line], list: Digest, signing: Signing?, checkpoint: String?
  ) {
    self.manifest = manifest
    self.leg = leg
    self.dispatchedAt = dispatchedAt
    self.document = document
    self.giver = giver
    self.receiver = receiver
    self.heading = heading
    self.lines = lines
    self.list = list
    self.signing = signing
    self.checkpoint = checkpoint
  }

  func count(_ outcome: Outcome) -> Int { lines.count { $0.outcome == outcome } }
  var expected: Int { count(.received) + count(.short) }
  var damaged: Int { lines.count { $0.damage != nil } }
}

extension Digest {
  /// The first sixteen hexadecimal digits in groups of four: what two people compare by eye.
  var short: String {
    let text = Array(hex.prefix(16))
    return stride(from: 0, to: text.count, by: 4).map { String(text[$0..<$0 + 4]) }.joined(separator: " ")
  }
}

extension HandOverRecord {
  /// The station's address of a manifest's record.
  public static func address(of manifest: String, at address: String) -> String {
    let path = manifest.utf8.map { byte in
      // The rest of what a manifest's number may hold means nothing to an address.
      byte == UInt8(ascii: "/") ? "%2F" : String(UnicodeScalar(byte))
    }
    return PublicAddress.join(address, "manifests/\(path.joined())/record")
  }
}
