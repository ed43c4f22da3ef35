internal import Glibc

/// A file without a name: readable by this process alone, and gone when it ends.
///
/// Writers append from any thread; what was appended never changes, so reading needs no lock.
final class TemporaryFile: Sendable {
  /// The folder for temporary files cannot be used.
  struct Failure: Error {}

  private let descriptor: Int32

  init() throws(Failure) {
    var folders = ["/var/tmp", "/tmp"]
    if let chosen = getenv("TMPDIR") { folders.insert(String(cString: chosen), at: 0) }
    for folder in folders {
      var path = Array("\(folder)/dossier-audit-XXXXXX".utf8CString)
      let descriptor = mkstemp(&path)  // with mode 0600
      if descriptor < 0 { continue }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      unlink(path)
      self.descriptor = descriptor
      return
    }
    throw Failure()
  }

  deinit { close(descriptor) }

  /// Writes all bytes at a place that nobody else writes to; false when they cannot be written.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Bool {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let count = pwrite(descriptor, start + done, bytes.count - done, off_t(offset) + done)
      if count > 0 { done += count } else if count == 0 || errno != EINTR { return false }
    }
    return true
  }

  /// Fills `bytes` from `offset` on; false when the file does not hold so many, or cannot be read.
  func read(into bytes: UnsafeMutableRawBufferPointer, from offset: Int64) -> Bool {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let count = pread(descriptor, start + done, bytes.count - done, off_t(offset) + done)
      if count > 0 { done += count } else if count == 0 || errno != EINTR { return false }
    }
    return true
  }
}
