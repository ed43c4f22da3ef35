internal import CustodyLog
internal import DossierCore

/// What the signer remembers of what it signed last: the file `keys/head`.
///
/// It is replaced only by whoever has read it (compare and swap), so that two signers, or a signer and someone who puts
/// an old copy back, cannot both go on from the same point. The file is `signed <milliseconds>`, the signed checkpoint,
/// and the SHA-256 of both in hexadecimal digits.
struct SignerMemory: Sendable {
  var note: SignedNote
  /// When it was signed: milliseconds since 1970 UTC by the signer's clock.
  var signedAt: Int64

  private static let word = "signed "

  var bytes: [UInt8] {
    let text = Array("\(Self.word)\(signedAt)\n\(note.encoded)".utf8)
    return text + Array((MerkleHash.sha256(text).hex + "\n").utf8)
  }

  init(note: SignedNote, signedAt: Int64) {
    self.note = note
    self.signedAt = signedAt
  }

  /// - Returns: nil when the bytes are not what a signer wrote.
  init?(_ bytes: [UInt8]) {
    guard bytes.count > 65, bytes.last == UInt8(ascii: "\n") else { return nil }
    let text = Array(bytes.dropLast(65))
    let digest = String(decoding: bytes.dropLast().suffix(64), as: UTF8.self)
    guard Digest(hex: digest) == MerkleHash.sha256(text), digest == digest.lowercased(),
      text.starts(with: Self.word.utf8), let end = text.firstIndex(of: UInt8(ascii: "\n")),
      let signedAt = Int64(String(decoding: text[Self.word.utf8.count..<end], as: UTF8.self)),
      let note = try? SignedNote.parse(Array(text[(end + 1)...]))
    else { return nil }
    self.init(note: note, signedAt: signedAt)
  }

  /// - Returns: nil when nothing was ever signed.
  static func read(_ folder: StoreFolder) throws -> SignerMemory? {
    guard let bytes = try StoreFolder.read(folder.checkpoint) else { return nil }
    guard let memory = SignerMemory(bytes) else {
      throw TrackerRefusal(
        Finding(.checkpointSignature, path: folder.checkpoint, detail: "The signer's file is damaged."))
    }
    return memory
  }

  /// Puts this in the place of what was read, if that is still what is there.
  ///
  /// - Parameter known: what was read; nil only where a signer's store is begun.
  func replace(_ known: SignerMemory?, in folder: StoreFolder) throws {
    let present = try StoreFolder.read(folder.checkpoint)
    guard present == known?.bytes else {
      throw TrackerRefusal(Finding(.signerMoved, path: folder.checkpoint))
    }
    // Whoever let others read it goes on doing so.
    try StoreFolder.write(
      bytes, to: folder.checkpoint, mode: StoreFolder.mode(of: folder.checkpoint) ?? 0o600)
  }
}
