internal import DossierCore
internal import Glibc

/// Small files beside the store that only its owner may read, written whole or not at all.
public struct PrivateFile: Hashable, Sendable {
  public let path: String
  /// The folder it lies in, which is its owner's alone.
  private let folder: String

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

  public init(folder: String, name: String) {
    self.folder = folder
    path = "\(folder)/\(name)"
  }

  /// Nil when there is no such file.
  public var stamp: Stamp? {
    var status = stat()
    return stat(path, &status) == 0 ? Stamp(status) : nil
  }

  /// - Returns: nil when there is no such file.
  /// - Throws: ``TrackerRefusal`` when it cannot be read or is larger than 64 MiB.
  public func read() throws -> [UInt8]? {
    let limit = 64 << 20
    guard let bytes = try StoreFolder.read(path, limit: limit) else { return nil }
    guard bytes.count < limit else {
      throw TrackerRefusal(Finding(.tooLarge, file: path, expected: "< \(limit)"))
    }
    return bytes
  }

  /// Replaces the content: at every instant either the old or the new one is there, on the disk.
  public func write(_ bytes: [UInt8]) throws {
    try StoreFolder.makePrivate(folder)
    try StoreFolder.write(bytes, to: path, mode: 0o600)
  }

  /// Runs `body` while no other process, and no other thread of this one, does so with the same file.
  public func whileLocked<T>(_ body: () throws -> T) throws -> T {
    try StoreFolder.makePrivate(folder)
    let lock = path + ".lock"
    let file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreFolder.unwritable(lock) }
    defer { close(file) }
    while flock(file, LOCK_EX) != 0 {
      if errno != EINTR { throw StoreFolder.unwritable(lock) }
    }
    return try body()
  }
}
