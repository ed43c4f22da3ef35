import CustodyLog
import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import Testing

@testable import DossierTracker

/// The signer's memory and keys: never begun in passing, never changed but by who read it, replaced step by step.
@Suite struct SignerStoreTests {
  private func event(_ name: String) -> EventRequest {
    EventRequest(.held, item: "BG-1", reason: "unclaimed", event: name)
  }

  private func open(_ path: String, at time: Int64) throws -> Tracker {
    try Tracker(opening: path, environment: Sample.environment(clock: FixedClock(time)))
  }

  /// Findings of an audit that speak of the log or the store.
  private func contradictions(_ path: String) throws -> [Finding] {
    try Sample.open(path, readOnly: true).audit().findings.filter { $0.code.rawValue.hasPrefix("D-3") }
  }

  // MARK: The memory

  @Test func memoryIsReplacedOnlyByWhoHasReadIt() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let files = tracker.signer.folder
    let first = try #require(try SignerMemory.read(files))
    _ = try tracker.record(event("E-1"))
    try tracker.checkpoint()
    let second = try #require(try SignerMemory.read(files))
    #expect(second.bytes != first.bytes)
    // Who still holds the first, or thinks that there is none, changes nothing.
    for known in [first, nil] {
      #expect(try refusal { try first.replace(known, in: files) }?.code == .signerMoved)
    }
    #expect(try SignerMemory.read(files)?.bytes == second.bytes)
    try FileManager.default.removeItem(atPath: files.checkpoint)
    #expect(try refusal { try first.replace(second, in: files) }?.code == .signerMoved)
    #expect(!Files.exists(files.checkpoint))
  }

  @Test func memoryRoundTripsAndNoOtherBytesDo() throws {
    let folder = try TemporaryFolder()
    let memory = try #require(try SignerMemory.read(try Sample.create(folder.path("store")).signer.folder))
    #expect(SignerMemory(memory.bytes)?.bytes == memory.bytes)
    #expect(memory.signedAt == Sample.now)
    for position in memory.bytes.indices {
      var bytes = memory.bytes
      bytes[position] ^= 1 << (position % 8)
      #expect(SignerMemory(bytes) == nil, "\(position)")
      #expect(SignerMemory(Array(memory.bytes.prefix(position))) == nil, "\(position)")
    }
  }

  @Test func absentSignerIsRefusedAndNotBegunAnew() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    let kept = Array(try tracker.checkpoint().utf8)
    _ = try tracker.record(event("E-1"))
    let newer = Array(try tracker.checkpoint().utf8)
    try Sample.close(tracker)
    try FileManager.default.removeItem(atPath: path + "/keys/head")
    #expect(try refusal { try Sample.open(path) }?.code == .checkpointMissing)
    #expect(!Files.exists(path + "/keys/head"))
    // Only a checkpoint of this log's key begins it, and only where there is none.
    let other = Array(try Sample.create(folder.path("other")).checkpoint().utf8)
    func adopt(_ note: [UInt8]) throws -> Finding? {
      try refusal { try Tracker.adopt(checkpoint: note, name: "kept", at: path) }
    }
    #expect(try adopt(other)?.code == .checkpointSignature)
    #expect(try adopt(Array("nonsense".utf8))?.code == .checkpointSignature)
    #expect(try adopt(newer) == nil)
    #expect(try adopt(kept)?.code == .signerExists)
    _ = try Sample.open(path).record(event("E-2"))
    // Nothing at all is left of the signer, or its disk is not there.
    try Files.copy(path + "/keys", to: folder.path("kept"))
    try FileManager.default.removeItem(atPath: path + "/keys")
    #expect(try refusal { try Sample.open(path) }?.code == .checkpointMissing)
    try FileManager.default.createSymbolicLink(
      atPath: path + "/keys", withDestinationPath: folder.path("unmounted"))
    #expect(try refusal { try Sample.open(path) }?.code == .checkpointMissing)
    #expect(try refusal { try Tracker.succeed(at: path, reason: "signer_lost") } != nil)
    #expect(try Sample.open(path, readOnly: true).head().size == 3)
  }

  @Test func anotherDiskHoldsTheSigner() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let keys = folder.path("disk")
    let tracker = try Tracker.create(
      at: path, office: Sample.keeper, keys: keys, environment: Sample.environment())
    _ = try tracker.record(event("E-1"))
    try tracker.checkpoint()
    #expect(Files.exists(keys + "/head") && Files.exists(keys + "/log.key"))
    #expect(StoreFolder.mode(of: keys) == 0o700)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path + "/keys").hasSuffix("/disk"))
    #expect(try contradictions(path) == [])
    // One signer's store serves one log.
    let second = try refusal {
      try Tracker.create(at: folder.path("second"), office: Sample.keeper, keys: keys)
    }
    #expect(second?.code == .signerExists)
    #expect(!Files.exists(folder.path("second") + "/store.sqlite"))
    _ = try Sample.open(path).record(event("E-2"))
  }

  @Test func clockDoesNotRunBackwardsBetweenTwoCheckpoints() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    _ = try Sample.create(path)
    let late = try open(path, at: Sample.now + 60_000)
    _ = try late.record(event("E-1"))
    try late.checkpoint()
    let signed = try Files.read(path + "/keys/head")
    let early = try open(path, at: Sample.now + 59_999)
    // Nothing new to sign: nothing to refuse.
    try early.checkpoint()
    _ = try early.record(event("E-2"))
    let finding = try refusal { try early.checkpoint() }
    #expect(finding?.code == .checkpointClock)
    #expect(finding?.expected == "2026-02-02T08:01:00+07:00")
    #expect(try Files.read(path + "/keys/head") == signed)
    let doctor = Health.examine(
      path, environment: Sample.environment(clock: FixedClock(Sample.now + 59_999)))
    #expect(doctor.first { $0.subject == .checkpoint }?.finding?.code == .checkpointClock)
    try open(path, at: Sample.now + 60_000).checkpoint()
    #expect(try contradictions(path) == [])
  }

  // MARK: Keys

  @Test func keyIsReplacedWhileOldVerifiersGoOn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    let old = try LogVerifierKey(encoded: try tracker.verifierKey())
    let before = Array(try tracker.checkpoint().utf8)
    #expect(try refusal { try tracker.finishRotation() }?.code == .keyRotation)
    let begun = try tracker.rotateKey()
    let new = try LogVerifierKey(encoded: begun.newKey)
    #expect(new != old && new.name == old.name && begun.oldKey == old.encoded)
    #expect(try refusal { try tracker.rotateKey() }?.code == .keyRotation)
    _ = try Sample.open(path).record(event("E-1"))
    let overlap = Array(try Sample.open(path).checkpoint().utf8)
    // Whoever knows one of the two verifies; a bad signature of a known one refuses the note.
    for key in [old, new] {
      #expect(try Checkpoint.open(overlap, verifier: key, origin: tracker.origin).size == 3)
    }
    let note = try SignedNote.parse(overlap)
    #expect(note.signatures.count == 2)
    let line = note.signatures[1].line
    var characters = Array(line)
    characters[characters.count - 20] = characters[characters.count - 20] == "A" ? "B" : "A"
    let broken = String(decoding: overlap, as: UTF8.self).replacingOccurrences(
      of: line, with: String(characters))
    let bad = try refusal { try tracker.verify(checkpoint: Array(broken.utf8), name: "broken") }
    #expect(bad?.code == .checkpointSignature)
    #expect(try contradictions(path) == [])

    let finished = try tracker.finishRotation()
    #expect(finished.isFinished && finished.newKey == new.encoded)
    #expect(try tracker.verifierKey() == new.encoded)
    #expect(!Files.exists(path + "/keys/next.key") && !Files.exists(path + "/keys/next.pub"))
    let again = try Sample.open(path)
    _ = try again.record(event("E-2"))
    let after = Array(try again.checkpoint().utf8)
    #expect(try SignedNote.parse(after).signatures.count == 1)
    #expect(try again.verify(checkpoint: after, name: "after").size == 4)
    // What the old key signed in its time stays good; what it signs now does not.
    #expect(try again.verify(checkpoint: before, name: "before").size == 1)
    #expect(try again.verify(checkpoint: overlap, name: "overlap").size == 3)
    #expect(throws: (any Error).self) { try Checkpoint.open(after, verifier: old, origin: old.name) }
    #expect(try contradictions(path) == [])
    // A second time, too.
    _ = try again.rotateKey()
    _ = try again.finishRotation()
    #expect(try Sample.open(path).verify(checkpoint: before, name: "before").size == 1)
    #expect(try contradictions(path) == [])
  }

  @Test func keyThatWasReplacedSignsNoMore() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    let stolen = try Files.read(path + "/keys/log.key")
    _ = try tracker.rotateKey()
    _ = try tracker.finishRotation()
    _ = try tracker.record(event("E-1"))
    try tracker.checkpoint()
    let key = try LogSigningKey(encoded: String(decoding: stolen.dropLast(), as: UTF8.self))
    let note = try Checkpoint(origin: tracker.origin, head: try tracker.head()).sign(with: key)
    let finding = try refusal { try tracker.verify(checkpoint: note.encode(), name: "late") }
    #expect(finding?.code == .checkpointSignature)
    // Put in place of the new pair, the audit asks who allowed it.
    try Files.write(stolen, path + "/keys/log.key")
    try Files.write(Array((key.verifier.encoded + "\n").utf8), path + "/keys/log.pub")
    #expect(
      try contradictions(path).contains { $0.code == .keyUnrecorded || $0.code == .checkpointSignature })
  }

  @Test func interruptedReplacementGoesOn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let keys = path + "/keys"
    let tracker = try Sample.create(path)
    // A key was made, and then the power went.
    let made = try Signer.createKey(
      origin: tracker.origin, key: keys + "/next.key", verifier: keys + "/next.pub")
    #expect(try refusal { try tracker.finishRotation() }?.code == .keyRotation)
    _ = try tracker.record(event("E-1"))
    try tracker.checkpoint()
    #expect(try tracker.rotateKey().newKey == made.verifier.encoded)
    // Every point at which finishing can be interrupted.
    try Files.copy(keys, to: folder.path("rotating"))
    let rotating = folder.path("rotating")
    for step in 0...3 {
      try Files.copy(rotating, to: keys)
      func put(_ from: String, _ to: String) throws { try Files.copy(keys + "/\(from)", to: keys + "/\(to)") }
      if step > 0 { try put("next.key", "log.key") }
      if step > 1 { try put("next.pub", "log.pub") }
      if step == 1 { #expect(try refusal { try advance(path, "S\(step)") }?.code == .keyAbsent) }
      if step > 2 {
        try FileManager.default.removeItem(atPath: keys + "/next.pub")
        #expect(try refusal { try Sample.open(path).finishRotation() }?.code == .keyRotation)
      } else {
        #expect(try Sample.open(path).finishRotation().newKey == made.verifier.encoded)
        #expect(!Files.exists(keys + "/next.key"), "\(step)")
      }
      let note = try Sample.open(path).verifierKey()
      #expect(note == made.verifier.encoded, "\(step)")
      #expect(try contradictions(path) == [], "\(step)")
      // Undo what was signed since, for the next round.
      _ = try Files.copy(rotating + "/head", to: keys + "/head")
    }
  }

  private func advance(_ path: String, _ name: String) throws -> String {
    let tracker = try Sample.open(path)
    _ = try tracker.record(event(name))
    return try tracker.checkpoint()
  }
}
