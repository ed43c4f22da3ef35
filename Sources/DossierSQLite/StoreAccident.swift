internal import GRDB
internal import GRDBSQLite

/// What kind of accident an error of the store is, so that a person can be told what to do.
public enum StoreAccident: Hashable, Sendable {
  /// No space left, a read-only disk or folder, an input/output error.
  case unwritable
  /// Another process held the store too long.
  case busy
  /// SQLite says that the file is damaged, or it is no database.
  case damaged
  case other

  /// - Returns: nil for an error that does not come from the store; the text holds no bound values.
  public static func classify(_ error: any Error) -> (accident: StoreAccident, text: String)? {
    switch error {
    case let error as SQLiteError: (of(error.code), "SQLite \(error.code): \(error.message)")
    case let error as DatabaseError:
      (
        of(error.extendedResultCode.rawValue),
        "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")"
      )
    case let fault as StoreFault: (.damaged, fault.description)
    default: nil
    }
  }

  private static func of(_ code: Int32) -> StoreAccident {
    switch code & 0xff {
    case SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .unwritable
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
    default: .other
    }
  }
}
