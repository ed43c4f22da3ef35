internal import CSQLite
public import CustodyLog
public import DossierCore
internal import GRDB
internal import Glibc
internal import Synchronization

/// The embedded store: one SQLite file in WAL mode with `synchronous=FULL`, shared by any number of processes.
///
/// A write is one IMMEDIATE transaction that begins by reading where the log stands, so that a CLI and a
/// station on one file can neither lose nor double an event. What a method returns has been made durable.
public final class SQLiteStore: CustodyStore, Sendable {
  public struct Options: Sendable {
    /// Unpredictable bytes for salts.
    public var randomness: @Sendable (Int) throws -> [UInt8]
    /// How long to wait for another writer, in seconds.
    public var busyTimeout: Double
    /// Called before every statement of a write; a test throws from it at call n.
    public var fault: (@Sendable () throws -> Void)?
    /// Called at the beginning of every write, when no other process can be writing: throws when none is allowed.
    public var permission: (@Sendable () throws -> Void)?

    public init(
      randomness: @escaping @Sendable (Int) throws -> [UInt8] = { try systemRandomBytes($0) },
      busyTimeout: Double = 30, fault: (@Sendable () throws -> Void)? = nil,
      permission: (@Sendable () throws -> Void)? = nil
    ) {
      self.randomness = randomness
      self.busyTimeout = busyTimeout
      self.fault = fault
      self.permission = permission
    }
  }

  public let path: String
  let queue: DatabaseQueue
  private let options: Options
  private let session: Confined
  private let isClosed = Mutex(false)

  /// The statements of the one connection, made when first needed. `@unchecked Sendable` because it is touched
  /// only from within `queue`'s accesses, which are serial.
  private final class Confined: @unchecked Sendable {
    var reader: StoreReader?
    var writer: StoreWriter?
    var recorder: ManifestRecorder?
    let room: WriteAheadRoom

    init(path: String) { room = WriteAheadRoom(path: path) }

    func release() {
      reader = nil
      writer = nil
      recorder = nil
    }
  }

  /// Process-wide settings of SQLite, made before it is first used; afterwards SQLite ignores them.
  private static let isConfigured = custody_sqlite_without_memory_statistics() == 0

  /// Opens an existing store.
  ///
  /// - Parameter readOnly: for a store on read-only storage; nothing can be written.
  /// - Throws: ``StoreFault`` or what SQLite says. A file that is no store is left as it is, and none is made.
  public convenience init(path: String, readOnly: Bool = false, options: Options = Options()) throws {
    guard access(path, F_OK) == 0 else { throw StoreFault.absent }
    try self.init(path: path, readOnly: readOnly, isNew: false, options: options)
  }

