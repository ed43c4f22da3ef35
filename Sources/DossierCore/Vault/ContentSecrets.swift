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
  /// JSON value. Numbers are LEB128.
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
    append(#"",""#)
    switch field {
    case .contents: append("contents")
    case .sender: append("sender")
    case .recipient: append("recipient")
    case .note: append("note")
    case .giverPerson: append("giver.person")
    case .receiverPerson: append("receiver.person")
    case .dossierCode, .applicant:
      append("dossier.")
      CanonicalJSON.appendInteger(Int64(ordinal), to: &bytes)
      append(field == .applicant ? ".applicant" : ".code")
    }
    append(#"","#)
  }
}

/// One field of an event's content as the vault keeps it.
public struct VaultEntry: Sendable {
  public var field: VaultField
  public var ordinal: Int
  public var salt: [UInt8]
  /// Canonical JSON; nil for a derived field, whose value stands in columns.
  public var json: [UInt8]?

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

  public func commitment(json: [UInt8]) -> Digest { MerkleHash.sha256(disclosure(json: json)) }

  /// The same with the caller's buffers, for an audit of millions.
  public func commitment(json: [UInt8], inner: inout [UInt8], disclosure: inout [UInt8]) -> Digest {
    salt.withUnsafeBytes { bytes in
      ContentBuilder.commitment(
        salt: bytes, field: field, ordinal: ordinal, json: json, inner: &inner, disclosure: &disclosure)
    }
  }
}

/// Reads what ``ContentBuilder`` laid out.
public enum VaultSecrets {
  /// - Returns: nil when the bytes are not such a layout, which an audit reports.
  public static func entries(_ bytes: [UInt8]) -> [VaultEntry]? {
    var entries: [VaultEntry] = []
    var position = 0
    func length() -> Int? {
      var value = 0
      var shift = 0
      while position < bytes.count, shift < 35 {
        let byte = bytes[position]
        position += 1
        value |= Int(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return nil
    }
    while position < bytes.count {
      guard let field = VaultField(rawValue: bytes[position]) else { return nil }
      position += 1
      guard let ordinal = length(), position + 32 <= bytes.count else { return nil }
      let salt = Array(bytes[position..<(position + 32)])
      position += 32
      var json: [UInt8]?
      if !field.isDerived {
        guard let count = length(), position + count <= bytes.count else { return nil }
        json = Array(bytes[position..<(position + count)])
        position += count
      }
      entries.append(VaultEntry(field: field, ordinal: ordinal, salt: salt, json: json))
    }
    return entries
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
    if block.count - position < 32 {
      block = try draw(16_384)
      position = 0
    }
    bytes.append(contentsOf: block[position..<(position + 32)])
    position += 32
  }
}

func appendLength(_ value: Int, to bytes: inout [UInt8]) {
  var rest = UInt64(value)
  while rest >= 0x80 {
    bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
    rest >>= 7
  }
  bytes.append(UInt8(rest))
}
