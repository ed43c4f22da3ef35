import Foundation
import Testing

/// The floor plan of ARCHITECTURE.md: a module exists to keep a dependency out, so what each may import is written
/// down here and compared with every source file and with the package's own description.
@Suite struct FloorPlanTests {
  @Test func everySourceFileImportsOnlyWhatItsModuleMay() throws {
    let files = try SourceTree.files()
    for module in FloorPlan.allowed.keys where !FloorPlan.headersOnly.contains(module) {
      #expect(files.contains { $0.module == module }, "no source file of \(module) was read")
    }
    for file in files {
      let violations = FloorPlan.violations(module: file.module, source: file.text)
      #expect(violations.isEmpty, "\(file.path): \(violations.joined(separator: ", "))")
    }
  }

  @Test func everyFolderOfSourcesIsAModuleOfThePlan() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root + "/Sources")
    #expect(Set(folders.filter { !$0.hasPrefix(".") }) == Set(FloorPlan.allowed.keys))
  }

  @Test func thePackageDeclaresOnlyWhatThePlanAllows() throws {
    let package = try PackageDescription.ofThisPackage()
    #expect(FloorPlan.violations(package) == [])
    let sources = package.targets.filter { $0.type != "test" }.map(\.name)
    #expect(Set(sources) == Set(FloorPlan.allowed.keys))
  }

  @Test(arguments: [
    ("CustodyLog", "import Foundation"),
    ("CustodyLog", "public import DossierCore"),
    ("DossierCore", "internal import Foundation"),
    ("DossierCore", "import FoundationEssentials"),
    ("DossierCore", "@preconcurrency import GRDB"),
    ("DossierManifest", "import CLibXML2"),
    ("DossierManifest", "import struct GRDB.Row"),
    ("DossierManifest", "  internal import GRDB.Row"),
    ("DossierReport", "import DossierSQLite"),
    ("DossierTracker", "@_exported public import GRDB"),
    ("DossierTracker", "struct First {}; import ArgumentParser"),
    ("dossier", "internal import DossierSQLite"),
    ("dossier", "import DossierManifest"),
    ("DossierTracker", "import WitnessService"),
    ("DossierSQLite", "#include <libxml/parser.h>"),
    ("CZlib", "#  include \"libxml/tree.h\""),
    ("Unheard", "import Swift"),
  ])
  func aForbiddenImportIsFound(module: String, line: String) {
    let source = "// Why this file is here.\n\(line)\n\nstruct Value {}\n"
    #expect(FloorPlan.violations(module: module, source: source).count == 1)
  }

  @Test func importsThatAreNotThereAreNotFound() {
    let source = """
      // import Foundation
      /// Uses `import GRDB` nowhere.
      struct Port { let importantThing = 1 }
      let text = "import Foundation"
      @_spi(_Unicode) import Swift
      #if canImport(Foundation)
      #endif
      """
    #expect(FloorPlan.violations(module: "CustodyLog", source: source) == [])
  }

  @Test func aForbiddenDependencyOfATargetIsFound() throws {
    var package = try PackageDescription.ofThisPackage()
    let core = try #require(package.targets.firstIndex { $0.name == "DossierCore" })
    package.targets[core].dependencies.append("DossierManifest")
    #expect(FloorPlan.violations(package).count == 1)
  }
}

/// Which modules a module may import. Platform modules are named too: the two lowest floors do without Foundation.
enum FloorPlan {
  /// System libraries without a source file of their own.
  static let headersOnly: Set<String> = [
    "CZlib", "CZstd", "CSQLite", "CXLSXWriter", "CLibZip", "CZint", "CArgon2",
  ]

