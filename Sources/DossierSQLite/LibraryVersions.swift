internal import CZstd
internal import GRDBSQLite

/// Versions of the libraries that this module runs on.
public enum StoreLibraries {
  /// SQLite's version, such as `3.40.1`.
  public static var sqlite: String { String(cString: sqlite3_libversion()) }

  /// Whether SQLite knows STRICT tables, without which a store cannot be opened (3.37).
  public static var sqliteIsRecent: Bool { sqlite3_libversion_number() >= 3_037_000 }

  public static let oldestSQLite = "3.37.0"

  /// zstd's version, such as `1.5.4`.
  public static var zstd: String { String(cString: ZSTD_versionString()) }
}
