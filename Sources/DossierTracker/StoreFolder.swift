internal import CustodyLog
internal import DossierCore
internal import Glibc

/// The files of one store and how they are written: whole or not at all.
///
/// The log's key and the last signed checkpoint lie beside the database, not in it, readable by their owner
/// alone, so that a database that was rolled back or replaced is noticed and never signed.
struct StoreFolder: Sendable {
  let path: String

  var database: String { path + "/store.sqlite" }
  var keys: String { path + "/keys" }
  var signingKey: String { keys + "/log.key" }
  var verifierKey: String { keys + "/log.pub" }
  var checkpoint: String { keys + "/checkpoint" }
  private var lock: String { keys + "/lock" }

  var exists: Bool { access(database, F_OK) == 0 }

  func create() throws {
    for folder in [path, keys] where mkdir(folder, folder == keys ? 0o700 : 0o755) != 0 && errno != EEXIST {
      throw Self.unwritable(folder)
    }
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

  private static func syncFolder(of path: String) throws {
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

  private static func unwritable(_ path: String) -> TrackerRefusal {
    TrackerRefusal(Finding(.storeUnwritable, path: path, detail: String(cString: strerror(errno))))
  }
}
