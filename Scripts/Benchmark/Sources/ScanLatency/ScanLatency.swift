import DossierTracker
import Glibc

/// Latency of one durable scan, beside a raw `fdatasync` of the same minute.
///
/// `ScanLatency STORE MANIFEST COUNT`: the store must hold the manifest, whose receiver scans. Prints one JSON object:
/// medians and 99th percentiles in microseconds, and the rate of single scans and of ten scans a commit.
@main
struct ScanLatency {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]) else {
      print("usage: ScanLatency STORE MANIFEST COUNT")
      exit(64)
    }
    let tracker = try Tracker(opening: arguments[1])
    guard case .manifest(let manifest, let items)? = try tracker.show(arguments[2]), items.count >= count * 11 else {
      print("no such manifest, or fewer than \(count * 11) items")
      exit(2)
    }
    let raw = try RawDisk(path: arguments[1] + "/raw-fdatasync")
    var rawTimes: [Double] = []
    var singleTimes: [Double] = []
    var groupTimes: [Double] = []
    var next = 0
    // In turns, so that a slow minute of the disk is slow for both.
    for _ in 0..<count {
      rawTimes.append(try time { try raw.write() })
      singleTimes.append(
        try time {
          _ = try tracker.record(
            EventRequest(
              .received, item: items[next].number, grade: .observed, office: manifest.receiver, by: "BENCH",
              manifest: manifest.number))
        })
      next += 1
    }
    let session = try tracker.receive(manifest: manifest.number, by: "BENCH")
    for _ in 0..<count {
      let lines = items[next..<(next + 10)].map(\.number)
      groupTimes.append(try time { _ = try session.scan(lines) })
      next += 10
    }
    raw.remove()
    func at(_ share: Double, _ times: [Double]) -> String {
      let sorted = times.sorted()
      let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 1e6
      return "\(Int(value.rounded()))"
    }
    let single = singleTimes.reduce(0, +)
    let group = groupTimes.reduce(0, +)
    print(
      """
      {"fdatasync_p50_us":\(at(0.5, rawTimes)),"scan_p50_us":\(at(0.5, singleTimes)),\
      "scan_p99_us":\(at(0.99, singleTimes)),"group10_p50_us":\(at(0.5, groupTimes)),\
      "singles_per_s":\(Int(Double(count) / single)),"group10_per_s":\(Int(Double(count * 10) / group))}
      """)
  }

  private static func time(_ body: () throws -> Void) rethrows -> Double {
    var start = timespec()
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &start)
    try body()
    clock_gettime(CLOCK_MONOTONIC, &end)
    return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
  }
}

/// Writes of one page into a file that has its final size already, each made durable.
struct RawDisk {
  private let path: String
  private let file: Int32
  private let page = [UInt8](repeating: 7, count: 4096)
  private var position: off_t { off_t(Int.random(in: 0..<4096)) * 4096 }

  init(path: String) throws {
    self.path = path
    file = open(path, O_RDWR | O_CREAT, 0o600)
    for index in 0..<4096 { pwrite(file, page, page.count, off_t(index) * 4096) }
    fsync(file)
  }

  func write() throws {
    pwrite(file, page, page.count, position)
    fdatasync(file)
  }

  func remove() {
    close(file)
    unlink(path)
  }
}
