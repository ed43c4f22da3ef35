internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// The routes of the station, to tell an address that does not exist from one that is asked in the wrong way.
final class RouteTable: Sendable {
  private let routes = Mutex<[(segments: [Substring], method: HTTPRequest.Method)]>([])

  /// To be called when all routes are added.
  func take(_ router: Router<StationContext>) {
    // Split as text: what Hummingbird makes of a path's pattern is not public.
    let found = router.routes.map { route in
      let text = route.path.description
      return (segments: Self.segments(text), method: route.method, text: text)
    }
    routes.withLock { $0 = found.map { ($0.segments, $0.method) } }
  }

  /// How the address may be asked; empty when there is no such address.
  func methods(for path: String) -> [HTTPRequest.Method] {
    let asked = Self.segments(path)
    let found = routes.withLock { routes in
      routes.filter { Self.matches($0.segments, asked) }.map(\.method)
    }
    var methods: [HTTPRequest.Method] = []
    for method in found where !methods.contains(method) { methods.append(method) }
    if methods.contains(.get), !methods.contains(.head) { methods.append(.head) }
    return methods.sorted { $0.rawValue < $1.rawValue }
  }

  private static func segments(_ path: String) -> [Substring] {
    // A path of the length of a header has thousands of segments, and no route has.
    path.split(separator: "/", maxSplits: 16)
  }

  private static func matches(_ pattern: [Substring], _ path: [Substring]) -> Bool {
    guard pattern.last == "**" || pattern.count == path.count else { return false }
    for (wanted, found) in zip(pattern, path) where wanted != found {
      if wanted == "**" { return true }
      guard wanted.contains("{") || wanted.hasPrefix(":") || wanted.contains("*") else { return false }
    }
    return pattern.count <= path.count + 1
  }
}
