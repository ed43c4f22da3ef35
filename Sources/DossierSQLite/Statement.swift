internal import CustodyLog
internal import DossierCore
internal import GRDBSQLite

/// An error of SQLite, with its result code and the action during which it came.
struct SQLiteError: Error, CustomStringConvertible {
  var code: Int32
  var message: String
  var action: String

  var isConstraint: Bool { code & 0xff == SQLITE_CONSTRAINT }
  /// A unique value is there already.
  var isTaken: Bool { code == SQLITE_CONSTRAINT | 8 << 8 }  // SQLITE_CONSTRAINT_UNIQUE, a macro
  var isBusy: Bool { code & 0xff == SQLITE_BUSY }
  var description: String { "SQLite \(code) while \(action): \(message)" }
}

/// A connection as statements see it: SQLite's handle, valid within one database access of its queue, and what
/// a test injects before each write.
struct Connection {
  let handle: OpaquePointer
  var fault: (@Sendable () throws -> Void)?
  private let kept = KeptStatements()

  init(handle: OpaquePointer, fault: (@Sendable () throws -> Void)? = nil) {
    self.handle = handle
    self.fault = fault
  }

  /// Rows changed by the last statement.
  var changes: Int32 { sqlite3_changes(handle) }

  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// A statement that is prepared once and kept with the connection: preparing costs more than most reads.
  func prepared(_ sql: String) throws -> Statement {
    if let known = kept.statements[sql] {
      known.reset()
      return known
    }
    let statement = try Statement(self, sql)
    kept.statements[sql] = statement
    return statement
  }

  /// Ends every read that was left before its last row, so that no old snapshot stays open.
  func resetStatements() {
    var statement = sqlite3_next_stmt(handle, nil)
    while let current = statement {
      if sqlite3_stmt_busy(current) != 0 { sqlite3_reset(current) }
      statement = sqlite3_next_stmt(handle, current)
    }
  }
}

private final class KeptStatements {
  var statements: [String: Statement] = [:]
}

