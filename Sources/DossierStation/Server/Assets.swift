internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Style sheets and scripts, kept in the program. Their addresses carry their hashes, so that a browser keeps them for
/// ever and never sees an old one.
struct Assets: Sendable {
  private struct Asset: Sendable {
    var bytes: [UInt8]
    var type: String
    var tag: String
  }

  private static let files: [(String, String, [UInt8])] = [
    ("station.css", "text/css; charset=utf-8", PackageResources.station_css),
    ("signoff.css", "text/css; charset=utf-8", PackageResources.signoff_css),
    ("paper.css", "text/css; charset=utf-8", PaperDocument.style),
    ("people.css", "text/css; charset=utf-8", PackageResources.people_css),
    ("lookup.css", "text/css; charset=utf-8", PackageResources.lookup_css),
    ("live.js", "text/javascript; charset=utf-8", PackageResources.live_js),
    ("scan.css", "text/css; charset=utf-8", PackageResources.scan_css),
    ("bag.js", "text/javascript; charset=utf-8", PackageResources.bag_js),
    ("choices.js", "text/javascript; charset=utf-8", PackageResources.choices_js),
    ("closing.js", "text/javascript; charset=utf-8", PackageResources.closing_js),
    ("codes.js", "text/javascript; charset=utf-8", PackageResources.codes_js),
    ("feedback.js", "text/javascript; charset=utf-8", PackageResources.feedback_js),
    ("keys.js", "text/javascript; charset=utf-8", PackageResources.keys_js),
    ("lists.js", "text/javascript; charset=utf-8", PackageResources.lists_js),
    ("outbox.js", "text/javascript; charset=utf-8", PackageResources.outbox_js),
    ("pinned.js", "text/javascript; charset=utf-8", PackageResources.pinned_js),
    ("queue.js", "text/javascript; charset=utf-8", PackageResources.queue_js),
    ("session.js", "text/javascript; charset=utf-8", PackageResources.session_js),
    ("stops.js", "text/javascript; charset=utf-8", PackageResources.stops_js),
    ("verdicts.js", "text/javascript; charset=utf-8", PackageResources.verdicts_js),
    ("scan.js", "text/javascript; charset=utf-8", PackageResources.scan_js),
    ("pages.css", "text/css; charset=utf-8", PackageResources.pages_css),
  ]

  private let assets: [String: Asset]

  init() {
    assets = Dictionary(
      uniqueKeysWithValues: Self.files.map { name, type, bytes in
        let tag = String(MerkleHash.sha256(bytes).hex.prefix(16))
        return (name, Asset(bytes: bytes, type: type, tag: tag))
      })
  }

  /// `/assets/station.css?v=…`
  func address(_ name: String) -> String { "/assets/\(name)?v=\(assets[name]?.tag ?? "")" }

  func add(to router: Router<StationContext>) {
    router.get("assets/:name") { request, context in
      guard let name = context.parameters.get("name"), let asset = assets[name] else {
        throw HTTPError(.notFound)
      }
      let tag = "\"\(asset.tag)\""
      var headers: HTTPFields = [.contentType: asset.type, .eTag: tag]
      let isCurrent = request.uri.queryParameters["v"].map { String($0) == asset.tag } ?? false
      headers[.cacheControl] = isCurrent ? "public, max-age=31536000, immutable" : "no-cache"
      if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
      return Response(status: .ok, headers: headers, body: .init(byteBuffer: .init(bytes: asset.bytes)))
    }
  }
}
