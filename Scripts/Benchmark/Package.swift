// swift-tools-version: 6.2
import PackageDescription

// Kept out of the product's package: nobody who depends on the tracker builds this.
let package = Package(
  name: "scan-latency",
  dependencies: [.package(name: "postal-dossier", path: "../..")],
  targets: [
    .executableTarget(
      name: "ScanLatency", dependencies: [.product(name: "DossierTracker", package: "postal-dossier")])
  ],
  swiftLanguageModes: [.v6]
)
