internal import ArgumentParser
internal import DossierTracker

/// Whom the reader of evidence trusts. It comes from him, never from the evidence.
struct TrustOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("File with the log's public key, one a line.", valueName: "vkey-file"),
    completion: .file())
  var key: String?

  @Option(
    help: ArgumentHelp("File with logs, witnesses and quorum (C2SP tlog-policy).", valueName: "policy"),
    completion: .file())
  var policy: String?

  func validate() throws {
    guard key == nil || policy == nil else {
      throw ValidationError("--key and --policy cannot be given together.")
    }
  }

  var isGiven: Bool { key != nil || policy != nil }

  /// The keys given.
  ///
  /// - Throws: wrong usage when a file cannot be read or is none: without it there is no verdict at all.
  func read() throws -> TrustPolicy? {
    if let policy { return try Self.parse(policy) { try TrustPolicy.parse($0) } }
    if let key { return try Self.parse(key) { try TrustPolicy.parse(keys: $0) } }
    return nil
  }

  /// The keys given, else that of the store, which its folder holds beside the database.
  func read(orOf store: StoreOptions) throws -> TrustPolicy? {
    try read() ?? Tracker.trust(inStoreAt: store.path)
  }

  static func parse<T>(_ file: String, _ read: ([UInt8]) throws -> T) throws -> T {
    do { return try read(try InputFile.read(file, limit: 1 << 20)) } catch let refusal as TrackerRefusal {
      throw ValidationError("\(file): \(refusal.finding.detail ?? refusal.description)")
    } catch {
      throw ValidationError("\(file): \(error)")
    }
  }
}
