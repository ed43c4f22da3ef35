public import CustodyLog
internal import DossierCore

/// Whom a reader trusts, as files say it.
extension TrustPolicy {
  /// Reads a file of log keys: one verifier key a line, each of a log whose keeper is trusted without any witness.
  ///
  /// - Throws: what is wrong with the file.
  public static func parse(keys file: [UInt8]) throws(TrustPolicyError) -> TrustPolicy {
    let lines = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isNewline)
    return try parse((lines.map { "log \($0)" } + ["quorum none"]).joined(separator: "\n"))
  }
}

extension Tracker {
  /// The keys of the log of a store, without opening its database: for checking files that the log gave away.
  ///
  /// - Returns: nil when there is no store with a public key.
  public static func trust(inStoreAt path: String) -> TrustPolicy? {
    try? Signer(folder: StoreFolder(path: path)).trust()
  }
}
