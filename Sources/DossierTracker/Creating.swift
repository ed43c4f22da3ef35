public import CustodyLog
public import DossierCore
internal import DossierSQLite
internal import Glibc

/// The log that a new one continues, as the new one's second event states it.
public struct Predecessor: Hashable, Sendable {
  /// Its last checkpoint: the log's name, size and root.
  public var checkpoint: Checkpoint
  /// A closed word: why another log goes on.
  public var reason: String

  /// - Parameters:
  ///   - note: its last checkpoint, as a signed note.
  ///   - name: where the note came from, for findings.
  ///   - key: the predecessor's verifier key; without it the signature is not checked.
  /// - Throws: ``TrackerRefusal`` when the note is no checkpoint or not one of that key.
  public init(note: [UInt8], name: String, key: String?, reason: String) throws {
    do {
      let signed = try SignedNote.parse(note)
      if let key { _ = try signed.verify(with: [try LogVerifierKey(encoded: key)]) }
      checkpoint = try Checkpoint.parse(signed.text)
      let origin = checkpoint.origin
      guard signed.signatures.contains(where: { $0.name.utf8.elementsEqual(origin.utf8) }) else {
        throw SignedNoteError.noKnownSignature
      }
    } catch {
      throw TrackerRefusal(Finding(.checkpointSignature, path: name, detail: "\(error)"))
    }
    guard RequestCheck.isWord(reason) else { throw TrackerRefusal(Finding(.missingReason, found: reason)) }
    self.reason = reason
  }
}

extension Tracker {
  /// Creates a store, its log key and its first checkpoint.
  ///
  /// - Parameters:
  ///   - path: a folder, made when it is not there.
  ///   - office: who keeps the store.
  ///   - keys: folder of the signer's store, made when it is not there; nil for `keys` in the store's folder.
  ///   - predecessor: the log that this one continues.
  /// - Throws: ``TrackerRefusal`` when a store or a signer's store is there already, a folder is not writable, or the
  ///   office has no proper code or no name.
  public static func create(
    at path: String, office: Office, keys: String? = nil, after predecessor: Predecessor? = nil,
    environment: Environment = Environment()
  ) throws -> Tracker {
    let folder = StoreFolder(path: path)
    if folder.exists { throw TrackerRefusal(Finding(.storeExists, path: path)) }
    guard case .success(let code) = OfficeCode.parse(office.code), !office.name.isEmpty else {
      throw TrackerRefusal(Finding(.officeCodeForm, found: office.code))
    }
    var office = office
    office.code = code.text
    office.name = NormalizedText.nfc(office.name)
    try folder.create(signer: keys)
    do {
      // The database appears under its name only when it is complete, signed and remembered.
      let draft = folder.database + ".new"
      for ending in ["", "-wal", "-shm"] { unlink(draft + ending) }
      let origin = try newOrigin(office: office.code, environment)
      let now = environment.now()
      let key = try Signer.createKey(
        origin: origin, key: folder.signingKey, verifier: folder.verifierKey)
      let store = try SQLiteStore.create(
        path: draft, origin: origin, office: office, at: now,
        options: .init(randomness: environment.randomness)
      ) { store in
        // The first leaf of a log that continues another one says so.
        guard let predecessor else { return }
        var details = EventDetails()
        details.reference = predecessor.checkpoint.origin
        details.seen = predecessor.checkpoint.head
        details.newKey = key.verifier.fingerprint
        try store.recordAboutLog(.logSucceeded, details, reason: predecessor.reason, recordedAt: now)
      }
      try Signer(folder: folder).begin(store, key: key, now: now)
      try store.checkpointFile()
      try store.closeFile()
      guard rename(draft, folder.database) == 0 else { throw StoreFolder.unwritable(folder.database) }
      try StoreFolder.syncFolder(of: folder.database)
    } catch {
      // A key that never signed for anyone is none.
      for file in [folder.signingKey, folder.verifierKey, folder.checkpoint] { unlink(file) }
      throw TrackerRefusal.explaining(error, path: folder.database)
    }
    return try Tracker(opening: path, environment: environment)
  }

  /// A name that no other log has.
  static func newOrigin(office: String, _ environment: Environment) throws -> String {
    let suffix = try environment.randomness(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    return "postal-dossier/\(office)/\(suffix)"
  }
}
