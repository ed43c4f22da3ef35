public import CustodyLog

/// What an audit found: what was checked, what could not be, and every finding.
public struct AuditReport: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable {
    /// Everything was checked and agrees.
    case intact
    /// Custody of some item has a gap: a hand-over of which one side is missing.
    case gap
    /// Something contradicts the log, the checkpoint or itself.
    case contradiction
    /// Nothing contradicts, but what would prove it could not be checked.
    case unchecked
  }

  public struct Checked: Hashable, Sendable {
    public var what: String
    public var count: Int64

    public init(_ what: String, _ count: Int64) {
      self.what = what
      self.count = count
    }
  }

  public struct Unchecked: Hashable, Sendable {
    public var what: String
    public var why: String
    public var count: Int64

    public init(_ what: String, why: String, count: Int64) {
      self.what = what
      self.why = why
      self.count = count
    }
  }

  public var head: LogHead
  public var checked: [Checked]
  public var unchecked: [Unchecked]
  public var findings: [Finding]
  /// Findings beyond the limit that a report holds.
  public var findingsLeftOut: Int
  /// Whether a signature vouches for the log's root or the root of its beginning.
  public var isSigned: Bool

  public init(
    head: LogHead, checked: [Checked], unchecked: [Unchecked], findings: [Finding], findingsLeftOut: Int,
    isSigned: Bool
  ) {
    self.head = head
    self.checked = checked
    self.unchecked = unchecked
    self.findings = findings
    self.findingsLeftOut = findingsLeftOut
    self.isSigned = isSigned
  }

  /// The four-valued answer. What could not be checked is never green.
  public var verdict: Verdict {
    let bearings = findings.map(Self.bearing)
    if bearings.contains(.contradiction) { return .contradiction }
    if bearings.contains(.gap) { return .gap }
    return isSigned ? .intact : .unchecked
  }

  /// What a finding means for the verdict.
  public enum Bearing: Int, Hashable, Sendable, CaseIterable {
    case contradiction, gap
    /// Worth a look, and no gap of custody: such as a clock that is fast.
    case remark
  }

  public static func bearing(_ finding: Finding) -> Bearing {
    if disputes.contains(finding.code) { return .contradiction }
    if gaps.contains(finding.code) { return .gap }
    let isOfLog = finding.code.rawValue.hasPrefix("D-30") || finding.code.rawValue.hasPrefix("D-31")
    return isOfLog && finding.severity == .error ? .contradiction : .remark
  }

  /// Codes that say one side of a hand-over is missing.
  static let gaps: Set<FindingCode> = [
    .noAcceptance, .dispatchedByOther, .receivedWithoutDispatch, .actedWithoutCustody, .disclosureMissing,
    .correctionTargetUnknown, .dispatchedToSelf, .sameGiverAndReceiver, .sameSigner,
  ]

  private static let disputes: Set<FindingCode> = [.acceptedTwice, .eventAfterEnd, .seenAfterLoss]
}
