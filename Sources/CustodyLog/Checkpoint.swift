/// The statement of a log about itself: its origin, size and root hash (c2sp.org/tlog-checkpoint).
///
/// A log must never sign two checkpoints that are not consistent; this type signs what it is given, so the
/// signer's own memory has to prevent that.
public struct Checkpoint: Sendable {
  /// Name of the log, the same for all its checkpoints.
  public let origin: String
  /// Number of leaves.
  public let size: UInt64
  /// Root hash over those leaves.
  public let root: Digest

  /// Makes a checkpoint.
  ///
  /// - Parameters:
  ///   - origin: not empty, without control characters.
  ///   - size: number of leaves.
  ///   - root: root hash; for size 0 it must be ``MerkleHash/emptyRoot``.
  /// - Throws: `malformedOrigin` or `wrongEmptyRoot`.
  public init(origin: String, size: UInt64, root: Digest) throws(CheckpointError) {
    guard !origin.isEmpty, !origin.utf8.contains(where: { $0 < 0x20 }) else { throw .malformedOrigin }
    guard size > 0 || root == MerkleHash.emptyRoot else { throw .wrongEmptyRoot }
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Makes a checkpoint of a head.
  ///
  /// - Throws: `malformedOrigin` or `wrongEmptyRoot`.
  public init(origin: String, head: LogHead) throws(CheckpointError) {
    try self.init(origin: origin, size: head.size, root: head.root)
  }

  /// Size and root, for consistency proofs.
  public var head: LogHead { LogHead(size: size, root: root) }

  /// The three lines that are signed.
  public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

  /// Reads the three lines.
  ///
  /// Extension lines are refused: witnesses do not vouch for them, so nothing may depend on them.
  ///
  /// - Throws: what is wrong with the text.
  public static func parse(_ text: String) throws(CheckpointError) -> Checkpoint {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count >= 4, lines.last?.isEmpty == true else { throw .missingLine }
    guard lines.count == 4 else { throw .extensionLine }
    let digits = lines[1]
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let size = UInt64(String(decoding: digits, as: UTF8.self))
    else { throw .malformedSize }
    guard let root = Digest(base64: String(decoding: lines[2], as: UTF8.self)) else { throw .malformedRoot }
    return try Checkpoint(origin: String(decoding: lines[0], as: UTF8.self), size: size, root: root)
  }

  /// Signs the checkpoint.
  ///
  /// - Parameter key: the log's key, whose name is the origin.
  /// - Returns: the note to publish; its ``SignedNote/encoded`` is the file's content.
  /// - Throws: `wrongOrigin`, or `note(.signingFailed)`.
  public func sign(with key: LogSigningKey) throws(CheckpointError) -> SignedNote {
    guard key.name.hasSameBytes(as: origin) else { throw .wrongOrigin }
    do {
      return try SignedNote.sign(text, with: [key])
    } catch {
      throw .note(error)
    }
  }

  /// Opens a signed checkpoint: the signature first, then the text, then the origin.
  ///
  /// - Parameters:
  ///   - note: bytes of the signed note.
  ///   - verifier: the log's key; the note must carry its good signature.
  ///   - origin: name of the log that the reader expects.
  /// - Throws: why it is not a checkpoint of that log.
  public static func open(
    _ note: [UInt8], verifier: some NoteVerifier, origin: String
  ) throws(CheckpointError) -> Checkpoint {
    let signed: SignedNote
    do {
      signed = try SignedNote.parse(note)
      _ = try signed.verify(with: [verifier])
    } catch {
      throw .note(error)
    }
    let checkpoint = try parse(signed.text)
    guard checkpoint.origin.hasSameBytes(as: origin) else { throw .wrongOrigin }
    return checkpoint
  }
}

extension Checkpoint: Hashable {
  public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.head == right.head && left.origin.hasSameBytes(as: right.origin)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(head)
  }
}

/// Why something is not a checkpoint of the expected log.
public enum CheckpointError: Error, Hashable, CustomStringConvertible {
  case note(SignedNoteError)
  case missingLine
  case extensionLine
  case malformedOrigin
  case malformedSize
  case malformedRoot
  case wrongEmptyRoot
  case wrongOrigin

  public var description: String {
    switch self {
    case .note(let error): error.description
    case .missingLine: "The checkpoint has fewer than three complete lines."
    case .extensionLine: "The checkpoint has lines after the root hash."
    case .malformedOrigin: "The origin is empty or has a control character."
    case .malformedSize: "The size is not a plain decimal number."
    case .malformedRoot: "The root hash is not 32 bytes of canonical base64."
    case .wrongEmptyRoot: "The size is 0 but the root is not that of the empty tree."
    case .wrongOrigin: "The checkpoint belongs to another log."
    }
  }
}
