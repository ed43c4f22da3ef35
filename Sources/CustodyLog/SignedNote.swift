/// A text with signature lines under it, in the C2SP signed-note format (c2sp.org/signed-note).
///
/// The text ends in a newline and may contain blank lines; the last blank line of a note separates the text
/// from the signatures. A note that has been parsed is well formed, not verified: see ``verify(with:)``.
public struct SignedNote: Sendable {
  /// One signature line: `— <name> <base64(key id || signature)>`.
  public struct Signature: Sendable {
    /// Name of the signing key.
    public let name: String
    /// The first four bytes of the key's hash, as a big-endian number: a hint to find the key.
    public let keyID: UInt32
    /// The signature itself, without the key id.
    public let bytes: [UInt8]

    init(name: String, keyID: UInt32, bytes: [UInt8]) {
      self.name = name
      self.keyID = keyID
      self.bytes = bytes
    }

    /// The line with its newline.
    public var line: String {
      "— \(name) \(Base64.encode(keyID.bigEndianBytes + bytes))\n"
    }
  }

  /// Most signature lines that are read; the format asks for at least 16.
  public static let greatestSignatureCount = 64

  /// The signed text, which ends in a newline.
  public let text: String
  /// The signatures, known and unknown, in order.
  public let signatures: [Signature]

  private init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Signs a text.
  ///
  /// - Parameters:
  ///   - text: what to sign; it ends in a newline and has no other control character.
  ///   - keys: at least one key.
  /// - Throws: `malformedText`, `noSignatures`, or `signingFailed`.
  public static func sign(
    _ text: String, with keys: [LogSigningKey]
  ) throws(SignedNoteError) -> SignedNote {
    guard isText(text) else { throw .malformedText }
    guard !keys.isEmpty else { throw .noSignatures }
    var signatures: [Signature] = []
    for key in keys { signatures.append(try key.sign(text)) }
    return SignedNote(text: text, signatures: signatures)
  }

  /// The same note with more signature lines; a line that is there already is not repeated.
  ///
  /// - Parameter others: signatures of the same text, such as a witness's reply. They are not verified here.
  public func adding(_ others: [Signature]) -> SignedNote {
    var all = signatures
    var lines = Set(all.map { Array($0.line.utf8) })
    for other in others where lines.insert(Array(other.line.utf8)).inserted { all.append(other) }
    return SignedNote(text: text, signatures: all)
  }

  // MARK: - Text form

  /// Reads a note.
  ///
  /// - Throws: why the bytes are no note.
  public static func parse(_ note: [UInt8]) throws(SignedNoteError) -> SignedNote {
    guard let text = String(validating: note, as: UTF8.self) else { throw .notUTF8 }
    return try parse(text)
  }

  /// Reads a note.
  ///
  /// - Throws: why the text is no note.
  public static func parse(_ note: String) throws(SignedNoteError) -> SignedNote {
    let bytes = Array(note.utf8)
    guard !hasControlCharacter(bytes) else { throw .controlCharacter }
    guard bytes.count >= 2, let blank = (1..<bytes.count).last(where: { isNewline(bytes, $0) }) else {
      throw .noSignatures
    }
    let block = bytes[(blank + 1)...]
    guard !block.isEmpty else { throw .noSignatures }
    guard block.last == newline else { throw .malformedSignature }
    let lines = block.dropLast().split(separator: newline, omittingEmptySubsequences: false)
    guard lines.count <= greatestSignatureCount else { throw .tooManySignatures }
    var signatures: [Signature] = []
    for line in lines { signatures.append(try signature(line: line)) }
    return SignedNote(text: String(decoding: bytes[..<blank], as: UTF8.self), signatures: signatures)
  }

  /// Reads signature lines alone, each with its newline: what a witness answers.
  ///
  /// - Throws: `noSignatures`, `malformedSignature` or `tooManySignatures`.
  public static func parseSignatures(_ lines: [UInt8]) throws(SignedNoteError) -> [Signature] {
    guard String(validating: lines, as: UTF8.self) != nil else { throw .notUTF8 }
    guard !hasControlCharacter(lines) else { throw .controlCharacter }
    guard let last = lines.last else { throw .noSignatures }
    guard last == newline else { throw .malformedSignature }
    let split = lines.dropLast().split(separator: newline, omittingEmptySubsequences: false)
    guard split.count <= greatestSignatureCount else { throw .tooManySignatures }
    var signatures: [Signature] = []
    for line in split { signatures.append(try signature(line: line)) }
    return signatures
  }

