public import CustodyLog
internal import DossierCore
internal import DossierSQLite

extension Tracker {
  /// What was signed last, and when, in milliseconds since 1970; nil when nothing was.
  public func lastSignature() throws -> (head: LogHead, at: Int64)? {
    try explained { try signer.last().map { ($0.checkpoint.head, $0.memory.signedAt) } }
  }
}
