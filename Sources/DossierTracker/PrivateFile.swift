public import DossierCore
internal import Glibc

/// Small files beside the store that only its owner may read, written whole or not at all.
public struct PrivateFile: Hashable, Sendable {
  public let path: String
  /// The folders it lies in, the outer first; each is its owner's alone.
  private let folders: [String]
  private let limit: Int

  /// What changes whenever the file was written.
  public struct Stamp: Hashable, Sendable {
    private let node: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    fileprivate init(_ status: stat) {
      node = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// - Parameters:
  ///   - folder: made when it is not there and something is to be written.
  ///   - above: the folder around that one, made likewise; nil when it is there.
  ///   - limit: a file of that many bytes or more is none of ours.
  public init(folder: String, name: String, above: String? = nil, limit: Int = 64 << 20) {
    folders = (above.map { [$0] } ?? []) + [folder]
    path = "\(folder)/\(name)"
    self.limit = limit
  }

  /// Nil when there is no such file.
  public var stamp: Stamp? {
    var status = stat()
    return stat(path, &status) == 0 ? Stamp(status) : nil
  }

  /// - Returns: nil when there is no such file.
  /// - Throws: ``TrackerRefusal`` when it cannot be read or is too large.
  public func read() throws -> [UInt8]? {
    guard let bytes = try StoreFolder.read(path, limit: limit) else { return nil }
    guard bytes.count < limit else {
      throw TrackerRefusal(Finding(.tooLarge, file: path, expected: "< \(limit)"))
    }
    return bytes
  }

  /// Replaces the content: at every instant either the old or the new one is there, on the disk.
  public func write(_ bytes: [UInt8]) throws {
    try makeFolders()
    try StoreFolder.write(bytes, to: path, mode: 0o600)
  }

  /// Takes the file away, on the disk; one that is not there is no fault.
  public func remove() throws {
    try StoreFolder.remove(path)
    try StoreFolder.syncFolder(of: path)
  }

  /// Runs `body` while no other process, and no other thread of this one, does so with the same file.
  public func whileLocked<T>(_ body: () throws -> T) throws -> T {
    let file = try openLock()
    defer { close(file) }
    while flock(file, LOCK_EX) != 0 {
      if errno != EINTR { throw StoreFolder.unwritable(lock) }
    }
    return try body()
  }

  /// What somebody has for himself as long as it lives, or until the kernel ends the process in whatever way.
  public final class Hold: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
  }

  /// Takes the file for this process, without waiting; the number of the process is noted for others.
  ///
  /// - Parameter code: what it is called when another one has it; `path` is the lock, `detail` that process.
  /// - Throws: ``TrackerRefusal``.
  public func hold(orRefuse code: FindingCode) throws -> Hold {
    let file = try openLock()
    let hold = Hold(file)
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw StoreFolder.unwritable(lock) }
      var noted = [UInt8](repeating: 0, count: 16)
      let count = pread(file, &noted, noted.count, 0)
      let process = Int32(String(decoding: noted.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self))
      throw TrackerRefusal(Finding(code, path: path, detail: process.map { "pid \($0)" }))
    }
    let note = Array("\(getpid())\n".utf8)
    guard ftruncate(file, 0) == 0, pwrite(file, note, note.count, 0) == note.count else {
      throw StoreFolder.unwritable(lock)
    }
    return hold
  }

  private var lock: String { path + ".lock" }

  private func openLock() throws -> Int32 {
    try makeFolders()
    let file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreFolder.unwritable(lock) }
    return file
  }

  private func makeFolders() throws {
    for folder in folders { try StoreFolder.makePrivate(folder) }
  }
}