  private init(path: String, readOnly: Bool, isNew: Bool, options: Options) throws {
    self.path = path
    self.options = options
    session = Confined(path: path)
    _ = Self.isConfigured
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(options.busyTimeout)
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      try db.execute(
        sql:
          "PRAGMA page_size = 8192; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; "
          + "PRAGMA secure_delete = ON"
      )
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    // Before anything is written: the file may belong to another program.
    let tables = try queue.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
    if isNew && !tables.isEmpty { throw tables.contains("store") ? StoreFault.exists : .notAStore }
    if !isNew && !tables.contains("store") { throw StoreFault.notAStore }
    if !readOnly {
      // Not by GRDB's setting for WAL, which turns synchronous to NORMAL: a power cut would lose acknowledged
      // events.
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2,
          try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
        else { throw StoreFault.notDurable }
      }
      try Schema.migrator.migrate(queue)
      // What an erasure left undone when its process ended. Where it cannot be done now it stays due, and is told.
      if try isScrubDue() { _ = try? scrub() }
    }
  }

  /// Creates a store and records who keeps it.
  ///
  /// - Parameters:
  ///   - origin: the log's name, which every checkpoint bears.
  ///   - office: who keeps the store: the first entry of its master data.
  ///   - beginning: records what comes first in the log, before that entry.
  /// - Throws: when a store is there already.
  public static func create(
    path: String, origin: String, office: Office, at now: Int64, options: Options = Options(),
    beginning: (SQLiteStore) throws -> Void = { _ in }
  ) throws -> SQLiteStore {
    let store = try SQLiteStore(path: path, readOnly: false, isNew: true, options: options)
    try store.queue.write { db in
      try db.execute(
        sql: "INSERT INTO store VALUES(0, ?, ?, ?)", arguments: [origin, office.code, now])
    }
    try beginning(store)
    _ = try store.record(offices: [office], recordedAt: now)
    return store
  }

  /// The log's name and the code of the office that keeps it.
  public func identity() throws -> (origin: String, office: String) {
    try queue.read { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT origin, office FROM store WHERE id = 0") else {
        throw StoreFault.notAStore
      }
      // Optional: a damaged file can hold NULL where the schema allows none.
      guard let origin = row["origin"] as String?, let office = row["office"] as String? else {
        throw StoreFault.notAStore
      }
      return (origin, office)
    }
  }

  // MARK: Transactions

  /// A connection that was closed must not be touched: GRDB would hand SQLite a null pointer.
  func requireOpen() throws {
    if isClosed.withLock({ $0 }) { throw StoreFault.closed }
  }

  /// Runs `body` in a transaction of its own, so that all it reads is of one moment.
  func read<T>(_ body: (StoreReader) throws -> T) throws -> T {
    try requireOpen()
    return try queue.unsafeRead { db in
      let reader = try session.reader ?? StoreReader(Connection(handle: Self.handle(db)))
      session.reader = reader
      let connection = reader.connection
      try connection.prepared("BEGIN").run()
      defer {
        connection.resetStatements()
        try? connection.prepared("COMMIT").run()
      }
      return try body(reader)
    }
  }

  /// Runs `body` in an IMMEDIATE transaction, which is committed if `body` returns true.
  ///
  /// Its own prepared BEGIN and COMMIT: preparing them anew costs a scan more than its insert.
  func write<T>(now: Int64, _ body: (StoreWriter) throws -> (T, commit: Bool)) throws -> T {
    try requireOpen()
    return try queue.writeWithoutTransaction { db in
      let writer: StoreWriter
      if let known = session.writer {
        writer = known
      } else {
        let connection = Connection(handle: try Self.handle(db), fault: options.fault)
        writer = try StoreWriter(connection, salts: SaltSource(options.randomness))
        session.writer = writer
      }
      let connection = writer.connection
      do {
        try connection.prepared("BEGIN IMMEDIATE").run()
        try options.permission?()
        session.room.prepare()
        try writer.begin(now: now)
        let (value, commit) = try body(writer)
        if commit { try writer.finish() }
        connection.resetStatements()
        if !commit { writer.forget() }
        try connection.prepared(commit ? "COMMIT" : "ROLLBACK").run()
        if commit { session.room.committed() }
        return value
      } catch {
        connection.resetStatements()
        writer.forget()
        session.recorder = nil
        // Plain SQL, past any fault that a test injects; SQLite may have rolled back by itself.
        if connection.isInTransaction { try db.execute(sql: "ROLLBACK") }
        throw error
      }
    }
  }

  static func handle(_ db: Database) throws -> OpaquePointer {
    guard let connection = db.sqliteConnection else { throw StoreFault.notAStore }
    return connection
  }

  // MARK: Writing

  public func append(_ drafts: [EventDraft], recordedAt: Int64, expecting: LogHead?) throws -> AppendOutcome {
    try write(now: recordedAt) { writer in
      if let expecting, writer.log.head != expecting { return (.headMoved(writer.log.head), false) }
      var receipts: [AppendReceipt] = []
      receipts.reserveCapacity(drafts.count)
      var changed = false
      for draft in drafts {
        let receipt = try writer.append(draft)
        if case .recorded = receipt { changed = true }
        receipts.append(receipt)
      }
      return (.appended(receipts, writer.log.head), changed)
    }
  }

  public func close(_ closing: ManifestClosing, recordedAt: Int64) throws -> AppendOutcome? {
    try write(now: recordedAt) { writer in
      guard let outcome = try writer.close(closing) else { return (nil, false) }
      if case .headMoved = outcome { return (outcome, false) }
      return (outcome, true)
    }
  }

  public func record(offices: [Office], recordedAt: Int64) throws -> Int {
    try write(now: recordedAt) { writer in
      let changed = try writer.record(offices: offices)
      return (changed, changed > 0)
    }
  }

  public func record(_ source: some DocumentSource, recordedAt: Int64, dryRun: Bool) throws -> DocumentOutcome
  {
    try write(now: recordedAt) { writer in
      let recorder: ManifestRecorder
      if let known = session.recorder {
        recorder = known
      } else {
        recorder = try ManifestRecorder(
          writer.connection, writer: writer, salts: SaltSource(options.randomness))
        session.recorder = recorder
      }
      let outcome = try DocumentIntake(writer: writer, recorder: recorder).run(source, dryRun: dryRun)
      return (outcome, outcome.status == .recorded && outcome.events > 0)
    }
  }

  /// Closes the file. Whoever uses the store afterwards gets an error.
  public func closeFile() throws {
    isClosed.withLock { $0 = true }
    queue.writeWithoutTransaction { _ in session.release() }
    try queue.close()
  }

  /// Moves the write-ahead log into the database file.
  public func checkpointFile() throws {
    try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
  }
}

/// Bytes of the kernel's random source (getrandom(2)).
///
/// - Throws: when the kernel gives none.
public func systemRandomBytes(_ count: Int) throws -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var filled = 0
  while filled < count {
    let got = bytes.withUnsafeMutableBytes { buffer in
      custody_random(buffer.baseAddress.map { $0 + filled }, UInt(count - filled))
    }
    guard got > 0 else {
      if got < 0 && errno == EINTR { continue }
      throw StoreFault.noRandomness
    }
    filled += got
  }
  return bytes
}