/// One prepared statement of the import and audit paths, where a binding by closure or array costs more than
/// the insert itself.
///
/// Confined: a statement belongs to one connection, which is used from within one database access at a time
/// (GRDB's serial queue for the writer, one thread for each reader of the audit). It is not Sendable, so the
/// compiler refuses to hand it to another task. Text and blobs are bound as SQLITE_TRANSIENT copies or live
/// through the call to `run`, never longer.
final class Statement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private let fault: (@Sendable () throws -> Void)?
  private let sql: String

  init(_ connection: Connection, _ sql: String) throws {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else {
      throw SQLiteError(
        code: code, message: String(cString: sqlite3_errmsg(connection.handle)), action: sql)
    }
    self.handle = handle
    self.connection = connection.handle
    fault = connection.fault
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func bind(_ position: Int32, _ value: Int64) { sqlite3_bind_int64(handle, position, value) }
  func bind(_ position: Int32, _ value: Int) { sqlite3_bind_int64(handle, position, Int64(value)) }
  func bind(_ position: Int32, _ value: Int32) { sqlite3_bind_int64(handle, position, Int64(value)) }
  func bind(_ position: Int32, _ value: UInt8) { sqlite3_bind_int64(handle, position, Int64(value)) }
  func bind(_ position: Int32, _ value: Int16) { sqlite3_bind_int64(handle, position, Int64(value)) }

  func bind(_ position: Int32, _ value: Int64?) {
    if let value { bind(position, value) } else { bindNull(position) }
  }

  func bindNull(_ position: Int32) { sqlite3_bind_null(handle, position) }

  /// Binds a dictionary number; 0 is no value.
  func bind(term value: Int32, _ position: Int32) {
    if value == 0 { bindNull(position) } else { bind(position, value) }
  }

  /// Binds a day since 1970-01-01; ``DossierRecord/noDay`` is no value.
  func bind(day: Int32, _ position: Int32) {
    if day == DossierRecord.noDay { bindNull(position) } else { bind(position, day) }
  }

  func bind(_ position: Int32, _ digest: Digest?) {
    guard let digest else { return bindNull(position) }
    digest.withUnsafeBytes { bytes in
      _ = sqlite3_bind_blob(handle, position, bytes.baseAddress, 32, Self.transient)
    }
  }

  func bind(blob bytes: ArraySlice<UInt8>, _ position: Int32) {
    bytes.withUnsafeBytes { bytes in
      if bytes.count == 0 {
        _ = sqlite3_bind_zeroblob(handle, position, 0)
      } else {
        _ = sqlite3_bind_blob(
          handle, position, bytes.baseAddress, Int32(bytes.count), Self.transient)
      }
    }
  }

  func bind(blob bytes: [UInt8], _ position: Int32) { bind(blob: bytes[...], position) }

  func bind(text bytes: some Collection<UInt8>, _ position: Int32) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { bytes in
      _ = bytes.withMemoryRebound(to: CChar.self) { text in
        sqlite3_bind_text(
          handle, position, text.baseAddress ?? UnsafePointer(bitPattern: 1), Int32(text.count),
          Self.transient)
      }
    }
    if done == nil { bind(text: Array(bytes), position) }
  }

  func bind(text: String, _ position: Int32) { bind(text: Array(text.utf8), position) }

  /// Steps a statement that returns no rows, and resets it.
  func run() throws {
    try fault?()
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    if code != SQLITE_DONE && code != SQLITE_ROW { throw failure(code) }
  }

  /// Like ``run()``, for an insert that a unique value may refuse.
  ///
  /// - Returns: false when it was refused.
  func runUnlessTaken() throws -> Bool {
    do { try run() } catch let error as SQLiteError where error.isTaken { return false }
    return true
  }

  /// Steps to the next row; false at the end, after which the statement is reset.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    if code == SQLITE_DONE { return false }
    throw failure(code)
  }

  func reset() { sqlite3_reset(handle) }

  private func failure(_ code: Int32) -> SQLiteError {
    let extended = sqlite3_extended_errcode(connection)
    return SQLiteError(
      code: extended == 0 ? code : extended, message: String(cString: sqlite3_errmsg(connection)),
      action: sql)
  }

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func isInteger(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_INTEGER }
  func isText(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_TEXT }
  func optionalInt(_ column: Int32) -> Int64? {
    // NULL reads as 0: only then is its type asked for.
    let value = int(column)
    return value == 0 && isNull(column) ? nil : value
  }

  /// A dictionary number; 0 for NULL, and a number that no dictionary holds for anything else.
  func term(_ column: Int32) -> Int32 {
    let value = int(column)
    if value == 0 { return isNull(column) ? 0 : Int32.min }
    return Int32(exactly: value) ?? Int32.min
  }

  /// A number of 32 bits that may be 0; `Int32.min` for anything else.
  func int32(_ column: Int32) -> Int32 { Int32(exactly: int(column)) ?? Int32.min }

  /// Copies the column's bytes (text or blob) to the end of `bytes`.
  func append(_ column: Int32, to bytes: inout [UInt8]) {
    let count = Int(sqlite3_column_bytes(handle, column))
    if count == 0 { return }
    if let pointer = sqlite3_column_blob(handle, column) {
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: pointer, count: count))
    }
  }

  /// The column's bytes (text or blob) where SQLite keeps them; no address for NULL and for nothing.
  ///
  /// Valid until the statement is stepped or reset: callers read them before that and keep no copy of it.
  func view(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    guard let pointer = sqlite3_column_blob(handle, column) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(
      start: pointer.assumingMemoryBound(to: UInt8.self), count: Int(sqlite3_column_bytes(handle, column)))
  }

  func bytes(_ column: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    append(column, to: &bytes)
    return bytes
  }

  func string(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
  func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }

  /// A 32-byte column; nil for NULL or another length.
  func digest(_ column: Int32) -> Digest? {
    guard sqlite3_column_bytes(handle, column) == 32, let pointer = sqlite3_column_blob(handle, column)
    else { return nil }
    return Digest(unsafeRaw: pointer)
  }
}