  /// The whole note: text, blank line, signature lines.
  public var encoded: String {
    text + "\n" + signatures.map(\.line).joined()
  }

  /// The bytes of the whole note.
  public func encode() -> [UInt8] { Array(encoded.utf8) }

  // MARK: - Verification

  /// Checks the signatures of the keys that the reader knows.
  ///
  /// Signatures of other keys are ignored. One bad signature of a known key rejects the whole note, and at
  /// least one signature of a known key must be there.
  ///
  /// - Parameter verifiers: keys that the reader trusts.
  /// - Returns: names of the keys whose signatures are good, each once, in the order of the lines.
  /// - Throws: `invalidSignature` or `noKnownSignature`.
  public func verify(with verifiers: [any NoteVerifier]) throws(SignedNoteError) -> [String] {
    let message = Array(text.utf8)
    var names: [String] = []
    for signature in signatures {
      let candidates = verifiers.filter {
        $0.keyID == signature.keyID && $0.name.hasSameBytes(as: signature.name)
      }
      guard !candidates.isEmpty else { continue }
      guard candidates.contains(where: { $0.isValid(signature: signature.bytes, of: message) }) else {
        throw .invalidSignature(name: signature.name)
      }
      if !names.contains(where: { $0.hasSameBytes(as: signature.name) }) { names.append(signature.name) }
    }
    guard !names.isEmpty else { throw .noKnownSignature }
    return names
  }

  // MARK: - Grammar

  private static let newline = UInt8(ascii: "\n")

  private static func isNewline(_ bytes: [UInt8], _ index: Int) -> Bool {
    bytes[index] == newline && bytes[index - 1] == newline
  }

  private static func hasControlCharacter(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.contains { $0 < 0x20 && $0 != newline }
  }

  private static func isText(_ text: String) -> Bool {
    text.utf8.last == newline && !hasControlCharacter(text.utf8)
  }

  private static func signature(line: ArraySlice<UInt8>) throws(SignedNoteError) -> Signature {
    let dash = Array("— ".utf8)
    guard line.starts(with: dash) else { throw .malformedSignature }
    let parts = line.dropFirst(dash.count).split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, let body = Base64.decodeStrict(parts[1]), body.count > 4 else {
      throw .malformedSignature
    }
    let name = String(decoding: parts[0], as: UTF8.self)
    guard isKeyName(name) else { throw .malformedSignature }
    return Signature(name: name, keyID: UInt32(bigEndianBytes: body[..<4]), bytes: Array(body[4...]))
  }

  /// Key names are not empty and have no white space, plus sign or control character.
  static func isKeyName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace }
  }
}

extension SignedNote: Hashable {
  public static func == (left: SignedNote, right: SignedNote) -> Bool {
    left.encode() == right.encode()
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(encode())
  }
}

/// A key that can check note signatures.
public protocol NoteVerifier: Sendable {
  /// Name on the signature lines.
  var name: String { get }
  /// Key id on the signature lines.
  var keyID: UInt32 { get }
  /// Whether `signature`, without its key id, is this key's signature of the note's text.
  func isValid(signature: [UInt8], of text: [UInt8]) -> Bool
}

/// Why something is not a note, or not a note to trust.
public enum SignedNoteError: Error, Hashable, CustomStringConvertible {
  case notUTF8
  case controlCharacter
  case malformedText
  case noSignatures
  case malformedSignature
  case tooManySignatures
  case noKnownSignature
  case invalidSignature(name: String)
  case signingFailed

  public var description: String {
    switch self {
    case .notUTF8: "The note is not valid UTF-8."
    case .controlCharacter: "The note contains a control character other than a newline."
    case .malformedText: "The text does not end in a newline or contains another control character."
    case .noSignatures: "The note has no signatures."
    case .malformedSignature: "A signature line of the note is malformed."
    case .tooManySignatures: "The note has more than \(SignedNote.greatestSignatureCount) signatures."
    case .noKnownSignature: "No known key has signed the note."
    case .invalidSignature(let name): "The signature of the known key \(name) does not match the note."
    case .signingFailed: "The text could not be signed."
    }
  }
}

extension UInt32 {
  /// The number of at most four big-endian bytes.
  init(bigEndianBytes bytes: some Sequence<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  var bigEndianBytes: [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
  }
}
