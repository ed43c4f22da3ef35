/// A kind of personal data that an order may name.
public enum ErasureField: String, Hashable, Sendable, CaseIterable {
  case sender, recipient, applicant
  /// The dossier code.
  case code
  /// What was noted in free words with an event.
  case note
  /// The giver's and the receiver's person of a manifest.
  case giver, receiver
  /// The bytes of a manifest as they were given, which name everybody in it.
  case document

  /// What it is in the vault; nil for the document, which lies in rows of its own.
  public var vaultField: VaultField? {
    switch self {
    case .sender: .sender
    case .recipient: .recipient
    case .applicant: .applicant
    case .code: .dossierCode
    case .note: .note
    case .giver: .giverPerson
    case .receiver: .receiverPerson
    case .document: nil
    }
  }

  /// Whether a manifest's original states it, so that erasing it means erasing the original too.
  public var isInDocument: Bool { self != .note }
}

/// Whose personal data are to go.
public enum ErasureSubject: Hashable, Sendable {
  /// An item, under all its numbers.
  case item(String)
  /// One dossier, in every item that carried it.
  case dossier(String)
  /// A manifest with all that it entrusts.
  case manifest(String)
  /// One event by its identifier.
  case event(String)
}

/// One event or manifest of which fields are to go, or are gone: what one pair of events in the log states.
public struct ErasureRecord: Hashable, Sendable {
  /// What was done.
  public struct Deed: Hashable, Sendable {
    /// Log index of the `erasureCarriedOut` event.
    public var index: Int64
    /// Milliseconds since 1970 UTC.
    public var at: Int64
    public var by: String
    /// Names of the fields that were there and were destroyed.
    public var fields: [String]

    public init(index: Int64, at: Int64, by: String, fields: [String]) {
      self.index = index
      self.at = at
      self.by = by
      self.fields = fields
    }
  }

  /// The order's name: several records may be of one order.
  public var order: String
  /// Log index of its `erasureOrdered` event.
  public var index: Int64
  public var at: Int64
  public var by: String
  /// The raw value of ``LegalBasis``, or the word of another version.
  public var basis: String
  /// Identifier of the event whose fields go, or number of the manifest whose original goes.
  public var erases: String
  /// Names of the fields: `sender`, `dossier.1.applicant`, `document`.
  public var fields: [String]
  /// Nil while the order is open.
  public var carriedOut: Deed?

  /// The one field of a manifest's original.
  public static let document = "document"

  public var concernsDocument: Bool { fields == [Self.document] }

  public init(
    order: String, index: Int64, at: Int64, by: String, basis: String, erases: String, fields: [String],
    carriedOut: Deed?
  ) {
    self.order = order
    self.index = index
    self.at = at
    self.by = by
    self.basis = basis
    self.erases = erases
    self.fields = fields
    self.carriedOut = carriedOut
  }
}

/// What became of an order or of carrying one out. Refusals are values, with what to do about them.
public enum ErasureOutcome: Hashable, Sendable {
  case done([ErasureRecord])
  case refused(Finding)
}
