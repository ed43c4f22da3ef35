internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Why a request was not carried out: RFC 9457, with our finding.
struct Problem: Error, Sendable {
  var status: HTTPResponse.Status
  var finding: Finding
  /// Where in the request, as a JSON pointer, and what is wrong there.
  var errors: [(pointer: String, finding: Finding)] = []
  /// Seconds after which the same request may be tried again.
  var retryAfter: Int?
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ finding: Finding) {
    self.status = status
    self.finding = finding
  }

  /// What an accident of the store or of Hummingbird means for whoever asked.
  init(explaining error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as TrackerRefusal:
      switch refusal.finding.code {
      case .unknownCode, .manifestUnknown: self.init(.notFound, refusal.finding)
      case .storeBusy, .storeUnwritable, .spaceLow, .logFrozen, .databaseDamaged:
        self.init(.serviceUnavailable, refusal.finding)
        retryAfter = 5
      default: self.init(.unprocessableContent, refusal.finding)
      }
    case let error as HTTPError:
      switch error.status {
      case .notFound: self.init(.notFound, Finding(.pageUnknown))
      case .contentTooLarge: self.init(.contentTooLarge, Finding(.requestTooLarge))
      default: self.init(error.status, Finding(.requestMalformed))
      }
    case is NIOTooManyBytesError: self.init(.contentTooLarge, Finding(.requestTooLarge))
    // Ended from here; whoever still listens may ask again.
    case is CancellationError:
      self.init(.serviceUnavailable, Finding(.stationFault))
      retryAfter = 5
    // The other side went away, or what it sends is no HTTP any more.
    case is ChannelError, is IOError: self.init(.badRequest, Finding(.requestMalformed))
    default: self.init(.internalServerError, Finding(.stationFault))
    }
  }

  /// `application/problem+json`.
  func json(_ language: Language, instance: String) -> JSONOutput {
    .object([
      .init(key: "type", value: .string("/explain/\(finding.code.rawValue)")),
      .init(key: "title", value: .string(finding.message(language))),
      .init(key: "status", value: .integer(status.code)),
      .init(key: "detail", value: .string(finding.hint(language))),
      .init(key: "instance", value: .string(instance)),
      .init(key: "code", value: .string(finding.code.rawValue)),
      .init(
        key: "errors",
        value: .array(
          errors.map {
            [
              "pointer": .string($0.pointer), "code": .string($0.finding.code.rawValue),
              "detail": .string($0.finding.message(language)),
            ]
          })),
    ])
  }
}
