/// What the times of an event say about each other (rule C11 of the audit).
///
/// An event's own time is a claim. Two things bound it without trusting any clock of the reporter: the log recorded it
/// at `recordedAt`, so it cannot have happened later; and whoever stated it may name a checkpoint that they had seen, so
/// the statement was not made before that checkpoint existed.
public struct TimeRules: Hashable, Sendable {
  /// By so much clocks of offices may differ: 5 minutes, in milliseconds.
  public static let tolerance: Int64 = 5 * 60_000
  /// A scan recorded so long after it happened is worth a remark: 72 hours, in milliseconds.
  public static let lateness: Int64 = 72 * 3_600_000

  /// When it happened, as stated.
  public var at: Int64
  public var grade: EventGrade
  /// The log's clock when it was recorded.
  public var recordedAt: Int64
  /// The sending device's own clock, when it was given.
  public var device: Int64?
  /// When the last event under the checkpoint that it names was recorded.
  public var seenRecordedAt: Int64?

  /// - Parameters:
  ///   - at: milliseconds since 1970 UTC, like all times here.
  ///   - seenRecordedAt: nil when it names no checkpoint.
  public init(
    at: Int64, grade: EventGrade, recordedAt: Int64, device: Int64? = nil, seenRecordedAt: Int64? = nil
  ) {
    self.at = at
    self.grade = grade
    self.recordedAt = recordedAt
    self.device = device
    self.seenRecordedAt = seenRecordedAt
  }

  /// The times that are later than the log's clock beyond the tolerance; the latest of them.
  public var ahead: Int64? {
    let latest = max(at, device ?? at)
    return Self.isLater(latest, than: recordedAt, by: Self.tolerance) ? latest : nil
  }

  /// Whether the claimed time lies before the checkpoint that whoever claims it had seen, beyond the tolerance.
  public var isBackDated: Bool {
    seenRecordedAt.map { Self.isLater($0, than: at, by: Self.tolerance) } ?? false
  }

  /// Whether it was recorded long after it happened. Documents and feeds come afterwards by nature, so that this says
  /// something of scans and typed events only.
  public var isLate: Bool { isFirstHand && Self.isLater(recordedAt, than: at, by: Self.lateness) }

  /// Whether a scan reached the log later than its device could have sent it at once.
  public var isOffline: Bool {
    grade == .observed && Self.isLater(recordedAt, than: at, by: Self.tolerance)
  }

  /// Scanned or typed by a person, not taken from a document.
  public var isFirstHand: Bool { grade == .observed || grade == .keyed }

  /// A declared time of which nothing but the document speaks.
  public var isLateDeclaration: Bool {
    !isFirstHand && seenRecordedAt == nil && Self.isLater(recordedAt, than: at, by: Self.lateness)
  }

  /// Without overflow, whatever an altered row holds.
  private static func isLater(_ time: Int64, than other: Int64, by margin: Int64) -> Bool {
    let (difference, overflow) = time.subtractingReportingOverflow(other)
    return overflow ? time > other : difference > margin
  }
}

/// The limits that an auditor may choose.
public struct AuditRules: Hashable, Sendable {
  /// After so many days an offer that nobody accepted is reported (rule C16): 7 by default.
  public var offerDays: Int

  public init(offerDays: Int = 7) {
    self.offerDays = max(0, offerDays)
  }

  /// Whole days from an offer to the newest time of recording in the log, when they are more than the limit. Never the
  /// wall clock: two audits of one log must say the same.
  public func days(since offer: Int64, newest: Int64) -> Int64? {
    guard newest > offer else { return nil }
    let (age, overflow) = newest.subtractingReportingOverflow(offer)
    let days = (overflow ? Int64.max : age) / 86_400_000
    return days >= Int64(clamping: offerDays) ? days : nil
  }
}
