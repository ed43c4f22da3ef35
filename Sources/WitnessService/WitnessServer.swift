public import DossierTracker
internal import Glibc

/// A witness over HTTP, as C2SP tlog-witness describes it: `POST /add-checkpoint`.
///
/// It listens on this machine's loopback address only: whoever wants others to reach it puts a web server with TLS
/// before it. It takes one request at a time, since a witness answers a few an hour; what it answers is the witness's
/// affair (``WitnessFolder``).
public struct WitnessServer: Sendable {
  private let witness: WitnessFolder
  private let listener: Int32
  /// Port of 127.0.0.1 at which requests are taken.
  public let port: UInt16

  /// Begins to listen.
  ///
  /// - Parameter port: of 127.0.0.1; 0 for any that is free.
  /// - Throws: ``TrackerRefusal`` when the port cannot be had.
  public init(witness: WitnessFolder, port: UInt16) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    func refusal() -> TrackerRefusal {
      TrackerRefusal(
        Finding(.outputUnwritable, path: "127.0.0.1:\(port)", detail: String(cString: strerror(errno))))
    }
    guard descriptor >= 0 else { throw refusal() }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // The socket calls take any kind of address as its head.
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else {
      let taken = refusal()
      close(descriptor)
      throw taken
    }
    self.witness = witness
    listener = descriptor
    self.port = UInt16(bigEndian: address.sin_port)
  }

  /// Answers requests for as long as the process lives.
  ///
  /// - Parameter report: called with a line for each answer.
  /// - Throws: when the system gives no more connections.
  public func run(report: (String) -> Void) throws {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0 {
        // A client that left before it was its turn.
        if errno == EINTR || errno == ECONNABORTED { continue }
        throw TrackerRefusal(
          Finding(.outputUnwritable, path: "127.0.0.1:\(port)", detail: String(cString: strerror(errno))))
      }
      let connection = WitnessConnection(descriptor)
      report(answer(connection))
      connection.end()
    }
  }

  private func answer(_ connection: WitnessConnection) -> String {
    switch connection.request() {
    case .refused(let status):
      connection.answer(status)
      return "\(status)"
    case .body(let body):
      do {
        let answer = try witness.answer(body)
        let isSize = if case .conflict = answer.reply { true } else { false }
        connection.answer(
          answer.reply.status, type: isSize ? "text/x.tlog.size" : "text/plain; charset=utf-8",
          answer.reply.body)
        return "\(answer.reply.status)" + (answer.evidence.map { " \($0)" } ?? "")
      } catch {
        // Nothing was cosigned; why is for the witness's keeper, not for whoever asked.
        connection.answer(500)
        return "500 \(error)"
      }
    }
  }
}
