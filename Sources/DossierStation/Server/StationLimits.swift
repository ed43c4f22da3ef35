/// How much of the station one connection, one address and one request may take.
public struct StationLimits: Sendable {
  /// Connections open at once. One more makes room by closing those that ask for nothing, the longest first.
  public var connections = 2_000
  /// The same for one address other than this machine itself, where a web server may stand for everybody.
  public var connectionsOfOneAddress = 256
  /// From the opening of a connection to the end of its first request's header.
  public var headTime: Duration = .seconds(10)
  /// From one answer to the next request's header.
  public var idleTime: Duration = .seconds(30)
  /// From a request's header to the end of its answer; streams may take longer while they advance.
  public var requestTime: Duration = .seconds(120)
  /// Bytes a second, at least, of a request's body and of what is waiting to be read by the other end.
  public var slowestRate = 1_024
  /// How long the rate may be missed.
  public var graceTime: Duration = .seconds(10)
  /// Bytes of one upload of documents.
  public var uploadBytes = 8 << 20
  /// Pages that follow the log at once.
  public var listeners = 2_000
  /// From the signal to the end of the process.
  public var shutdownTime: Duration = .seconds(10)

  public init() {}

  /// How often connections are looked at.
  static let tick: Duration = .seconds(1)
  /// One line of a header with its name, all of them, and how many.
  static let headerField = 16 << 10
  static let headerList = 32 << 10
  static let headerCount = 100
  /// What is read of a body after it was answered already, so that whoever still sends it gets the answer.
  static let lingeringBytes = 64 << 20
  static let lingeringTime: Duration = .seconds(5)
  /// Bytes of a body where a route says nothing else.
  static let bodyBytes = 64 << 10
}
