internal import CustodyLog
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The page that checks a proof in the browser, without the station: the same file that anybody can keep and open from a
/// disk. Its script stands in it, so that it stays one file; its own policy lets that script run and nothing else.
enum VerifierPage {
  static func response() -> Response {
    Response(
      status: .ok, headers: headers, body: .init(byteBuffer: .init(bytes: PackageResources.verify_html)))
  }

  private static let headers: HTTPFields = {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
    ]
    headers[.contentSecurityPolicy] = policy
    return headers
  }()

  static let policy: String = {
    let text = String(decoding: PackageResources.verify_html, as: UTF8.self)
    func hashes(_ element: String) -> String {
      inside(element, of: text).map { "'sha256-\(MerkleHash.sha256(Array($0.utf8)).base64)'" }
        .joined(separator: " ")
    }
    return
      "default-src 'none'; script-src \(hashes("script")); style-src \(hashes("style")); base-uri 'none'; "
      + "form-action 'none'; frame-ancestors 'none'"
  }()

  /// What stands in the elements of a name, byte for byte.
  private static func inside(_ element: String, of text: String) -> [Substring] {
    text.components(separatedBy: "<\(element)>").dropFirst().compactMap { part in
      part.range(of: "</\(element)>").map { part[..<$0.lowerBound] }
    }
  }
}
