public import CustodyLog

/// What a salted commitment is about. The raw value is stored; it never changes and is never reused.
public enum VaultField: UInt8, Hashable, Sendable, CaseIterable {
  /// The non-personal facts of an item and its dossiers, or a manifest's containers.
  case contents = 1
  case sender = 2
  case recipient = 3
  case dossierCode = 4
  case applicant = 5
  case note = 6
  case giverPerson = 7
  case receiverPerson = 8

  /// The field's name in a disclosure; `ordinal` counts the dossiers of an item from 1.
  public func name(ordinal: Int) -> String {
    switch self {
    case .contents: "contents"
    case .sender: "sender"
    case .recipient: "recipient"
    case .dossierCode: "dossier.\(ordinal).code"
    case .applicant: "dossier.\(ordinal).applicant"
    case .note: "note"
    case .giverPerson: "giver.person"
    case .receiverPerson: "receiver.person"
    }
  }

  /// What stands between salt and value of a disclosure; nothing after the ordinal means that there is none.
  var fragment: (beforeOrdinal: StaticString, afterOrdinal: StaticString?) {
    switch self {
    case .contents: (#"","contents","#, nil)
    case .sender: (#"","sender","#, nil)
    case .recipient: (#"","recipient","#, nil)
    case .dossierCode: (#"","dossier."#, #".code","#)
    case .applicant: (#"","dossier."#, #".applicant","#)
    case .note: (#"","note","#, nil)
    case .giverPerson: (#"","giver.person","#, nil)
    case .receiverPerson: (#"","receiver.person","#, nil)
    }
  }

  /// Reads what ``name(ordinal:)`` wrote.
  ///
  /// - Returns: nil for any other text.
  public static func named(_ name: String) -> (field: VaultField, ordinal: Int)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let ordinal = parts.count == 3 ? Int(parts[1]) ?? 0 : 0
    guard let field = allCases.first(where: { $0.name(ordinal: ordinal) == name }) else { return nil }
    return (field, ordinal)
  }

  /// Whether the value stands in columns of its own and only the salt in the vault's bytes.
  public var isDerived: Bool { self == .contents || self == .dossierCode }
}

/// Builds the commitment of one event to its personal fields and facts, and the bytes that the vault keeps.
///
/// Each field has its own 32-byte random salt: `disclosure = base64url(JSON [salt, field, value])`,
/// `commitment = SHA-256(disclosure)` as in SD-JWT (RFC 9901). The leaf holds one digest over the commitments
/// in order, so that a leaf stays small however many dossiers an item holds; a field is revealed by its
/// disclosure together with the list of commitments, which tell nothing about the others.
public struct ContentBuilder: Sendable {
  /// Layout: for each field its code, ordinal, salt (32 bytes), and unless derived the length and bytes of its
  /// JSON value. Numbers are LEB128. Of an erased field: its code with the highest bit set, its ordinal, and the
  /// commitment (32 bytes).
  public private(set) var secrets: [UInt8] = []
  public private(set) var commitments: [Digest] = []
  private var inner: [UInt8] = []
  private var disclosure: [UInt8] = []
  private var salts: SaltSource

  public init(salts: SaltSource) {
    self.salts = salts
    inner.reserveCapacity(2048)
    disclosure.reserveCapacity(4096)
  }

  public mutating func reset() {
    secrets.removeAll(keepingCapacity: true)
    commitments.removeAll(keepingCapacity: true)
  }

  /// Adds a field.
  ///
  /// - Parameter json: the value as canonical JSON.
  /// - Throws: what the source of salts throws.
  public mutating func add(_ field: VaultField, ordinal: Int = 0, json: [UInt8]) throws {
    secrets.append(field.rawValue)
    appendLength(ordinal, to: &secrets)
    let saltStart = secrets.count
    try salts.append32(to: &secrets)
    if !field.isDerived {
      appendLength(json.count, to: &secrets)
      secrets.append(contentsOf: json)
    }
    let commitment = secrets.withUnsafeBytes { bytes in
      Self.commitment(
        salt: UnsafeRawBufferPointer(rebasing: bytes[saltStart..<(saltStart + 32)]), field: field,
        ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
    }
    commitments.append(commitment)
  }

  /// The digest for the leaf; nil when there is nothing to commit to.
  public var root: Digest? { ContentRoot.combine(commitments) }

  static func commitment(
    salt: UnsafeRawBufferPointer, field: VaultField, ordinal: Int, json: [UInt8], inner: inout [UInt8],
    disclosure: inout [UInt8]
  ) -> Digest {
    encodeDisclosure(
      salt: salt, field: field, ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
    return MerkleHash.sha256(disclosure)
  }

  /// Leaves `base64url(["salt","field",value])` in `disclosure`.
  static func encodeDisclosure(
    salt: UnsafeRawBufferPointer, field: VaultField, ordinal: Int, json: [UInt8], inner: inout [UInt8],
    disclosure: inout [UInt8]
  ) {
    inner.removeAll(keepingCapacity: true)
    disclosure.removeAll(keepingCapacity: true)
    inner.append(UInt8(ascii: "["))
    inner.append(UInt8(ascii: "\""))
    Base64.appendURL(salt, to: &inner)
    appendName(field, ordinal, to: &inner)
    inner.append(contentsOf: json)
    inner.append(UInt8(ascii: "]"))
    inner.withUnsafeBytes { Base64.appendURL($0, to: &disclosure) }
  }

  private static func appendName(_ field: VaultField, _ ordinal: Int, to bytes: inout [UInt8]) {
    func append(_ literal: StaticString) {
      bytes.append(
        contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
    let name = field.fragment
    append(name.beforeOrdinal)
    guard let rest = name.afterOrdinal else { return }
    CanonicalJSON.appendInteger(Int64(ordinal), to: &bytes)
    append(rest)
  }
}

/// One field of an event's content as the vault keeps it.
public struct VaultEntry: Sendable {
  public var field: VaultField
  public var ordinal: Int
  /// Empty once erased.
  public var salt: [UInt8]
  /// Canonical JSON; nil for a derived field, whose value stands in columns, and for an erased one.
  public var json: [UInt8]?
  /// The commitment that is left of an erased field; nil while it is there.
  public var erased: Digest?

  public var name: String { field.name(ordinal: ordinal) }

  /// The disclosure a holder shows (SD-JWT): base64url text.
  public func disclosure(json: [UInt8]) -> [UInt8] {
    var inner: [UInt8] = []
    var disclosure: [UInt8] = []
    salt.withUnsafeBytes { bytes in
      ContentBuilder.encodeDisclosure(
        salt: bytes, field: field, ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
    }
    return disclosure
  }

  public func commitment(json: [UInt8]) -> Digest { erased ?? MerkleHash.sha256(disclosure(json: json)) }

  /// The same with the caller's buffers, for an audit of millions.
  public func commitment(json: [UInt8], inner: inout [UInt8], disclosure: inout [UInt8]) -> Digest {
    if let erased { return erased }
    return salt.withUnsafeBytes { bytes in
      ContentBuilder.commitment(
        salt: bytes, field: field, ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
    }
  }
}

/// Reads what ``ContentBuilder`` laid out, and erases in it.
public enum VaultSecrets {
  /// Set in a field's code once it is erased.
  static let erasedMark: UInt8 = 0x80

  /// Replaces fields by their commitments: salt and value are not in the result.
  ///
  /// - Parameters:
  ///   - bytes: the vault's bytes of one event.
  ///   - commitments: of all its fields, in order, worked out from vault and rows by the caller.
  ///   - isErased: which fields go.
  /// - Returns: the new bytes and the names of the fields that were still there; nil when the bytes are no such layout
  ///   or the commitments are not those of its fields.
  public static func erasing(
    _ bytes: [UInt8], commitments: [Digest], where isErased: (VaultEntry) -> Bool
  ) -> (bytes: [UInt8], names: [String])? {
    guard let entries = entries(bytes), entries.count == commitments.count else { return nil }
    var result: [UInt8] = []
    var names: [String] = []
    for (entry, commitment) in zip(entries, commitments) {
      let goes = entry.erased == nil && isErased(entry)
      if goes { names.append(entry.name) }
      let isGone = goes || entry.erased != nil
      result.append(entry.field.rawValue | (isGone ? erasedMark : 0))
      appendLength(entry.ordinal, to: &result)
      if isGone {
        commitment.append(to: &result)
        continue
      }
      result += entry.salt
      if let json = entry.json {
        appendLength(json.count, to: &result)
        result += json
      }
    }
    return (result, names)
  }

  /// - Returns: nil when the bytes are not such a layout, which an audit reports.
  public static func entries(_ bytes: [UInt8]) -> [VaultEntry]? {
    bytes.withUnsafeBufferPointer { bytes in
      var entries: [VaultEntry] = []
      var cursor = VaultCursor(bytes)
      while !cursor.isAtEnd {
        guard cursor.next() else { return nil }
        entries.append(cursor.entry)
      }
      return entries
    }
  }
}

/// Random salts, drawn in blocks from an injected source.
public struct SaltSource: Sendable {
  private let draw: @Sendable (Int) throws -> [UInt8]
  private var block: [UInt8] = []
  private var position = 0

  /// - Parameter draw: returns that many unpredictable bytes.
  public init(_ draw: @escaping @Sendable (Int) throws -> [UInt8]) { self.draw = draw }

  mutating func append32(to bytes: inout [UInt8]) throws {
    let salt = try next32()
    bytes.append(contentsOf: block[salt])
  }

  mutating func append32(to bytes: inout OutputBuffer) throws {
    let salt = try next32()
    block.withUnsafeBytes { bytes.append(UnsafeRawBufferPointer(rebasing: $0[salt])) }
  }

  /// Where in the block the next salt stands.
  private mutating func next32() throws -> Range<Int> {
    if block.count - position < 32 {
      block = try draw(Self.blockByteCount)
      position = 0
    }
    position += 32
    precondition(position <= block.count)
    return (position - 32)..<position
  }

  /// So many that asking the system is rare.
  private static let blockByteCount = 32 << 10
}

func appendLength(_ value: Int, to bytes: inout [UInt8]) {
  var rest = UInt64(value)
  while rest >= 0x80 {
    bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
    rest >>= 7
  }
  bytes.append(UInt8(rest))
}
