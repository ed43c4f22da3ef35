public import CustodyLog

/// What a verifier found out about a bundle, and what the bundle says.
public struct BundleVerdict: Hashable, Sendable {
  public var outcome: EvidenceOutcome
  /// What the bundle says. Only ``EvidenceOutcome/proven`` makes it true; nil when it could not even be read so far.
  public var summary: BundleSummary?
}

/// The contents of a verified bundle, for printing.
public struct BundleSummary: Hashable, Sendable {
  /// One item.
  public struct Item: Hashable, Sendable {
    public var number: String
    /// Number of its events; 0 when the log knows nothing of it.
    public var count: Int64
  }

  /// One event.
  public struct Event: Hashable, Sendable {
    public var index: UInt64
    public var leaf: LeafText
    /// Fields whose disclosures are in the bundle.
    public var revealed: [DisclosedField]
    /// How many fields are committed to and not shown; nil when the bundle does not list the commitments.
    public var hidden: Int?
    /// It is no older than this head, which it names; nil when it names none.
    public var notBefore: KnownHead?
    /// The smallest checkpoint of the bundle that contains it and has a time, else the smallest that contains it: it
    /// is no younger.
    public var notAfter: Moment
  }

  /// A statement; its leaf may be of a kind or version that this verifier does not understand.
  public struct Statement: Hashable, Sendable {
    public var index: UInt64
    /// The leaf as it stands in the log.
    public var text: String
    /// nil for another version of leaves, of which nothing was read.
    public var leaf: LeafText?
    public var revealed: [DisclosedField]
    public var hidden: Int?
  }

  /// A head that an event names as the newest its author knew.
  public struct KnownHead: Hashable, Sendable {
    public var head: LogHead
    /// Whether a signed checkpoint of that size and root is in the bundle.
    public var isSigned: Bool
  }

  /// A signed checkpoint, and when witnesses first saw it.
  public struct Moment: Hashable, Sendable {
    public var head: LogHead
    public var cosignatures: [TrustPolicy.VerifiedCosignature]
    /// From when on enough witnesses for the policy had seen it: seconds since 1970 UTC; nil when never.
    public var time: UInt64?
  }

  /// Name of the log.
  public var origin: String
  /// The key that signed the checkpoint; nil when no key was given.
  public var log: LogVerifierKey?
  /// The bundle's checkpoint.
  public var checkpoint: Moment
  /// Whether the reader's policy asks for witnesses. If not, all that is shown is what the log's keeper signed.
  public var asksForWitnesses: Bool
  /// The map speaks of all events below this index: later ones are not covered.
  public var mapIndex: UInt64
  /// When the log took the map: milliseconds since 1970 UTC.
  public var mapRecordedAt: Int64
  /// How many items the map has, as the log states it.
  public var mapEntries: Int64
  public var items: [Item]
  public var events: [Event]
  public var statements: [Statement]
  /// Earlier checkpoints, ascending by size.
  public var times: [Moment]
}

extension EvidenceReason {
  /// What is wrong, in a sentence.
  public func sentence(_ language: Language) -> String {
    switch (self, language) {
    case (.format, .en): "The file does not have the form of this evidence."
    case (.format, .vi): "Tệp không đúng dạng chứng cứ này."
    case (.digest, .en): "The file was changed after it was made."
    case (.digest, .vi): "Tệp đã bị thay đổi sau khi lập."
    case (.signature, .en): "A signature of a known log or witness is bad."
    case (.signature, .vi): "Chữ ký của nhật ký hoặc của bên làm chứng đã biết không đúng."
    case (.unknownLog, .en): "No log that you trust has signed the checkpoint."
    case (.unknownLog, .vi): "Điểm chốt không do nhật ký nào được tin cậy ký."
    case (.inclusion, .en): "An event is not at its place in the signed log."
    case (.inclusion, .vi): "Có sự kiện không nằm đúng chỗ trong nhật ký đã ký."
    case (.map, .en): "The logged map of items does not say what is claimed."
    case (.map, .vi): "Mục lục bưu gửi trong nhật ký không khớp với điều được nêu."
    case (.sequence, .en): "An item's events are not numbered without a gap, or come after the map."
    case (.sequence, .vi): "Các sự kiện của bưu gửi không đánh số liên tục, hoặc nằm sau mục lục."
    case (.previous, .en): "An event does not follow the one before it."
    case (.previous, .vi): "Có sự kiện không nối với sự kiện ngay trước."
    case (.count, .en): "Events are missing, or events are listed that do not belong here."
    case (.count, .vi): "Thiếu sự kiện, hoặc có sự kiện không thuộc về đây."
    case (.commitment, .en): "The commitments shown are not those of the event."
    case (.commitment, .vi): "Các cam kết được nêu không phải của sự kiện."
    case (.disclosure, .en): "A revealed field is not the one that was recorded."
    case (.disclosure, .vi): "Trường được tiết lộ không phải trường đã ghi."
    case (.consistency, .en): "Two checkpoints do not fit together."
    case (.consistency, .vi): "Hai điểm chốt không khớp nhau."
    case (.tile, .en): "A published tile is not what its entries hash to."
    case (.tile, .vi): "Có tệp băm (tile) không khớp với các sự kiện."
    case (.root, .en): "The published entries do not hash to the signed root."
    case (.root, .vi): "Các sự kiện công bố không cho ra gốc băm đã ký."
    case (.quorum, .en): "Fewer witnesses cosigned than your policy asks for."
    case (.quorum, .vi): "Số bên làm chứng cùng ký ít hơn yêu cầu của chính sách tin cậy."
    }
  }
}

extension EvidenceOutcome.Undecided {
  /// What could not be checked, in a sentence.
  public func sentence(_ language: Language) -> String {
    switch (self, language) {
    case (.noKey, .en): "No key of a log was given, so no signature could be checked."
    case (.noKey, .vi): "Chưa có khóa của nhật ký nên không kiểm tra được chữ ký."
    case (.incomplete(let place), .en): "A file that is needed is not there: \(place)."
    case (.incomplete(let place), .vi): "Thiếu tệp cần cho việc kiểm: \(place)."
    case (.leafVersion(let place, let version), .en): "\(place): leaf version \(version) is not known here."
    case (.leafVersion(let place, let version), .vi): "\(place): chưa hiểu phiên bản lá \(version)."
    case (.leafKind(let place, let kind), .en): "\(place): the kind of event \(kind) is not known here."
    case (.leafKind(let place, let kind), .vi): "\(place): chưa hiểu loại sự kiện \(kind)."
    }
  }
}
