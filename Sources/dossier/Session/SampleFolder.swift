internal import DossierTracker
internal import Foundation

/// Where the demo's documents lie.
struct SampleFolder {
  let path: String

  var offices: String { path + "/offices.csv" }

  /// The folder named, else `SampleData` here, else `SampleData` in a folder above the program.
  static func find(_ named: String?) throws -> SampleFolder {
    if let named {
      guard isThere(named) else { throw absent(named) }
      return SampleFolder(path: named)
    }
    var candidates = ["SampleData"]
    var program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    while let slash = program.lastIndex(of: "/"), slash > program.startIndex {
      program = String(program[..<slash])
      candidates += [program + "/SampleData", program + "/share/dossier/SampleData"]
    }
    guard let found = candidates.first(where: isThere) else { throw absent("SampleData") }
    return SampleFolder(path: found)
  }

  private static func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/offices.csv")
  }

  private static func absent(_ path: String) -> TrackerRefusal {
    TrackerRefusal(Finding(.unreadableFile, file: path + "/offices.csv", detail: "--samples DIR"))
  }

  func manifests() throws -> [String] { try files("manifests") }
  func rejected() throws -> [String] { try files("rejected") }
  func scans() throws -> [String] { try files("scans") }
  func feeds() throws -> [String] { try files("events").filter { !Self.isLate($0) } }
  func lateFeeds() throws -> [String] { try files("events").filter(Self.isLate) }

  private static func isLate(_ path: String) -> Bool { name(path, without: "").hasPrefix("late") }

  static func name(_ path: String, without ending: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
  }

  private func files(_ folder: String) throws -> [String] {
    let full = path + "/" + folder
    return try FileManager.default.contentsOfDirectory(atPath: full)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { full + "/" + $0 }
  }
}
