internal import CustodyLog
internal import DossierCore

/// The public keys of one log: the one that signs, the one that will, and those that did.
struct KeyRing: Sendable {
  /// A key that signs no more. What it signed up to a size stays good.
  struct Former: Sendable {
    var verifier: LogVerifierKey
    var size: UInt64

    var line: String { "\(verifier.encoded) \(size)\n" }
  }

  var current: LogVerifierKey
  /// While the key is being replaced.
  var next: LogVerifierKey?
  var former: [Former] = []

  /// - Throws: a refusal when the public key is not there or is none.
  static func read(_ folder: StoreFolder) throws -> KeyRing {
    guard let current = try verifier(folder.verifierKey) else {
      throw TrackerRefusal(Finding(.keyAbsent, path: folder.verifierKey))
    }
    var ring = KeyRing(current: current)
    ring.next = try verifier(folder.nextVerifierKey)
    let lines = String(decoding: try StoreFolder.read(folder.formerKeys) ?? [], as: UTF8.self)
    for line in lines.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let size = UInt64(parts[1]),
        let verifier = try? LogVerifierKey(encoded: String(parts[0]))
      else { throw TrackerRefusal(Finding(.keyAbsent, path: folder.formerKeys, detail: "malformed line")) }
      ring.former.append(Former(verifier: verifier, size: size))
    }
    return ring
  }

  private static func verifier(_ path: String) throws -> LogVerifierKey? {
    guard let text = try StoreFolder.line(path) else { return nil }
    do { return try LogVerifierKey(encoded: text) } catch {
      throw TrackerRefusal(Finding(.keyAbsent, path: path, detail: "\(error)"))
    }
  }

  /// Notes that keys sign no more.
  func retire(_ keys: [LogVerifierKey], at size: UInt64, in folder: StoreFolder) throws {
    let added = keys.filter { key in !former.contains { $0.verifier == key } }
      .map { Former(verifier: $0, size: size) }
    if added.isEmpty { return }
    let lines = (former + added).map(\.line).joined()
    try StoreFolder.write(Array(lines.utf8), to: folder.formerKeys, mode: 0o644)
  }

  /// Checks a checkpoint of this log, or of one that it continues.
  ///
  /// - Parameter path: where the note came from, for findings.
  func open(_ note: [UInt8], path: String) throws -> Checkpoint {
    let signed: SignedNote
    let checkpoint: Checkpoint
    do {
      signed = try SignedNote.parse(note)
      let known: [any NoteVerifier] = [current] + (next.map { [$0] } ?? []) + former.map(\.verifier)
      _ = try signed.verify(with: known)
      checkpoint = try Checkpoint.parse(signed.text)
    } catch {
      throw TrackerRefusal(Finding(.checkpointSignature, path: path, detail: "\(error)"))
    }
    func hasSigned(_ key: LogVerifierKey) -> Bool {
      key.name.utf8.elementsEqual(checkpoint.origin.utf8)
        && signed.signatures.contains {
          $0.keyID == key.keyID && $0.name.utf8.elementsEqual(key.name.utf8)
        }
    }
    if hasSigned(current) || next.map(hasSigned) == true { return checkpoint }
    guard let former = former.filter({ hasSigned($0.verifier) }).max(by: { $0.size < $1.size }) else {
      throw TrackerRefusal(
        Finding(.checkpointSignature, path: path, detail: "\(CheckpointError.wrongOrigin)"))
    }
    if checkpoint.size <= former.size { return checkpoint }
    if former.verifier.name == current.name {
      throw TrackerRefusal(
        Finding(
          .checkpointSignature, path: path, detail: "That key was replaced at size \(former.size)."))
    }
    // The log that this one continues had more than was left when it was continued.
    throw TrackerRefusal(
      Finding(.rolledBack, path: path, expected: "\(checkpoint.size)", found: "\(former.size)"))
  }
}

extension LogVerifierKey {
  /// How the log names a key: SHA-256 of its text.
  var fingerprint: Digest { MerkleHash.sha256(Array(encoded.utf8)) }
}
