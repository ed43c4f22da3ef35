internal import Glibc

/// Gives SQLite's write-ahead log its full size before it is needed.
///
/// A commit into a file that grows makes the file system write down the new size as well, a second write to the disk
/// that costs a scan a third of its time. So a process that commits again and again fills the log's file with zeros up
/// to the size at which SQLite begins it anew. Zeros are no valid frame (its salts and checksum do not fit), so to
/// SQLite they are the end of the log.
///
/// Confined to the store's serial queue. It writes only within a transaction that holds the log's write lock: no other
/// process can be appending where the zeros go. SQLite keeps no lock on this file that closing it here could give up.
final class WriteAheadRoom {
  private let path: String
  private var commits = 0
  /// One command with a few commits is quicker without.
  private static let commitsBefore = 8
  /// A little more than the 1,000 pages of 8 KiB after which SQLite starts at the beginning again.
  private static let size = 9 << 20

  init(path: String) { self.path = path + "-wal" }

  func committed() { commits += 1 }

  /// Makes room once, when this process has shown that it goes on writing. What fails here costs only time.
  func prepare() {
    guard commits == Self.commitsBefore else { return }
    commits += 1
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    var disk = statvfs()
    // The last of a disk belongs to the rows.
    guard fstat(file, &status) == 0, fstatvfs(file, &disk) == 0,
      UInt64(disk.f_bavail) > UInt64(Self.size * 8) / UInt64(max(1, disk.f_frsize))
    else { return }
    let zeros = [UInt8](repeating: 0, count: 256 << 10)
    var position = Int(status.st_size)
    while position < Self.size {
      let written = pwrite(file, zeros, min(zeros.count, Self.size - position), off_t(position))
      guard written > 0 else { return }
      position += written
    }
    fdatasync(file)
  }
}
