internal import CustodyLog
internal import DossierCore
internal import Glibc

/// The files of one store and how they are written: whole or not at all.
///
/// The signer's store, `keys`, lies beside the database, not in it, so that a database that was rolled back or
/// replaced is noticed and never signed. `keys` may be a symbolic link: then the signer's store is on another disk,
/// and a copy of the data's folder does not take it along.
struct StoreFolder: Sendable {
  let path: String
  /// The signer's store.
  let keys: String

  init(path: String) {
    self.path = path
    keys = path + "/keys"
  }

  /// A signer's store alone.
  init(keys: String) {
    path = keys
    self.keys = keys
  }

  var database: String { path + "/store.sqlite" }
  /// The key that signs.
  var signingKey: String { keys + "/log.key" }
  var verifierKey: String { keys + "/log.pub" }
  /// While a key is being replaced: the one that will sign alone.
  var nextSigningKey: String { keys + "/next.key" }
  var nextVerifierKey: String { keys + "/next.pub" }
  /// While a successor log is being opened: its key.
  var successorSigningKey: String { keys + "/successor.key" }
  var successorVerifierKey: String { keys + "/successor.pub" }
  /// Public keys that no longer sign, each with the size up to which what it signed holds.
  var formerKeys: String { keys + "/former.pub" }
  /// The signer's memory: the last signed checkpoint and when it was signed.
  var checkpoint: String { keys + "/head" }
  /// There when the log is frozen: its final checkpoint.
  var frozen: String { keys + "/frozen" }
  private var lock: String { keys + "/lock" }

  var exists: Bool { access(database, F_OK) == 0 }
  var isFrozen: Bool { access(frozen, F_OK) == 0 }

  /// Whether there is a signer's store, whatever is in it.
  var hasSigner: Bool { [signingKey, verifierKey, checkpoint].contains { Self.isTaken($0) } }

  /// Makes the folders.
  ///
  /// - Parameter signer: where the signer's store lies if it is not to be `keys` itself.
  /// - Throws: also when there is another signer's store where this one should be.
  func create(signer: String? = nil) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Self.unwritable(path) }
    try Self.makePrivate(signer ?? keys)
    if let signer { try link(signer) }
    if hasSigner { throw TrackerRefusal(Finding(.signerExists, path: keys)) }
  }

  /// Makes `keys` a link to a folder elsewhere.
  func link(_ signer: String) throws {
    guard let target = realpath(signer, nil) else { throw Self.unwritable(signer) }
    defer { free(target) }
    if symlink(target, keys) == 0 { return }
    guard errno == EEXIST, let present = realpath(keys, nil) else { throw Self.unwritable(keys) }
    defer { free(present) }
    guard strcmp(present, target) == 0 else {
      throw TrackerRefusal(Finding(.signerExists, path: keys))
    }
  }

  static func makePrivate(_ folder: String) throws {
    if mkdir(folder, 0o700) == 0 { return try syncFolder(of: folder) }
    guard errno == EEXIST else { throw unwritable(folder) }
  }

  /// The folder that `keys` stands for; nil when there is none.
  var signerPlace: String? {
    guard let place = realpath(keys, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
  }

  /// Writes a file so that at every instant either the old or the new content is there, on the disk.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
    let temporary = path + ".new"
    unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw unwritable(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let refusal = unwritable(path)
        close(file)
        unlink(temporary)
        throw refusal
      }
      written += count
    }
    let synced = fsync(file) == 0
    close(file)
    guard synced, rename(temporary, path) == 0 else {
      let refusal = unwritable(path)
      unlink(temporary)
      throw refusal
    }
    try syncFolder(of: path)
  }

  static func syncFolder(of path: String) throws {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// - Returns: nil when there is no such file.
  static func read(_ path: String, limit: Int = 1 << 20) throws -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw TrackerRefusal(Finding(.unreadableFile, file: path, detail: String(cString: strerror(errno))))
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < limit {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw TrackerRefusal(Finding(.unreadableFile, file: path, detail: String(cString: strerror(errno))))
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// Takes a file away; one that is not there is no fault.
  static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw unwritable(path) }
  }

  /// The first line of a file; nil when there is no such file.
  static func line(_ path: String) throws -> String? {
    guard let bytes = try read(path) else { return nil }
    return String(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" })
  }

  static func isTaken(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Size and SHA-256 of a file.
  ///
  /// - Parameter each: gets every part, in order.
  static func digest(
    _ path: String, each: (ArraySlice<UInt8>) throws -> Void = { _ in }
  ) throws -> (Int64, Digest) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw TrackerRefusal(Finding(.unreadableFile, file: path, detail: String(cString: strerror(errno))))
    }
    defer { close(file) }
    var digest = StreamingSHA256()
    var size: Int64 = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw TrackerRefusal(Finding(.unreadableFile, file: path, detail: String(cString: strerror(errno))))
      }
      if count == 0 { return (size, digest.finalized()) }
      let part = buffer[..<count]
      part.withUnsafeBytes { digest.update($0) }
      size += Int64(count)
      try each(part)
    }
  }

  /// Permission bits of a file; nil when there is no such file.
  static func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  /// Runs `body` while no other process signs for this store.
  func whileLocked<T>(_ body: () throws -> T) throws -> T {
    let file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.unwritable(lock) }
    defer { close(file) }
    while flock(file, LOCK_EX) != 0 {
      if errno != EINTR { throw Self.unwritable(lock) }
    }
    return try body()
  }

  static func unwritable(_ path: String) -> TrackerRefusal {
    TrackerRefusal(Finding(.storeUnwritable, path: path, detail: String(cString: strerror(errno))))
  }
}
