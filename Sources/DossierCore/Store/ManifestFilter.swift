/// Which manifests to list.
public struct ManifestFilter: Hashable, Sendable {
  /// Code of the receiver.
  public var receiver: String?
  /// Whether it is closed; nil for both.
  public var isClosed: Bool?

  public init(receiver: String? = nil, isClosed: Bool? = nil) {
    self.receiver = receiver
    self.isClosed = isClosed
  }
}
