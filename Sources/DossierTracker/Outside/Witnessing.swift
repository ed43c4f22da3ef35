public import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// A cosignature that came for a kept checkpoint.
public struct AddedCosignature: Hashable, Sendable {
  public var size: UInt64
  /// Name of the witness's key.
  public var witness: String
  /// Seconds since 1970 UTC.
  public var time: UInt64
}

extension Tracker {
  /// What to send to a witness: the newest published checkpoint and the proof that it extends the one that the witness
  /// cosigned last.
  ///
  /// - Parameters:
  ///   - witness: whose last cosignature counts; nil for the newest of any witness.
  ///   - oldSize: size that the witness is at, where it is known better; nil to take it from the kept checkpoints.
  /// - Returns: the bytes of a ``WitnessRequest``.
  public func witnessRequest(
    for witness: WitnessVerifierKey? = nil, oldSize: UInt64? = nil
  ) throws -> (bytes: [UInt8], oldSize: UInt64, head: LogHead) {
    try explained {
      let newest = try published()
      let head = newest.checkpoint.head
      let old = try oldSize ?? lastCosigned(by: witness)
      guard old <= head.size else {
        throw TrackerRefusal(
          Finding(.rolledBack, path: "witness", expected: "\(old)", found: "\(head.size)"))
      }
      let proof = try store.consistencyProof(from: old, to: head.size)
      let request = WitnessRequest(oldSize: old, proof: proof, note: newest.note)
      return (request.encode(), old, head)
    }
  }

  /// Size of the newest kept checkpoint that a witness cosigned; 0 for none.
  private func lastCosigned(by witness: WitnessVerifierKey?) throws -> UInt64 {
    let newest = try kept.newest { kept in
      guard let witness else { return kept.isCosigned }
      return kept.note.hasSignature(of: witness)
    }
    return newest?.checkpoint.size ?? 0
  }

  /// Takes a witness's answer: its good cosignatures are added to the kept checkpoint that they belong to.
  ///
  /// - Parameters:
  ///   - reply: the answer's bytes, signature lines; or the size that the witness is at.
  ///   - witnesses: keys of the witnesses that the log's keeper knows.
  ///   - name: where the answer came from, for findings.
  /// - Throws: ``TrackerRefusal``: the witness is elsewhere, or no line is a good cosignature of a kept checkpoint.
  public func addCosignatures(
    _ reply: [UInt8], of witnesses: [WitnessVerifierKey], name: String
  ) throws -> [AddedCosignature] {
    try explained {
      let lines: [SignedNote.Signature]
      switch WitnessReply.parse(status: nil, body: reply) {
      case .cosigned(let signatures): lines = signatures
      case .conflict(let size): throw TrackerRefusal(Finding(.witnessElsewhere, file: name, found: "\(size)"))
      default:
        let text = String(decoding: reply.prefix(80), as: UTF8.self)
        throw TrackerRefusal(
          Finding(.witnessRefused, file: name, detail: String(text.prefix { $0 != "\n" })))
      }
      // The answer does not say for which checkpoint it is: the newest for which a line is good.
      for size in kept.sizes().reversed() {
        guard let known = try kept.checkpoint(size) else { continue }
        let better = known.note.adding(lines, of: witnesses)
        let good = witnesses.filter { witness in
          lines.contains { better.signatures.map(\.line).contains($0.line) && witness.isKey(of: $0) }
        }
        if good.isEmpty { continue }
        _ = try kept.keep(better, size: size)
        return good.flatMap { witness in
          lines.filter(witness.isKey).compactMap { line in
            Cosignature.time(of: line.bytes).map {
              AddedCosignature(size: size, witness: witness.name, time: $0)
            }
          }
        }
      }
      throw TrackerRefusal(Finding(.cosignatureUnknown, file: name))
    }
  }
}

extension WitnessVerifierKey {
  /// Whether a signature line bears this key's name and id.
  fileprivate func isKey(of line: SignedNote.Signature) -> Bool {
    line.keyID == keyID && line.name.utf8.elementsEqual(name.utf8)
  }
}

extension SignedNote {
  fileprivate func hasSignature(of witness: WitnessVerifierKey) -> Bool {
    signatures.contains(where: witness.isKey)
  }
}
