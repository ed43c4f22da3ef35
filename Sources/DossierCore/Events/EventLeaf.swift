public import CustodyLog

/// The one encoder of leaf version 1: canonical JSON (RFC 8785 restricted to integers, ASCII keys and NFC
/// strings), a pure function of an event's row.
///
/// Nothing is stored twice: the store keeps columns, and whoever audits encodes them again and hashes. The
/// encoder of a version is never changed; another form gets another version and keeps this one beside it.
public enum EventLeaf {
  public static let version = 1

  /// Appends the leaf of one event to `leaf`. Empty spans are fields that the event does not have.
  ///
  /// - Parameters:
  ///   - at: when it happened, milliseconds since 1970 UTC; `zone` its offset from UTC in minutes.
  ///   - recordedAt: when the log took it, milliseconds since 1970 UTC.
  ///   - sequence: the subject's own count of its events, from 0.
  ///   - previous: leaf hash of the subject's previous event; nil for its first.
  ///   - content: commitment to personal fields and contents (``ContentRoot``); nil when there are none.
  ///   - item: item number; empty for events about a manifest.
  ///   - more: canonical JSON object of rare attributes (``EventDetails``), or empty.
  public static func append(
    to leaf: inout OutputBuffer, kind: EventKind, grade: EventGrade, at: Int64, zone: Int16,
    recordedAt: Int64, sequence: Int64, previous: Digest?, content: Digest?, identifier: Span<UInt8>,
    item: Span<UInt8>, office: Span<UInt8>, operatorCode: Span<UInt8>, to: Span<UInt8>,
    manifest: Span<UInt8>, reason: Span<UInt8>, more: Span<UInt8>
  ) {
    leaf.append(#"{"at":"#)
    leaf.appendInteger(at)
    text(#","by":"#, operatorCode, &leaf)
    digest(#","c":""#, content, &leaf)
    leaf.append(gradeFragment(grade))
    text(#","id":"#, identifier, &leaf)
    text(#","item":"#, item, &leaf)
    leaf.append(kindFragment(kind))
    text(#","manifest":"#, manifest, &leaf)
    if !more.isEmpty {
      leaf.append(#","more":"#)
      more.withUnsafeBytes { leaf.append($0) }
    }
    text(#","office":"#, office, &leaf)
    digest(#","prev":""#, previous, &leaf)
    text(#","reason":"#, reason, &leaf)
    leaf.append(#","rt":"#)
    leaf.appendInteger(recordedAt)
    leaf.append(#","seq":"#)
    leaf.appendInteger(sequence)
    text(#","to":"#, to, &leaf)
    leaf.append(#","v":1,"z":"#)
    leaf.appendInteger(Int64(zone))
    leaf.append(UInt8(ascii: "}"))
  }

  /// The same into an array.
  public static func append(
    to leaf: inout [UInt8], kind: EventKind, grade: EventGrade, at: Int64, zone: Int16, recordedAt: Int64,
    sequence: Int64, previous: Digest?, content: Digest?, identifier: Span<UInt8>, item: Span<UInt8>,
    office: Span<UInt8>, operatorCode: Span<UInt8>, to: Span<UInt8>, manifest: Span<UInt8>,
    reason: Span<UInt8>, more: Span<UInt8>
  ) {
    var buffer = OutputBuffer(capacity: 512)
    append(
      to: &buffer, kind: kind, grade: grade, at: at, zone: zone, recordedAt: recordedAt, sequence: sequence,
      previous: previous, content: content, identifier: identifier, item: item, office: office,
      operatorCode: operatorCode, to: to, manifest: manifest, reason: reason, more: more)
    leaf.append(contentsOf: buffer.bytes)
  }

  private static func text(_ key: StaticString, _ value: Span<UInt8>, _ leaf: inout OutputBuffer) {
    if value.isEmpty { return }
    leaf.append(key)
    value.withUnsafeBytes { leaf.appendJSONString($0) }
  }

  private static func digest(_ key: StaticString, _ value: Digest?, _ leaf: inout OutputBuffer) {
    guard let value else { return }
    leaf.append(key)
    value.withUnsafeBytes { leaf.appendBase64URL($0) }
    leaf.append(UInt8(ascii: "\""))
  }

  private static func gradeFragment(_ grade: EventGrade) -> StaticString {
    switch grade {
    case .observed: #","grade":"observed""#
    case .keyed: #","grade":"keyed""#
    case .declared: #","grade":"declared""#
    case .assumed: #","grade":"assumed""#
    }
  }

  private static func kindFragment(_ kind: EventKind) -> StaticString {
    switch kind {
    case .accepted: #","kind":"accepted""#
    case .dispatched: #","kind":"dispatched""#
    case .received: #","kind":"received""#
    case .outForDelivery: #","kind":"outForDelivery""#
    case .attemptFailed: #","kind":"attemptFailed""#
    case .held: #","kind":"held""#
    case .delivered: #","kind":"delivered""#
    case .returned: #","kind":"returned""#
    case .missing: #","kind":"missing""#
    case .surplus: #","kind":"surplus""#
    case .damaged: #","kind":"damaged""#
    case .lost: #","kind":"lost""#
    case .found: #","kind":"found""#
    case .destroyed: #","kind":"destroyed""#
    case .relabelled: #","kind":"relabelled""#
    case .corrected: #","kind":"corrected""#
    case .feeCollected: #","kind":"feeCollected""#
    case .feeRemitted: #","kind":"feeRemitted""#
    case .manifestRecorded: #","kind":"manifestRecorded""#
    case .manifestClosed: #","kind":"manifestClosed""#
    case .officesRecorded: #","kind":"officesRecorded""#
    case .mapRecorded: #","kind":"mapRecorded""#
    case .erasureOrdered: #","kind":"erasureOrdered""#
    case .erasureCarriedOut: #","kind":"erasureCarriedOut""#
    case .logSucceeded: #","kind":"logSucceeded""#
    case .keyRotated: #","kind":"keyRotated""#
    case .reportPublished: #","kind":"reportPublished""#
    case .accessRecorded: #","kind":"accessRecorded""#
    }
  }
}
