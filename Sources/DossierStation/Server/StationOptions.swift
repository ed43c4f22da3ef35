public import DossierTracker

/// Where a station listens, and what it serves.
public struct StationOptions: Sendable {
  /// Folder of the store.
  public var data: String
  /// Name or address to listen on. Anything but this machine itself needs a certificate.
  public var host: String
  /// 0 for any port that is free.
  public var port: Int
  /// PEM file of the certificate and of its private key.
  public var certificate: String?
  public var privateKey: String?
  /// How citizens reach the station, such as `https://hoso.example.vn`: printed in QR codes. The listening address if nil.
  public var publicAddress: String?
  /// Addresses of proxies before the station: only what they say about whom they speak for is believed.
  public var trustedProxies: [String] = []
  /// Path of the command that runs the station: workers are started from it.
  public var program: String
  /// Language of pages for whoever did not choose one.
  public var language: Language
  /// Minutes without a request after which a session asks for the PIN.
  public var lockAfterMinutes: Int
  public var limits = StationLimits()
  public var logLevel = LogLevel.info

  /// What is written to the log: this, and what is worse.
  public enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, notice, warning, error
  }

  public init(
    data: String, host: String = "127.0.0.1", port: Int = 8080, certificate: String? = nil,
    privateKey: String? = nil, publicAddress: String? = nil, program: String, language: Language = .vi,
    lockAfterMinutes: Int = 5
  ) {
    self.data = data
    self.host = host
    self.port = port
    self.certificate = certificate
    self.privateKey = privateKey
    self.publicAddress = publicAddress
    self.program = program
    self.language = language
    self.lockAfterMinutes = lockAfterMinutes
  }
}
