/// Accidents of the store. What a person is told about them: the tracker's findings.
public enum StoreFault: Error, CustomStringConvertible {
  /// The one row that says where the log stands is gone or unreadable.
  case logStateMissing
  /// A row holds what no writer of this store puts there; `dossier audit` locates it.
  case malformedRow(String)
  /// `PRAGMA synchronous` could not be set to FULL: a commit would not be durable.
  case notDurable
  case cannotCompress(String)
  case notAStore
  /// There is no file to open.
  case absent
  /// A store is to be created where one is.
  case exists
  case closed
  case noRandomness
  /// The log has fewer events than were asked for.
  case beyondLog(size: UInt64)

  public var description: String {
    switch self {
    case .logStateMissing: "the log's state row is missing or malformed"
    case .malformedRow(let row): "malformed row: \(row)"
    case .notDurable: "synchronous=FULL could not be set"
    case .cannotCompress(let why): "zstd: \(why)"
    case .notAStore: "the file is not a dossier store"
    case .absent: "there is no such file"
    case .exists: "there is a dossier store already"
    case .closed: "the store was closed"
    case .noRandomness: "the kernel gave no random bytes"
    case .beyondLog(let size): "the log has no \(size) events yet"
    }
  }
}
