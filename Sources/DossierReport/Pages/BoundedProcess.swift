internal import Glibc

/// Another program run under limits: input from a file without a name, output and talk through pipes read as they come,
/// killed and waited for when it takes too long or says too much.
public struct BoundedProcess {
  public struct Limits: Sendable {
    /// Of the clock on the wall; processor time is limited to as much.
    public var seconds = 120
    /// Of address space, in bytes.
    public var memory = 3 << 30
    /// Of the result, in bytes.
    public var output = 64 << 20

    public init() {}
  }

  public enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case tooMuchOutput
  }

  public struct Result: Sendable {
    public var ending: Ending
    public var output: [UInt8]
    /// What it wrote to standard error, at most 64 kB from its beginning and the newest line after that is lost.
    public var talk: [UInt8]
  }

  /// The system's reason why a program could not be started or fed.
  public struct CouldNotStart: Error { public var code: Int32 }

  private static let talkLimit = 64 << 10

  /// Where a program of this name is, by `$PATH`; nil when it is nowhere.
  public static func find(_ name: String, path: String? = nil) -> String? {
    let path = path ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }

  /// Runs `arguments`, the first of which is the path of the program.
  public static func run(
    _ arguments: [String], environment: [String], input: [UInt8], limits: Limits
  ) throws -> Result {
    let source = try unnamedFile(input)
    defer { close(source) }
    let output = try Pipe()
    defer { output.closeBoth() }
    let talk = try Pipe()
    defer { talk.closeBoth() }
    let child = try start(arguments, environment, descriptors: [source, output.writing, talk.writing])
    output.closeWriting()
    talk.closeWriting()
    return watch(child, output: output.reading, talk: talk.reading, limits: limits)
  }

  // MARK: Starting

  /// A file that only this process can reach and that is gone with it. Unlike a pipe it never makes a writer wait, and a
  /// reader who leaves early costs no signal.
  private static func unnamedFile(_ bytes: [UInt8]) throws -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/dossier-page-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw CouldNotStart(code: errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let code = errno
        close(descriptor)
        throw CouldNotStart(code: code)
      }
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  private final class Pipe {
    let reading: Int32
    private(set) var writing: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw CouldNotStart(code: errno) }
      (reading, writing) = (ends[0], ends[1])
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    func closeWriting() {
      guard writing >= 0 else { return }
      close(writing)
      writing = -1
    }

    func closeBoth() {
      closeWriting()
      close(reading)
    }
  }

  /// Signals are set back: whoever ignores or blocks them here means its own process.
  private static func start(
    _ arguments: [String], _ environment: [String], descriptors: [Int32]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A group of its own: Ctrl-C at a terminal is for the program that started it, which decides what becomes of it.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    let words = arguments.map { strdup($0) } + [nil]
    let settings = environment.map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, arguments[0], &actions, &attributes, words, settings)
    guard code == 0 else { throw CouldNotStart(code: code) }
    return child
  }

  // MARK: Watching

  private static func watch(
    _ child: pid_t, output: Int32, talk: Int32, limits: Limits
  ) -> Result {
    var result = Result(ending: .timedOut, output: [], talk: [])
    let end = now() + Int64(limits.seconds) * 1_000
    var isDone = false
    while !isDone {
      let left = end - now()
      guard left > 0 else { break }
      // Short waits, because another child started at the same moment may hold our pipe's end open.
      var waited = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: talk, events: Int16(POLLIN), revents: 0),
      ]
      poll(&waited, 2, Int32(min(left, 100)))
      var status: Int32 = 0
      let answer = waitpid(child, &status, WNOHANG)
      let outputEnded = drain(output, into: &result.output, limit: limits.output + 1)
      let talkEnded = drain(talk, into: &result.talk, limit: talkLimit)
      if answer == child {
        result.ending = ending(status)
        isDone = true
      } else if result.output.count > limits.output {
        break
      } else if outputEnded && talkEnded {
        // It has closed its ends and is about to leave.
        usleep(2_000)
      }
    }
    if !isDone {
      kill(child, SIGKILL)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      result.ending = result.output.count > limits.output ? .tooMuchOutput : .timedOut
    } else if result.output.count > limits.output {
      result.ending = .tooMuchOutput
    }
    return result
  }

  /// Reads what is there; what exceeds the limit is read and dropped.
  /// - Returns: whether the other side has closed its end.
  private static func drain(_ descriptor: Int32, into bytes: inout [UInt8], limit: Int) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count > 0 {
          bytes.append(contentsOf: buffer.prefix(min(count, max(0, limit - bytes.count))))
          if bytes.count >= limit { return false }
        } else if count == 0 {
          return true
        } else if errno != EINTR {
          return false
        }
      }
    }
  }

  private static func ending(_ status: Int32) -> Ending {
    status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
  }

  /// Milliseconds of the clock that only runs forward.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
