/// What happened to an item. The raw value is stored; it never changes and is never reused.
///
/// Custody moves only when the receiver accepts; until then the giver answers (``CustodyState``).
public enum EventKind: UInt8, Hashable, Sendable, CaseIterable {
  case accepted = 1
  case dispatched = 2
  case received = 3
  case outForDelivery = 4
  case attemptFailed = 5
  case held = 6
  case delivered = 7
  case returned = 8
  case missing = 9
  case surplus = 10
  case damaged = 11
  case lost = 12
  case found = 13
  case destroyed = 14
  case relabelled = 15
  case corrected = 16
  /// The fee that goes with an item was taken in: `amount` says how much. No effect on custody.
  case feeCollected = 17
  /// What was taken in was handed on to the authority that owns it. No effect on custody.
  case feeRemitted = 18
  case manifestRecorded = 32
  case manifestClosed = 33
  /// Master data of offices was recorded: the SHA-256 of its canonical rows.
  case officesRecorded = 34
  /// The root of the map of all items was recorded: which events each item has, up to this one.
  case mapRecorded = 35
  /// Erasing personal data was ordered: what is to go, and on what basis.
  case erasureOrdered = 36
  /// Personal data was erased: their salts and values are gone, the commitments stay.
  case erasureCarriedOut = 37
  /// First event of a log that continues another one: the other's name and last checkpoint.
  case logSucceeded = 38
  /// The log's signing key was replaced.
  case keyRotated = 39
  /// A period's report was published: the SHA-256 of its figures and the head of the log that they were computed from.
  case reportPublished = 40
  /// Somebody used the station in a way that an auditor may ask about: signed in, opened a shift, took an export along.
  case accessRecorded = 41

  /// The word of the schema, the log, the CLI and the JSON contract.
  public var word: String {
    switch self {
    case .accepted: "accepted"
    case .dispatched: "dispatched"
    case .received: "received"
    case .outForDelivery: "outForDelivery"
    case .attemptFailed: "attemptFailed"
    case .held: "held"
    case .delivered: "delivered"
    case .returned: "returned"
    case .missing: "missing"
    case .surplus: "surplus"
    case .damaged: "damaged"
    case .lost: "lost"
    case .found: "found"
    case .destroyed: "destroyed"
    case .relabelled: "relabelled"
    case .corrected: "corrected"
    case .feeCollected: "feeCollected"
    case .feeRemitted: "feeRemitted"
    case .manifestRecorded: "manifestRecorded"
    case .manifestClosed: "manifestClosed"
    case .officesRecorded: "officesRecorded"
    case .mapRecorded: "mapRecorded"
    case .erasureOrdered: "erasureOrdered"
    case .erasureCarriedOut: "erasureCarriedOut"
    case .logSucceeded: "logSucceeded"
    case .keyRotated: "keyRotated"
    case .reportPublished: "reportPublished"
    case .accessRecorded: "accessRecorded"
    }
  }

  public init?(word: some StringProtocol) {
    guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = kind
  }

  /// Whether the event is about one item (otherwise about a manifest, master data or the log itself).
  public var concernsItem: Bool { rawValue < 32 }

  /// Whether the event is about money that goes with an item: it then states an amount.
  public var isAboutFee: Bool { self == .feeCollected || self == .feeRemitted }

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (_, .en): word
    case (.accepted, .vi): "chấp nhận"
    case (.dispatched, .vi): "giao chuyến"
    case (.received, .vi): "nhận"
    case (.outForDelivery, .vi): "giao bưu tá đi phát"
    case (.attemptFailed, .vi): "phát không thành công"
    case (.held, .vi): "lưu giữ"
    case (.delivered, .vi): "phát thành công"
    case (.returned, .vi): "phát hoàn"
    case (.missing, .vi): "thiếu"
    case (.surplus, .vi): "thừa"
    case (.damaged, .vi): "hư hỏng"
    case (.lost, .vi): "thất lạc"
    case (.found, .vi): "tìm thấy"
    case (.destroyed, .vi): "tiêu hủy"
    case (.relabelled, .vi): "đổi mã"
    case (.corrected, .vi): "đính chính"
    case (.feeCollected, .vi): "thu phí"
    case (.feeRemitted, .vi): "nộp phí"
    case (.manifestRecorded, .vi): "lập bảng kê"
    case (.manifestClosed, .vi): "chốt bảng kê"
    case (.officesRecorded, .vi): "ghi danh mục đơn vị"
    case (.mapRecorded, .vi): "ghi mục lục bưu gửi"
    case (.erasureOrdered, .vi): "lệnh xóa dữ liệu cá nhân"
    case (.erasureCarriedOut, .vi): "đã xóa dữ liệu cá nhân"
    case (.logSucceeded, .vi): "nối tiếp nhật ký"
    case (.keyRotated, .vi): "thay khóa"
    case (.reportPublished, .vi): "công bố báo cáo"
    case (.accessRecorded, .vi): "ghi việc sử dụng trạm"
    }
  }
}

/// How an event is known.
public enum EventGrade: UInt8, Hashable, Sendable, CaseIterable {
  /// Scanned.
  case observed = 1
  /// Typed by a person.
  case keyed = 2
  /// Imported from a manifest or a feed.
  case declared = 3
  /// Derived from its container.
  case assumed = 4

  public var word: String {
    switch self {
    case .observed: "observed"
    case .keyed: "keyed"
    case .declared: "declared"
    case .assumed: "assumed"
    }
  }

  public init?(word: some StringProtocol) {
    guard let grade = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = grade
  }

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (_, .en): word
    case (.observed, .vi): "quét"
    case (.keyed, .vi): "gõ tay"
    case (.declared, .vi): "khai báo"
    case (.assumed, .vi): "suy ra"
    }
  }
}

/// How badly an item is damaged.
public enum DamageGrade: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  /// The wrapper only.
  case wrapper = 1
  /// Documents damaged, all readable.
  case readable = 2
  /// Documents partly unreadable.
  case partlyReadable = 3
  /// Documents unreadable.
  case unreadable = 4

  public var word: String {
    switch self {
    case .wrapper: "wrapper"
    case .readable: "readable"
    case .partlyReadable: "partlyReadable"
    case .unreadable: "unreadable"
    }
  }

  public init?(word: some StringProtocol) {
    guard let grade = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = grade
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
