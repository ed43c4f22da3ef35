// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "postal-dossier",
  products: [
    .library(name: "DossierTracker", targets: ["DossierTracker"]),
    .library(name: "CustodyLog", targets: ["CustodyLog"]),
    .executable(name: "dossier", targets: ["dossier"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
  ],
  targets: [
    // Knows no dossier: a verifier can depend on this module alone.
    .target(name: "CustodyLog", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),

    .target(
      name: "DossierCore", dependencies: ["CustodyLog"],
      resources: [
        .embedInCode("Resources/administrative.txt"), .embedInCode("Resources/postal.txt"),
      ]),

    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
      name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CLibZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CZint", providers: [.apt(["libzint-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    // The only C that includes libxml2.
    .target(name: "CXMLReader", dependencies: ["CLibXML2"]),
    .target(
      name: "DossierManifest",
      dependencies: ["DossierCore", "CXMLReader", "CZlib"],
      resources: [
        .embedInCode("Resources/manifest-1.xsd"), .embedInCode("Resources/events-1.xsd"),
      ]),

    .target(
      name: "DossierSQLite",
      dependencies: [
        "DossierCore", "CZstd", "CSQLite",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "DossierReport",
      dependencies: [
        "DossierCore", "CXLSXWriter", "CZint", "CZlib",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [
        .embedInCode("Resources/presumed-loss.txt"), .embedInCode("Pages/report.mustache"),
        .embedInCode("Pages/report.css"), .embedInCode("Paper/paper.mustache"),
        .embedInCode("Paper/paper.css"), .embedInCode("Paper/handover.mustache"),
        .embedInCode("Paper/slip.mustache"), .embedInCode("Paper/labels.mustache"),
        .embedInCode("Paper/commands.mustache"),
      ]),
    // Tables that others made, as text or as workbooks.
    .target(name: "DossierSheets", dependencies: ["DossierCore", "CXMLReader", "CLibZip"]),
    .target(
      name: "DossierTracker",
      dependencies: [
        "DossierCore", "DossierManifest", "DossierSQLite", "DossierReport", "DossierSheets", "SwiftCSV",
      ]),
    // Keeps HTTP out of the façade: whoever uses the library does not get a server.
    .target(name: "WitnessService", dependencies: ["DossierTracker"]),
    .target(
      name: "DossierStation",
      dependencies: [
        "DossierTracker", "CArgon2",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.embedInCode("Templates"), .embedInCode("Web")]),
    .target(name: "DossierTesting", dependencies: ["DossierCore"]),
    .executableTarget(
      name: "dossier",
      dependencies: [
        "DossierTracker", "DossierStation", "DossierTesting", "WitnessService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .testTarget(name: "CustodyLogTests", dependencies: ["CustodyLog"]),
    .testTarget(name: "DossierCoreTests", dependencies: ["DossierCore", "DossierTesting"]),
    .testTarget(name: "DossierManifestTests", dependencies: ["DossierManifest", "DossierTesting"]),
    .testTarget(
      name: "DossierSQLiteTests",
      dependencies: [
        "DossierSQLite", "DossierTesting", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "DossierSheetsTests", dependencies: ["DossierSheets"]),
    .testTarget(
      name: "DossierReportTests", dependencies: ["DossierReport", "DossierTesting"], exclude: ["Oracles"]),
    .testTarget(
      name: "DossierTrackerTests",
      dependencies: [
        "DossierTracker", "DossierSQLite", "DossierTesting", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "DossierStationTests",
      dependencies: [
        "DossierStation", "DossierTesting", "DossierTracker",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ]),
    .testTarget(name: "dossierTests", dependencies: ["DossierTracker", "dossier"]),
  ],
  swiftLanguageModes: [.v6]
)

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .treatWarning("DeprecatedDeclaration", as: .warning),
]
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
  guard target.name != "CXMLReader" else { continue }  // C takes no Swift settings
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
