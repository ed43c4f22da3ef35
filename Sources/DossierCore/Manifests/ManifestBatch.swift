/// Where a text stands in its batch's arena of UTF-8 bytes. A length of zero means "not given".
public struct TextRange: Hashable, Sendable {
  public var offset: UInt32
  public var length: UInt32

  public static let none = TextRange(offset: 0, length: 0)

  public init(offset: UInt32, length: UInt32) {
    self.offset = offset
    self.length = length
  }

  public var isEmpty: Bool { length == 0 }
}

/// The condition of an item as the giver states it.
public enum ItemCondition: UInt8, Hashable, Sendable, CaseIterable {
  case notStated = 0
  case good, damaged, open

  /// The word of the schema and of the log.
  public var word: String {
    switch self {
    case .notStated: ""
    case .good: "good"
    case .damaged: "damaged"
    case .open: "open"
    }
  }
}

/// A person to write to: personal data, kept in the vault only.
public struct ContactRecord: Hashable, Sendable {
  public var name = TextRange.none
  public var phone = TextRange.none
  public var address = TextRange.none

  public init() {}

  public var isEmpty: Bool { name.isEmpty && phone.isEmpty && address.isEmpty }
}

/// One document of a dossier; originals, certified copies and photocopies are counted apart
/// (Thông tư 17/2017/TT-BTTTT art. 5).
public struct DocumentRecord: Hashable, Sendable {
  public var name = TextRange.none
  public var originals: Int32 = 0
  public var certifiedCopies: Int32 = 0
  public var photocopies: Int32 = 0

  public init() {}
}

/// One dossier of an item. Texts are ranges of the batch's arena, already NFC and trimmed.
public struct DossierRecord: Hashable, Sendable {
  /// No date given.
  public static let noDay = Int32.min

  public var line: UInt32 = 0
  /// Canonical dossier code.
  public var code = TextRange.none
  public var procedure = TextRange.none
  /// Field (lĩnh vực).
  public var field = TextRange.none
  /// Resolving agency.
  public var agency = TextRange.none
  public var applicant = TextRange.none
  /// Days since 1970-01-01, or ``noDay``.
  public var received = Self.noDay
  public var due = Self.noDay
  public var result = Self.noDay
  /// Indices of its documents in the batch.
  public var documents: Range<Int32> = 0..<0

  public init() {}
}

/// One postal item of a manifest.
public struct ItemRecord: Hashable, Sendable {
  /// No time given.
  public static let noTime = Int64.min

  public var line: UInt32 = 0
  /// Canonical item number.
  public var number = TextRange.none
  /// Index into the header's containers, or -1.
  public var container: Int32 = -1
  /// Milliseconds since 1970 UTC, or ``noTime``.
  public var acceptedAt = Self.noTime
  /// Offset of `acceptedAt` from UTC in minutes.
  public var acceptedZone: Int16 = 0
  /// Grams, or -1.
  public var weight: Int32 = -1
  public var condition = ItemCondition.notStated
  /// Fee to collect in dong, or -1.
  public var fee: Int64 = -1
  public var sender = ContactRecord()
  public var recipient = ContactRecord()
  /// Indices of its dossiers in the batch.
  public var dossiers: Range<Int32> = 0..<0

  public init() {}
}

/// The texts of a batch as plain memory, lent by ``ManifestBatch/withBytes(_:)``.
public struct BatchTexts {
  let all: UnsafeRawBufferPointer

  /// - Parameter range: one of the same batch.
  @inline(__always)
  public subscript(range: TextRange) -> UnsafeRawBufferPointer {
    let (start, count) = (Int(range.offset), Int(range.length))
    precondition(start + count <= all.count)
    return UnsafeRawBufferPointer(start: all.baseAddress.map { $0 + start }, count: count)
  }
}

/// A run of consecutive items of one manifest with their texts in one arena: the unit that travels from the
/// reader to the store. A manifest of any size passes through as a few of these, so memory stays bounded.
public struct ManifestBatch: Sendable {
  /// UTF-8 texts, each named by a ``TextRange``.
  public var text: [UInt8] = []
  public var items: [ItemRecord] = []
  public var dossiers: [DossierRecord] = []
  public var documents: [DocumentRecord] = []
  /// One commitment an item once ``ContentPreparation`` has worked on the batch; empty before.
  public var contents: [PreparedContent] = []
  /// The vault's bytes of all items, each named by its ``PreparedContent``.
  public var secrets: [UInt8] = []

  public init() {}

  public func bytes(_ range: TextRange) -> ArraySlice<UInt8> {
    let start = Int(range.offset)
    return text[start..<(start + Int(range.length))]
  }

  /// The texts without copying or counting references; they are valid during the call.
  public func withBytes<Result>(_ body: (BatchTexts) throws -> Result) rethrows -> Result {
    try text.withUnsafeBytes { try body(BatchTexts(all: $0)) }
  }

  public func string(_ range: TextRange) -> String { String(decoding: bytes(range), as: UTF8.self) }

  /// Forgets the content and keeps the memory for the next run.
  public mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    dossiers.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
    contents.removeAll(keepingCapacity: true)
    secrets.removeAll(keepingCapacity: true)
  }
}
