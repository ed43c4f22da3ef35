internal import CustodyLog
internal import DossierCore

/// The secrets with which look-up codes are made: the file `keys/lookup.key`, 64 hexadecimal digits a line; where there is
/// none, `station/lookup.key`, which came out of a backup.
///
/// The first line makes codes; codes of all lines are good. Who wants new codes and the printed ones to stay good puts
/// a line in front; a line taken away makes its codes worthless. The file is made when it is first needed, by whichever
/// process comes first.
struct PublicLookupKey: Sendable {
  /// The one that makes codes first.
  var keys: [[UInt8]]

  /// - Parameter making: whether to make the file when there is none.
  /// - Returns: nil when there is none and none was to be made.
  /// - Throws: a refusal when the file is not readable, is no such file, or others can read it.
  static func read(
    _ folder: StoreFolder, making randomness: (@Sendable (Int) throws -> [UInt8])?
  ) throws -> PublicLookupKey? {
    if let known = try read(folder.lookupKey) ?? read(folder.restoredLookupKey) { return known }
    guard let randomness else { return nil }
    // Another process may be making it.
    return try folder.whileLocked {
      if let known = try read(folder.lookupKey) ?? read(folder.restoredLookupKey) { return known }
      let key = try randomness(Digest.byteCount)
      guard let digest = Digest(key) else { throw StoreFolder.unwritable(folder.lookupKey) }
      try StoreFolder.write(Array((digest.hex + "\n").utf8), to: folder.lookupKey, mode: 0o600)
      return PublicLookupKey(keys: [key])
    }
  }

  private static func read(_ path: String) throws -> PublicLookupKey? {
    guard let bytes = try StoreFolder.read(path, limit: 1 << 16) else { return nil }
    if let mode = StoreFolder.mode(of: path), mode & 0o077 != 0 {
      throw TrackerRefusal(
        Finding(.keyPermissions, path: path, expected: "600", found: String(mode, radix: 8)))
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let keys = lines.compactMap { Digest(hex: String($0))?.bytes }
    guard !keys.isEmpty, keys.count == lines.count else {
      throw TrackerRefusal(Finding(.keyAbsent, path: path, detail: "malformed"))
    }
    return PublicLookupKey(keys: keys)
  }
}

extension StoreFolder {
  /// What public look-up codes are made with; it signs nothing.
  var lookupKey: String { keys + "/lookup.key" }
  /// Where a restore puts it: `keys` may be on a disk that is elsewhere just then, or is to become a link.
  var restoredLookupKey: String { path + "/station/lookup.key" }
}
