internal import ArgumentParser
internal import DossierStation
internal import DossierTracker

struct ServeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Trạm quét, tra cứu, kiểm tra trên trình duyệt · The station in the browser",
    discussion: """
      Serves until Ctrl-C or SIGTERM; then it takes no more requests, finishes those that it has begun, signs where the \
      log stands and ends with exit code 0. What it acknowledged is on the disk at any time. One line a request goes to \
      standard error, without names, numbers and addresses. A store has one station at a time.

      EXAMPLE
        dossier serve
        dossier serve --port 8080 --data dossier-data --log-level warning
        dossier serve --host 0.0.0.0 --certificate tram.pem --key tram.key
      """)

  @Option(help: "Name or address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "Port; 0 for any that is free.")
  var port = 8080

  @Option(
    help: ArgumentHelp("PEM file of the certificate with its chain; --key goes with it.", valueName: "file"),
    completion: .file())
  var certificate: String?

  @Option(
    help: ArgumentHelp("PEM file of the certificate's private key.", valueName: "file"), completion: .file())
  var key: String?

  @Option(
    help: ArgumentHelp("Minutes without use after which a session asks for the PIN.", valueName: "minutes"))
  var lockAfter = 5

  @Option(
    help: ArgumentHelp(
      "How citizens reach the station, printed in QR codes; default the address it listens on.",
      valueName: "https://…"))
  var publicAddress: String?

  @Option(
    help: ArgumentHelp(
      "A web server before the station, whose X-Forwarded-For is believed; may be given several times.",
      valueName: "address"))
  var trustedProxy: [String] = []

  @Option(help: ArgumentHelp("Connections open at once.", valueName: "n"))
  var connections = StationLimits().connections

  @Option(
    help: ArgumentHelp("Connections open at once from one address other than this machine.", valueName: "n"))
  var connectionsPerAddress = StationLimits().connectionsOfOneAddress

  @Option(help: ArgumentHelp("Size of one upload of documents.", valueName: "MiB"))
  var uploadLimit = StationLimits().uploadBytes >> 20

  @Option(
    help: "What is logged: this and worse.",
    completion: .list(StationOptions.LogLevel.allCases.map(\.rawValue)))
  var logLevel = StationOptions.LogLevel.info

  @OptionGroup var store: StoreOptions
  @OptionGroup var talk: TalkOptions

  /// It talks, and gives no rows.
  var rows: RowOptions {
    var rows = RowOptions()
    (rows.format, rows.output) = (.table, nil)
    return rows
  }

  func validate() throws {
    if (certificate == nil) != (key == nil) { throw ValidationError("--certificate and --key go together.") }
    if !(1...720).contains(lockAfter) { throw ValidationError("--lock-after must be 1 to 720 minutes.") }
    guard (0...65_535).contains(port) else { throw ValidationError("--port is a number up to 65535.") }
    guard (16...1_000_000).contains(connections), (4...1_000_000).contains(connectionsPerAddress) else {
      throw ValidationError("--connections is at least 16, --connections-per-address at least 4.")
    }
    guard (1...1_024).contains(uploadLimit) else {
      throw ValidationError("--upload-limit is from 1 to 1024 MiB.")
    }
    if let publicAddress, !Self.isAddress(publicAddress) {
      throw ValidationError("--public-address is http:// or https:// and a name, without a path.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    try StationRun.serve(options(session), session)
    return .clean
  }

  private func options(_ session: Session) -> StationOptions {
    var options = StationOptions(
      data: store.path, host: host, port: port, certificate: certificate, privateKey: key,
      publicAddress: publicAddress, program: Surroundings.program, language: session.language,
      lockAfterMinutes: lockAfter)
    options.trustedProxies = trustedProxy
    options.limits.connections = connections
    options.limits.connectionsOfOneAddress = connectionsPerAddress
    options.limits.uploadBytes = uploadLimit << 20
    options.logLevel = logLevel
    return options
  }

  private static func isAddress(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
    let host = text.dropFirst(scheme.count)
    return !host.isEmpty && host.utf8.count < 256
      && host.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "-.:[]".utf8.contains(byte)
      }
  }
}
