import Glibc

/// Where a sample is written: names are relative, with `/` between folders.
public protocol SampleDestination {
  func create(_ path: String) throws -> any SampleFile
}

/// One file being written from its beginning to its end.
public protocol SampleFile {
  func write(_ bytes: UnsafeRawBufferPointer) throws
  func close() throws
}

public enum SampleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An option outside its range: its name, what was asked for and what is possible.
  case invalidOption(String, asked: Int, possible: ClosedRange<Int>)
  case cannotWrite(path: String, errorNumber: Int32)

  public var description: String {
    switch self {
    case .invalidOption(let name, let asked, let possible):
      "\(name) is \(asked), not within \(possible.lowerBound) to \(possible.upperBound)"
    case .cannotWrite(let path, let errorNumber):
      "cannot write \(path): \(String(cString: strerror(errorNumber)))"
    }
  }
}

/// Writes below a folder, which is created when needed; a file of the same name is replaced.
public struct SampleDirectory: SampleDestination {
  private let root: String

  public init(_ root: String) { self.root = root }

  public func create(_ path: String) throws -> any SampleFile {
    let full = root + "/" + path
    var folder = ""
    for part in full.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += part + "/"
      guard !part.isEmpty else { continue }
      if mkdir(folder, 0o777) != 0, errno != EEXIST {
        throw SampleError.cannotWrite(path: folder, errorNumber: errno)
      }
    }
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SampleError.cannotWrite(path: full, errorNumber: errno) }
    return DescriptorFile(descriptor: descriptor, path: full)
  }
}

private final class DescriptorFile: SampleFile {
  private var descriptor: Int32
  private let path: String

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw SampleError.cannotWrite(path: path, errorNumber: errno)
      }
    }
  }

  func close() throws {
    let closing = descriptor
    descriptor = -1
    guard closing < 0 || Glibc.close(closing) == 0 else {
      throw SampleError.cannotWrite(path: path, errorNumber: errno)
    }
  }
}

/// Keeps a sample in memory, for tests.
public final class SampleMemory: SampleDestination {
  public private(set) var files: [String: [UInt8]] = [:]

  public init() {}

  public func create(_ path: String) throws -> any SampleFile {
    files[path] = []
    return Part(memory: self, path: path)
  }

  private struct Part: SampleFile {
    let memory: SampleMemory
    let path: String

    func write(_ bytes: UnsafeRawBufferPointer) { memory.files[path, default: []].append(contentsOf: bytes) }
    func close() {}
  }
}

/// Text on its way to a file: grows to a quarter of a mebibyte, then goes out.
struct SampleText {
  private var bytes: [UInt8] = []
  private let file: any SampleFile
  private(set) var total = 0

  private static let limit = 1 << 18

  init(_ file: any SampleFile) {
    self.file = file
    bytes.reserveCapacity(Self.limit + (1 << 15))
  }

  mutating func put(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ text: [UInt8]) { bytes.append(contentsOf: text) }

  /// A number that is not negative, with leading zeros up to `width` digits.
  mutating func put(_ number: Int, width: Int = 1) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      var rest = number
      repeat {
        start -= 1
        digits[start] = UInt8(truncatingIfNeeded: 48 + rest % 10)
        rest /= 10
      } while rest > 0 || digits.count - start < width
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// `2026-01-05`
  mutating func putDate(_ day: Int) {
    let date = SampleDate.civil(day)
    put(date.year, width: 4)
    put("-")
    put(date.month, width: 2)
    put("-")
    put(date.day, width: 2)
  }

  /// `260105`
  mutating func putShortDate(_ day: Int) {
    let date = SampleDate.civil(day)
    put(date.year % 100 * 10_000 + date.month * 100 + date.day, width: 6)
  }

  /// `2026-01-05T09:12:00+07:00`
  mutating func putTime(_ seconds: Int) {
    putDate(SampleDate.day(ofSeconds: seconds))
    let time = seconds % SampleDate.secondsPerDay
    put("T")
    put(time / 3_600, width: 2)
    put(":")
    put(time / 60 % 60, width: 2)
    put(":")
    put(time % 60, width: 2)
    put("+07:00")
  }

  /// To be called after each item or event: what stands between two calls is a few kilobytes at most.
  mutating func flushIfFull() throws {
    if bytes.count >= Self.limit { try flush() }
  }

  mutating func finish() throws {
    try flush()
    try file.close()
  }

  private mutating func flush() throws {
    try bytes.withUnsafeBytes { try file.write($0) }
    total += bytes.count
    bytes.removeAll(keepingCapacity: true)
  }
}
