/// What a log asks of a witness: cosign this checkpoint, which extends the one of that size
/// (c2sp.org/tlog-witness, `add-checkpoint`).
///
/// The same bytes travel over HTTP, on a USB stick or as a QR code.
public struct WitnessRequest: Sendable {
  /// Most lines of a consistency proof.
  public static let greatestProofCount = 63

  /// Size of the checkpoint that the witness cosigned last, as the log believes; 0 for none.
  public let oldSize: UInt64
  /// Consistency proof from that size to the checkpoint.
  public let proof: [Digest]
  /// The signed checkpoint.
  public let note: SignedNote

  public init(oldSize: UInt64, proof: [Digest], note: SignedNote) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }

  /// The bytes of the request.
  public func encode() -> [UInt8] {
    Array("old \(oldSize)\n\(proof.map { $0.base64 + "\n" }.joined())\n\(note.encoded)".utf8)
  }

  /// Reads a request.
  ///
  /// - Throws: `malformed` or `note`; a witness answers either with 400.
  public static func parse(_ bytes: [UInt8]) throws(WitnessRequestError) -> WitnessRequest {
    let newline = UInt8(ascii: "\n")
    guard
      let blank = bytes.indices.dropFirst().first(where: { bytes[$0] == newline && bytes[$0 - 1] == newline })
    else { throw .malformed }
    let lines = bytes[..<(blank - 1)].split(separator: newline, omittingEmptySubsequences: false)
    guard let first = lines.first, first.starts(with: "old ".utf8), lines.count <= greatestProofCount + 1,
      let oldSize = UInt64(plainDecimal: first.dropFirst(4))
    else { throw .malformed }
    var proof: [Digest] = []
    for line in lines.dropFirst() {
      guard let hash = Base64.decodeStrict(line).flatMap({ Digest($0) }) else { throw .malformed }
      proof.append(hash)
    }
    do {
      let note = try SignedNote.parse(Array(bytes[(blank + 1)...]))
      return WitnessRequest(oldSize: oldSize, proof: proof, note: note)
    } catch { throw .note(error) }
  }

  /// What a witness must do.
  public enum Decision: Sendable {
    /// Answer this, and change nothing.
    case refuse(WitnessReply)
    /// Replace the stored head by the checkpoint's, if it is still the one that this decision was made with, and
    /// keep the note; only then cosign and answer. If it is not, answer `conflict` with the size stored now:
    /// otherwise an older request could roll back a newer one.
    case cosign(Checkpoint)
  }

  /// Decides on the request. The rules are those of the protocol, checked in its order; equal sizes with different
  /// roots are answered with 422, since asking again would not help: two such notes are ``ForkEvidence``.
  ///
  /// - Parameters:
  ///   - logs: keys of the logs that this witness serves; a key's name is its log's origin.
  ///   - stored: head that it cosigned last for the checkpoint's origin; nil for none.
  public func decide(logs: [LogVerifierKey], stored: LogHead?) -> Decision {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint.parse(note.text) } catch { return .refuse(.malformed) }
    let keys = logs.filter { $0.name.hasSameBytes(as: checkpoint.origin) }
    guard !keys.isEmpty else { return .refuse(.unknownLog) }
    guard (try? note.verify(with: keys)) != nil else { return .refuse(.invalidSignature) }
    guard oldSize <= checkpoint.size else { return .refuse(.malformed) }
    let known = stored ?? LogHead(size: 0, root: MerkleHash.emptyRoot)
    guard oldSize == known.size else { return .refuse(.conflict(size: known.size)) }
    let isConsistent =
      known.size == 0
      ? proof.isEmpty : MerkleProof.verifyConsistency(from: known, to: checkpoint.head, proof: proof)
    return isConsistent ? .cosign(checkpoint) : .refuse(.inconsistent)
  }
}

/// Why bytes are no request.
public enum WitnessRequestError: Error, Hashable, CustomStringConvertible {
  case malformed
  case note(SignedNoteError)

  public var description: String {
    switch self {
    case .malformed:
      "The request is not a line with the old size, proof lines, an empty line and a checkpoint."
    case .note(let error): error.description
    }
  }
}

/// What a witness answers.
public enum WitnessReply: Sendable {
  /// 200: its cosignatures.
  case cosigned([SignedNote.Signature])
  /// 400: not a request, or the old size is larger than the checkpoint's.
  case malformed
  /// 403: no good signature of the log.
  case invalidSignature
  /// 404: not a log that it serves.
  case unknownLog
  /// 409: the old size is not that of the head it cosigned last, which is this.
  case conflict(size: UInt64)
  /// 422: the proof does not show that the log has only grown.
  case inconsistent

  /// HTTP status code.
  public var status: Int {
    switch self {
    case .cosigned: 200
    case .malformed: 400
    case .invalidSignature: 403
    case .unknownLog: 404
    case .conflict: 409
    case .inconsistent: 422
    }
  }

  /// Body of the answer: signature lines, a size, or a sentence.
  public var body: [UInt8] {
    switch self {
    case .cosigned(let signatures): Array(signatures.map(\.line).joined().utf8)
    case .malformed: Array("bad request\n".utf8)
    case .invalidSignature: Array("invalid signature\n".utf8)
    case .unknownLog: Array("unknown log\n".utf8)
    case .conflict(let size): Array("\(size)\n".utf8)
    case .inconsistent: Array("invalid consistency proof\n".utf8)
    }
  }

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - status: HTTP status code; nil when the answer came as a file, which then holds cosignatures or a size.
  ///   - body: the answer's bytes.
  /// - Returns: nil for an answer that the protocol does not have.
  public static func parse(status: Int?, body: [UInt8]) -> WitnessReply? {
    switch status {
    case 400: return .malformed
    case 403: return .invalidSignature
    case 404: return .unknownLog
    case 422: return .inconsistent
    case 200, 409, nil: break
    default: return nil
    }
    if status != 409, let signatures = try? SignedNote.parseSignatures(body) { return .cosigned(signatures) }
    guard status != 200, body.last == UInt8(ascii: "\n"), let size = UInt64(plainDecimal: body.dropLast())
    else {
      return nil
    }
    return .conflict(size: size)
  }
}

extension SignedNote {
  /// The note with those lines of a witness's answer that are good cosignatures of known witnesses; others are
  /// left out.
  ///
  /// - Parameters:
  ///   - lines: signatures of a ``WitnessReply/cosigned(_:)``.
  ///   - witnesses: keys that the log's keeper knows.
  public func adding(_ lines: [Signature], of witnesses: [WitnessVerifierKey]) -> SignedNote {
    let message = Array(text.utf8)
    return adding(
      lines.filter { line in
        witnesses.contains { $0.isNamed(in: line) && $0.isValid(signature: line.bytes, of: message) }
      })
  }
}

extension UInt64 {
  /// Reads a decimal number without sign and leading zeros.
  init?(plainDecimal digits: some Collection<UInt8>) {
    guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0"),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.init(String(decoding: digits, as: UTF8.self))
  }
}