  static let allowed: [String: Set<String>] = [
    "CustodyLog": ["Swift", "Synchronization", "Crypto"],
    "DossierCore": ["Swift", "Synchronization", "CustodyLog"],
    "CLibXML2": ["libxml"],
    "CXMLReader": ["CLibXML2", "libxml"],
    "CZlib": [],
    "CZstd": [],
    "CSQLite": [],
    "CXLSXWriter": [],
    "CLibZip": [],
    "CZint": [],
    "CArgon2": [],
    "DossierManifest": platform.union(["CustodyLog", "DossierCore", "CXMLReader", "CZlib"]),
    "DossierSQLite": platform.union(["CustodyLog", "DossierCore", "GRDB", "GRDBSQLite", "CZstd", "CSQLite"]),
    "DossierReport": platform.union([
      "CustodyLog", "DossierCore", "CXLSXWriter", "CZint", "CZlib", "Mustache",
    ]),
    "DossierSheets": platform.union(["CustodyLog", "DossierCore", "CXMLReader", "CLibZip"]),
    "DossierTracker": platform.union([
      "CustodyLog", "DossierCore", "DossierManifest", "DossierSQLite", "DossierReport",
      "DossierSheets", "SwiftCSV",
    ]),
    "DossierTesting": platform.union(["CustodyLog", "DossierCore"]),
    "WitnessService": platform.union(["DossierTracker"]),
    "DossierStation": platform.union([
      "DossierTracker", "CustodyLog", "CArgon2", "HTTPTypes", "Hummingbird", "HummingbirdCore",
      "HummingbirdTLS", "Logging",
      "Mustache",
      "NIOCore", "NIOHTTPTypes", "NIOPosix", "NIOSSL", "ServiceLifecycle",
    ]),
    "dossier": platform.union([
      "DossierTracker", "DossierStation", "DossierTesting", "WitnessService", "ArgumentParser",
    ]),
  ]

  private static let platform: Set<String> = [
    "Swift", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin",
  ]

  /// What a source file imports or includes that its module may not.
  static func violations(module: String, source: String) -> [String] {
    guard let allowed = allowed[module] else { return ["\(module) is no module of the floor plan"] }
    return source.split(whereSeparator: { $0.isNewline || $0 == ";" }).compactMap { line in
      guard let imported = importedModule(line), !allowed.contains(imported) else { return nil }
      return "\(module) may not import \(imported)"
    }
  }

  /// What the targets depend on that they may not.
  static func violations(_ package: PackageDescription) -> [String] {
    package.targets.filter { $0.type != "test" }.flatMap { target in
      target.dependencies.filter { !(allowed[target.name] ?? []).contains($0) }
        .map { "\(target.name) may not depend on \($0)" }
    }
  }

  /// The module that a line imports; `libxml` for a header of libxml2; nil for every other line.
  private static func importedModule(_ line: Substring) -> String? {
    let first = line.utf8.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    // Spares the work for the many lines that can be neither.
    guard let first, "@#ifp".utf8.contains(first) else { return nil }
    if first == UInt8(ascii: "#") {
      let directive = line.filter { !$0.isWhitespace }
      let isHeader = ["#include<", "#include\"", "#import<", "#import\""].contains {
        directive.hasPrefix($0 + "libxml/")
      }
      return isHeader ? "libxml" : nil
    }
    var words = line.split(whereSeparator: \.isWhitespace)[...]
    words = words.drop { $0.hasPrefix("@") || accessLevels.contains($0) }
    guard words.popFirst() == "import" else { return nil }
    words = words.drop { declarationKinds.contains($0) }
    return words.first.map { String($0.prefix { $0 != "." }) }
  }

  private static let accessLevels: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let declarationKinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
  ]
}

/// The files below Sources.
enum SourceTree {
  struct File {
    var module: String
    var path: String
    var text: String
  }

  static let root: String = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func files() throws -> [File] {
    let below = FileManager.default.enumerator(atPath: root + "/Sources")?.compactMap { $0 as? String } ?? []
    return try below.filter { name in [".swift", ".c", ".h"].contains { name.hasSuffix($0) } }.map { name in
      File(
        module: String(name.prefix { $0 != "/" }), path: "Sources/" + name,
        text: try String(contentsOfFile: root + "/Sources/" + name, encoding: .utf8))
    }
  }
}

/// What SwiftPM makes of Package.swift.
struct PackageDescription: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    /// Names of targets and products.
    var dependencies: [String]

    private enum Key: CodingKey { case name, type, dependencies }

    /// `{"byName": [name, null]}`, `{"target": [name, null]}` or `{"product": [name, package, null, null]}`.
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      name = try values.decode(String.self, forKey: .name)
      type = try values.decode(String.self, forKey: .type)
      dependencies = try values.decode([[String: [Part]]].self, forKey: .dependencies)
        .flatMap(\.values).compactMap { $0.first?.text }
    }

    private struct Part: Decodable {
      var text: String?
      init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }
  }

  var targets: [Target]

  struct CouldNotRun: Error { var status: Int32 }

  /// In a build folder of its own, because the one of this test run is locked.
  static func ofThisPackage() throws -> PackageDescription {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("dump-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", SourceTree.root, "--scratch-path", scratch.path, "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let json = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CouldNotRun(status: process.terminationStatus) }
    return try JSONDecoder().decode(Self.self, from: json)
  }
}
