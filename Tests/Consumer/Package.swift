// swift-tools-version: 6.2
import PackageDescription

// A user of the library as he is: a package of his own whose one program is the example of the README. Built and run
// by Tests/Scripts/consumer.sh.
let package = Package(
  name: "Consumer",
  dependencies: [.package(name: "postal-dossier", path: "../..")],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [.product(name: "DossierTracker", package: "postal-dossier")])
  ],
  swiftLanguageModes: [.v6]
)
