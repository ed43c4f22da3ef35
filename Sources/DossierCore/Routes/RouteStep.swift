/// One step that a passage of custody is expected to have.
public struct RouteStep: Hashable, Sendable {
  /// How a step of the expected route stands against what was recorded.
  public enum Standing: String, Hashable, Sendable, CaseIterable {
    /// Recorded.
    case done
    /// Not recorded, although the journey went on or ended: a gap.
    case missing
    /// Recorded at another office than the one named: the item arrived elsewhere.
    case elsewhere
    /// Not recorded, and nothing after it either: it may still come.
    case pending
  }

  public var kind: EventKind
  /// Code of the office where it is expected; nil when no record says which.
  public var office: String?
  /// The other office of a hand-over: the receiver of a dispatch.
  public var to: String?
  /// The manifest that announces it.
  public var manifest: String?
  /// Why it is expected.
  public var reason: Reason

  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// Custody begins when somebody accepts; without it nobody answers for the item.
    case custodyBegins
    /// The manifest names the item among those handed over.
    case manifestHandsOver
    /// Custody moves only when the receiver that the dispatch names accepts.
    case receiverAccepts
    /// It was received without a dispatch, so one must have happened.
    case receiptNeedsDispatch
    /// Of this direction the journey ends with the delivery at the receiver.
    case legEndsInDelivery
  }

  public init(
    _ kind: EventKind, office: String?, to: String? = nil, manifest: String? = nil, reason: Reason
  ) {
    self.kind = kind
    self.office = office
    self.to = to
    self.manifest = manifest
    self.reason = reason
  }
}

/// Who acts at a step, as people think of the way of a dossier.
public enum RouteLane: String, Hashable, Sendable, CaseIterable {
  case citizen, post, transport, center

  /// - Parameters:
  ///   - kind: what happens.
  ///   - office: kind of the office where it happens, nil when the master data do not name it.
  public init(_ kind: EventKind, at office: Office.Kind?) {
    switch (kind, office) {
    // At a post office the other side of these is the citizen.
    case (.accepted, .post), (.delivered, .post), (.returned, .post), (.attemptFailed, .post):
      self = .citizen
    case (.outForDelivery, _), (_, .transport): self = .transport
    case (_, .center), (_, .agency): self = .center
    case (_, .post), (_, nil): self = .post
    }
  }
}
