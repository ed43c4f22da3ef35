internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Who may use the station, and who is using it now.
final class People: Sendable {
  /// What the log keeps of who used the station.
  enum Access: String, Sendable, CaseIterable {
    case signIn, signOut, lockOut, shiftOpened, shiftClosed, signed, exported, printedAgain, tokenMade,
      tokenRevoked, accountChanged, audited
    /// Somebody took back the first signature under a list.
    case signatureWithdrawn
    /// Somebody sent scans that a colleague had made: an outbox outlives a change of shift.
    case handedIn
  }

  /// Everything that changes while the station runs.
  struct State: Sendable {
    var content: PeopleFile.Content
    var stamp: PrivateFile.Stamp?
    var memory: StationMemory
    var savedAt: Int64 = 0
    /// Secrets to be shown once, by session: in memory only.
    var shown: [String: PeopleRegister.Issued] = [:]
    /// When it was last recorded that one person sent the scans of another, by both codes.
    var handedIn: [[String]: Int64] = [:]
    /// The last lock-out on its way to the log.
    var recording: Task<Void, Never>?
  }

  let environment: Tracker.Environment
  let register: PeopleRegister
  let hasher: SecretHasher
  let cookies: SessionCookie
  /// Milliseconds without a request after which a session is locked.
  let idleLimit: Int64
  let state: Mutex<State>
  private let file: PeopleFile
  private let memoryFile: StationMemoryFile
  private let work: StoreWork
  private let live: LiveFeed
  private let logger: Logger

  /// - Throws: ``TrackerRefusal`` when the file of accounts is damaged: the station does not start then.
  init(
    _ options: StationOptions, environment: Tracker.Environment, hasher: SecretHasher, work: StoreWork,
    live: LiveFeed, logger: Logger
  ) throws {
    self.environment = environment
    self.hasher = hasher
    self.work = work
    self.live = live
    self.logger = logger
    register = PeopleRegister(data: options.data, environment: environment, hasher: hasher)
    cookies = SessionCookie(isSecure: options.certificate != nil)
    idleLimit = Int64(options.lockAfterMinutes) * 60_000
    file = PeopleFile(data: options.data)
    memoryFile = StationMemoryFile(data: options.data)
    var memory = memoryFile.read() ?? StationMemory()
    if memory.salt.isEmpty { memory.salt = PeopleRegister.hexadecimal(try environment.randomness(16)) }
    memory.dropEnded(now: environment.now())
    let stamp = file.stamp
    state = Mutex(State(content: try file.read(), stamp: stamp, memory: memory))
  }

  var now: Int64 { environment.now() }

  /// The accounts as the file has them now.
  ///
  /// - Throws: ``TrackerRefusal`` when the file is damaged meanwhile: then nobody is let in.
  func current<T>(_ body: (inout State) throws -> T) throws -> T {
    try state.withLock { state in
      let stamp = file.stamp
      if stamp != state.stamp {
        state.content = try file.read()
        state.stamp = stamp
      }
      return try body(&state)
    }
  }

  /// Puts what the station remembers on the disk.
  func save() async throws {
    state.withLock { $0.savedAt = now }
    try await memoryFile.write { [self] in state.withLock { $0.memory } }
  }

  /// The same within a minute, for what nobody waits for.
  func saveSometimes() {
    let isDue = state.withLock { state in
      guard now - state.savedAt >= 60_000 else { return false }
      state.savedAt = now
      return true
    }
    if isDue { memoryFile.writeSoon { [self] in state.withLock { $0.memory } } }
  }

  /// Changes accounts or tokens in the name of a visitor.
  func change<Value: Sendable>(
    by visitor: Visitor, _ body: @escaping @Sendable (PeopleRegister, PeopleRegister.Actor) throws -> Value
  ) async throws -> Value {
    let (value, head) = try await work { [register] tracker in
      (try body(register, PeopleRegister.Actor(tracker, visitor)), try tracker.head())
    }
    await live.committed(head)
    return value
  }

  /// Records that somebody used the station in a way that an auditor may ask about.
  ///
  /// - Parameters:
  ///   - reference: what it was about: a manifest, a report, an account; never personal data. Of 60 characters, others
  ///     than those of codes become `_`.
  ///   - document: SHA-256 of what was signed or taken along.
  func record(_ access: Access, by visitor: Visitor, reference: String? = nil, document: Digest? = nil)
    async throws
  {
    try await record(
      access, code: visitor.code, office: visitor.office, reference.map(Self.reference), document)
  }

  func record(
    _ access: Access, code: String, office: String, _ reference: String? = nil, _ document: Digest? = nil
  ) async throws {
    let head = try await work { tracker in
      try tracker.recordAccess(
        access.rawValue, by: code, office: office, reference: reference, document: document)
    }
    await live.committed(head)
  }

  static func reference(_ text: String) -> String {
    let bytes = text.utf8.prefix(60).map { byte -> UInt8 in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F: byte
      default: 0x5F
      }
    }
    return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
  }

  /// Says in the process's log that a secret was wrong: neither whose, which may be a password typed into the wrong
  /// field, nor from where, but for the part of the network.
  func note(failureFrom address: String?) {
    logger.notice("sign-in failed", metadata: ["from": "\(Self.network(address))"])
  }

  func noteUnrecorded() { logger.error("a lock-out could not be recorded") }

  static func network(_ address: String?) -> String {
    guard let address else { return "local" }
    let parts = address.split(separator: ".")
    return parts.count == 4 ? parts.prefix(3).joined(separator: ".") + ".0/24" : "\(address.prefix(12))/48"
  }
}
