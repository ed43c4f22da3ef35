internal import DossierTracker
internal import Glibc

/// What the process finds around it.
enum Surroundings {
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  static var dataFolder: String? { variable("DOSSIER_DATA") }

  /// The first variable that is set decides, as in every other program (POSIX, 8.2).
  static var locale: String? { variable("LC_ALL") ?? variable("LC_MESSAGES") ?? variable("LANG") }
  static var language: Language { locale?.hasPrefix("en") == true ? .en : .vi }

  /// Path of this very program.
  static var program: String {
    guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments.first ?? "dossier" }
    defer { free(path) }
    return String(cString: path)
  }

  static func reason(_ errorNumber: Int32) -> String { String(cString: strerror(errorNumber)) }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether a table on this descriptor may be bold (no-color.org).
  static func takesColour(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && variable("NO_COLOR") == nil && variable("TERM") != "dumb"
  }

  /// Columns of the terminal; nil when it is none.
  static func width(_ descriptor: Int32) -> Int? {
    guard isTerminal(descriptor) else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Milliseconds of a clock that never jumps.
  static var elapsed: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension Surroundings {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
