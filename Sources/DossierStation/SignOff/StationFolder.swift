internal import DossierTracker
internal import Glibc

/// A folder of small files that are there whole or not at all.
struct StationFolder: Sendable {
  let path: String

  /// Longer files are none that a station wrote.
  private static let limit = 1 << 16

  /// Runs `body` while nobody else does, in this process or another.
  func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
    try make()
    let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw refusal }
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      if errno != EINTR { throw refusal }
    }
    return try body()
  }

  /// - Returns: nil when there is no such file.
  func read(_ name: String) throws -> [UInt8]? {
    let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw refusal
    }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: Self.limit)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw refusal }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }

  /// Writes a file so that at every instant either the old or the new content is there, on the disk.
  func write(_ bytes: [UInt8], to name: String) throws {
    try make()
    let target = "\(path)/\(name)"
    let draft = target + ".new"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw refusal }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        break
      }
    }
    let isWhole = rest.isEmpty && fsync(file) == 0
    close(file)
    guard isWhole, rename(draft, target) == 0 else {
      let refusal = refusal
      unlink(draft)
      throw refusal
    }
    sync(path)
  }

  /// A file that is not there is no fault.
  func remove(_ name: String) throws {
    guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else { throw refusal }
    sync(path)
  }

  /// Makes the folder and the one that it lies in.
  private func make() throws {
    let above = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    for folder in [above, path] {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw refusal }
    }
    sync(above)
  }

  private func sync(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private var refusal: TrackerRefusal {
    TrackerRefusal(Finding(.storeUnwritable, path: path, detail: String(cString: strerror(errno))))
  }
}
