internal import Foundation
internal import NIOCore
internal import NIOSSL

/// The names under which the station answers. A page of another name that an attacker lets point here, and that a
/// browser therefore takes for the same site (DNS rebinding), gets nothing.
struct StationHosts: Sendable {
  private var names: Set<String> = ["localhost"]
  /// From `*.example.vn`: everything that ends so.
  private var endings: [String] = []

  init(_ options: StationOptions, certificate: NIOSSLCertificate?) {
    names.insert(options.host.lowercased())
    if let address = options.publicAddress, let host = Self.host(ofAddress: address) { names.insert(host) }
    guard let certificate else { return }
    for name in certificate._subjectAlternativeNames() where name.nameType == .dnsName {
      let text = String(decoding: name.contents, as: UTF8.self).lowercased()
      if text.hasPrefix("*.") { endings.append(String(text.dropFirst())) } else { names.insert(text) }
    }
  }

  /// - Parameter authority: name and port, as `Host` says them.
  func contains(_ authority: String?) -> Bool {
    guard let authority, let host = Self.host(authority.lowercased()) else { return false }
    // An address is no name: nothing can be made to point to it.
    if names.contains(host) || Self.isAddress(host) { return true }
    return endings.contains { host.hasSuffix($0) && !host.dropLast($0.count).contains(".") }
  }

  /// The host without port and brackets.
  private static func host(_ authority: String) -> String? {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      return String(authority[authority.index(after: authority.startIndex)..<end])
    }
    let host = authority.prefix { $0 != ":" }
    return host.isEmpty ? nil : String(host)
  }

  private static func host(ofAddress address: String) -> String? {
    guard let start = address.range(of: "://")?.upperBound else { return nil }
    return host(address[start...].prefix { $0 != "/" }.lowercased())
  }

  static func isAddress(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }

  /// Whether nothing but this machine itself can reach what listens there.
  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && isAddress(host)
  }
}
