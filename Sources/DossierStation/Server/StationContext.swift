internal import DossierTracker
internal import Hummingbird
internal import NIOCore

/// What is known about one request besides the request itself.
struct StationContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The other end of the connection; nil in a test without one.
  let peer: SocketAddress?
  /// The connection; nil in a test without one.
  let channel: (any Channel)?
  let facts = RequestFacts()
  /// Who asks; nil for the public.
  var visitor: Visitor?
  /// What else is known of whoever asks, such as that his session is locked.
  var standing = Standing.unknown
  var language: Language = .vi

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
    peer = source.channel.remoteAddress
  }

  /// The visitor, if he may do this.
  ///
  /// - Throws: ``Problem`` 401 for the public, 403 for whoever has another office.
  func require(_ permission: Permission) throws -> Visitor {
    guard let visitor else { throw Problem(.unauthorized, standing.finding) }
    guard visitor.permissions.contains(permission) else {
      throw Problem(
        .forbidden, Finding(.notPermitted, expected: permission.rawValue, found: visitor.role.rawValue))
    }
    return visitor
  }
}
