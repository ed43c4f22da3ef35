internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Whose request it is, as far as limits go: one address, or the network of 64 bits that a subscriber of IPv6 gets.
struct ClientAddress: Hashable, Sendable {
  private static let field = HTTPField.Name("X-Forwarded-For")

  /// Bytes of the address or network; empty when nothing is known of the other end.
  let bytes: [UInt8]

  /// - Parameter trusted: addresses of proxies whose word about whom they speak for is believed; nobody else's is.
  init(_ request: Request, peer: SocketAddress?, trusting trusted: [String]) {
    guard let own = peer.flatMap({ Self($0) }) else {
      bytes = []
      return
    }
    let proxies = trusted.compactMap { Self(text: $0) }
    var nearest = own
    // From the last that was put there: what stands before an address that is not trusted is anybody's word.
    let named = (Self.field.map { request.headers[values: $0] } ?? []).joined(separator: ",").split(
      separator: ",")
    for name in named.reversed().prefix(16) {
      guard proxies.contains(nearest), let address = Self(text: name) else { break }
      nearest = address
    }
    bytes = nearest.bytes
  }

  private init?(_ address: SocketAddress) {
    guard let text = address.ipAddress else { return nil }
    // `fe80::1%eth0`: what is behind the sign says on which wire.
    self.init(text: text.prefix { $0 != "%" })
  }

  /// - Parameter text: an address, with blanks around it or not; of a port or brackets nothing is understood.
  init?(text: some StringProtocol) {
    let bare = String(text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
    guard bare.utf8.count <= 45 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, bare, &bytes) == 1 {
      self.init(v4: Array(bytes.prefix(4)))
    } else if inet_pton(AF_INET6, bare, &bytes) == 1 {
      self.init(v6: bytes)
    } else {
      return nil
    }
  }

  private init(v4 bytes: [UInt8]) { self.bytes = bytes }

  private init(v6 bytes: [UInt8]) {
    // An address of IPv4 in the clothes of IPv6.
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    self.bytes = isMapped ? Array(bytes[12...]) : Array(bytes.prefix(8))
  }
}
