internal import DossierTracker
internal import NIOSSL

/// How the station speaks: encrypted with a certificate, or plainly where nobody but this machine can listen.
struct ServerCertificate: Sendable {
  /// Nil when the station speaks plainly.
  let tls: TLSConfiguration?
  /// The station's own certificate, whose names it answers to.
  let leaf: NIOSSLCertificate?

  var scheme: String { tls == nil ? "http" : "https" }

  /// - Throws: ``TrackerRefusal``: a certificate that cannot be used, or none where one is needed.
  init(_ options: StationOptions) throws {
    guard let certificate = options.certificate, let key = options.privateKey else {
      if let given = options.certificate ?? options.privateKey {
        throw TrackerRefusal(Finding(.certificateUnusable, path: given))
      }
      guard StationHosts.isLoopback(options.host) else {
        throw TrackerRefusal(Finding(.plainConnection, found: options.host))
      }
      tls = nil
      leaf = nil
      return
    }
    func use<T>(_ path: String, _ body: () throws -> T) throws -> T {
      do { return try body() } catch {
        throw TrackerRefusal(Finding(.certificateUnusable, path: path, detail: "\(error)"))
      }
    }
    let chain = try use(certificate) { try NIOSSLCertificate.fromPEMFile(certificate) }
    let privateKey = try use(key) { try NIOSSLPrivateKey(file: key, format: .pem) }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    // Says at once when the key belongs to another certificate.
    let checked = configuration
    _ = try use(key) { try NIOSSLContext(configuration: checked) }
    tls = configuration
    leaf = chain.first
  }
}
