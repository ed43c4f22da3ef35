internal import DossierTracker
internal import Glibc

/// Where a verb's result goes: standard output, or a file that appears under its name only when it is whole.
///
/// A reader who closes the pipe has seen enough: what is written afterwards is dropped without a word, and
/// verbs that only print stop at `isClosed`.
final class ResultOutput {
  private enum Destination {
    case unopened
    /// Standard output, or a device or pipe by name.
    case direct
    /// A file beside the one asked for, which takes its name in the end.
    case draft(String)
  }

  private let file: String?
  private var descriptor: Int32
  private var destination: Destination
  private var buffer: [UInt8] = []
  private(set) var isClosed = false
  private var hasBegun = false
  /// Whether a result stands on standard output, so that nothing else may be put there.
  var occupiesStandardOutput: Bool { hasBegun && file == nil }

  /// Whether a file is to be readable by its owner alone, since it may hold personal data.
  var isPrivate = false

  private static let limit = 1 << 16

  init(file: String?) {
    self.file = file
    descriptor = file == nil ? 1 : -1
    destination = file == nil ? .direct : .unopened
  }

  func write(_ text: String) throws { try write(bytes: text.utf8) }

  func write(bytes: some Sequence<UInt8>) throws {
    if isClosed { return }
    hasBegun = true
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.limit { try flush() }
  }

  /// Hands everything written so far to the reader.
  func flush() throws {
    try open()
    var rest = buffer[...]
    while !rest.isEmpty && !isClosed {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE {
        isClosed = true
      } else if errno != EINTR {
        throw refusal()
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// To be called once, when the result is whole.
  func finish() throws {
    guard hasBegun else { return }
    try flush()
    guard let file, case .draft(let draft) = destination else { return }
    guard fsync(descriptor) == 0 else { throw refusal() }
    guard rename(draft, file) == 0 else { throw refusal() }
    close(descriptor)
    destination = .direct
    Interruption.forget(draft)
  }

  /// Leaves no half result behind.
  func abandon() {
    buffer.removeAll()
    isClosed = true
    if case .draft(let draft) = destination { unlink(draft) }
  }

  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw TrackerRefusal(Finding(.outputUnwritable, path: path, detail: Surroundings.reason(errno)))
    }
  }

  private func open() throws {
    guard let file, case .unopened = destination else { return }
    // Only a plain file can be replaced.
    var status = stat()
    if stat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      descriptor = Glibc.open(file, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw refusal() }
      destination = .direct
      return
    }
    let draft = "\(file).new-\(getpid())"
    descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    guard descriptor >= 0 else { throw refusal() }
    destination = .draft(draft)
    Interruption.remember(draft)
  }

  private func refusal() -> TrackerRefusal {
    TrackerRefusal(
      Finding(.outputUnwritable, path: file ?? "-", detail: Surroundings.reason(errno)))
  }
}
