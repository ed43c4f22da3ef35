internal import CustodyLog
public import DossierCore
public import DossierReport

/// Verdicts on evidence as rows and JSON: one row whatever the evidence, and everything it says in JSON.
public enum EvidenceTable {
  public static let columns = [
    Column("file", vi: "Tệp", en: "File", kind: .code),
    Column("evidence", vi: "Loại", en: "Evidence", kind: .code),
    Column("verdict", vi: "Kết luận", en: "Verdict", kind: .code),
    Column("reason", vi: "Lý do", en: "Reason", kind: .code),
    Column("place", vi: "Vị trí", en: "Place", kind: .code),
    Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
    Column("size", vi: "Số sự kiện", en: "Events", kind: .integer),
    Column("root", vi: "Gốc", en: "Root", kind: .code),
  ]

  public static func row(_ report: EvidenceReport) -> [Cell] {
    let head = report.head
    return [
      .text(report.name), .text(report.kind), .text(report.outcome.word), .text(orNone: report.reason),
      .text(orNone: report.place), .text(orNone: report.origin),
      head.map { .integer(Int(clamping: $0.size)) } ?? .none,
      .text(orNone: head?.root.base64),
    ]
  }
}

extension EvidenceReport {
  /// `custody`, `fork` or `log`.
  public var kind: String {
    switch subject {
    case .bundle: "custody"
    case .fork: "fork"
    case .log: "log"
    }
  }

  /// Where the first problem is.
  public var place: String? {
    switch outcome {
    case .proven, .undecided(.noKey): nil
    case .refuted(let problem): problem.place.isEmpty ? nil : problem.place
    case .undecided(.leafVersion(let place, _)), .undecided(.leafKind(let place, _)),
      .undecided(.incomplete(let place)):
      place
    }
  }

  /// What decided, in a sentence; nil when everything was proven.
  public func sentence(_ language: Language) -> String? {
    if case .fork = subject {
      switch (outcome, language) {
      case (.proven, .vi):
        return "Khóa của nhật ký đã ký hai lịch sử trái ngược nhau. Nhật ký này không đáng tin."
      case (.proven, .en):
        return
          "The log's key has signed two histories that contradict each other. The log is not to be trusted."
      case (.refuted(let problem), .vi) where problem.reason == .consistency:
        return "Chứng cứ không đúng: hai điểm chốt không trái ngược nhau như nó nói."
      case (.refuted(let problem), .en) where problem.reason == .consistency:
        return "The evidence does not hold: it shows no contradiction between the two checkpoints."
      default: break
      }
    }
    switch outcome {
    case .proven: return nil
    case .refuted(let problem): return problem.reason.sentence(language)
    case .undecided(let what): return what.sentence(language)
    }
  }

  var head: LogHead? {
    switch subject {
    case .bundle(let summary): summary?.checkpoint.head
    case .fork(let verdict): verdict.second?.head
    case .log(let summary): summary?.checkpoint.head
    }
  }

  var origin: String? {
    switch subject {
    case .bundle(let summary): summary?.origin
    case .fork(let verdict): verdict.second?.origin
    case .log(let summary): summary?.checkpoint.origin
    }
  }

  /// The verdict and all that the evidence says. Only a verdict of `proven` makes it true.
  public func json(_ language: Language) -> JSONOutput {
    guard case .object(var members) = JSONOutput.row(EvidenceTable.columns, EvidenceTable.row(self)) else {
      return .null
    }
    members.append(.init(key: "sentence", value: .string(orNull: sentence(language))))
    if case .refuted(let problem) = outcome {
      members.append(.init(key: "expected", value: .string(orNull: problem.expected)))
      members.append(.init(key: "found", value: .string(orNull: problem.found)))
      members.append(.init(key: "detail", value: .string(orNull: problem.detail)))
    }
    switch subject {
    case .bundle(let summary): if let summary { members += summary.members }
    case .log(let summary): if let summary { members += summary.members }
    case .fork(let verdict):
      members.append(
        .init(
          key: "checkpoints", value: .array([verdict.first, verdict.second].compactMap { $0?.head.json })))
    }
    return .object(members)
  }
}

extension PublishedLogSummary {
  fileprivate var members: [JSONOutput.Member] {
    [
      .init(key: "witnesses", value: .witnesses(cosignatures)),
      .init(key: "asksForWitnesses", value: .bool(asksForWitnesses)),
      .init(key: "time", value: .seconds(time)),
      .init(key: "entries", value: .unsigned(entries)),
      .init(key: "items", value: .integer(items)),
      .init(key: "maps", value: .integer(maps)),
      .init(key: "lastMap", value: lastMap.map(JSONOutput.unsigned) ?? .null),
      .init(key: "earlier", value: .array(earlier.map(JSONOutput.unsigned))),
      .init(key: "unknownSignatures", value: .integer(unknownSignatures)),
      .init(key: "unneeded", value: .array(unneeded.map(JSONOutput.string))),
      .init(key: "unneededCount", value: .integer(unneededCount)),
    ]
  }
}

extension BundleSummary {
  fileprivate var members: [JSONOutput.Member] {
    [
      .init(key: "witnesses", value: .witnesses(checkpoint.cosignatures)),
      .init(key: "asksForWitnesses", value: .bool(asksForWitnesses)),
      .init(key: "time", value: .seconds(checkpoint.time)),
      .init(key: "complete", value: ["index": .unsigned(mapIndex), "recordedAt": .time(mapRecordedAt)]),
      .init(
        key: "items",
        value: .array(items.map { ["item": .string($0.number), "events": .integer(Int($0.count))] })),
      .init(key: "events", value: .array(events.map(\.json))),
      .init(key: "statements", value: .array(statements.map(\.json))),
    ]
  }
}

extension BundleSummary.Event {
  fileprivate var json: JSONOutput {
    .object(
      leaf.members(index) + [
        .init(
          key: "notBefore",
          value: notBefore.map { ["size": .unsigned($0.head.size), "signed": .bool($0.isSigned)] } ?? .null),
        .init(
          key: "notAfter",
          value: ["size": .unsigned(notAfter.head.size), "time": .seconds(notAfter.time)]),
        .init(key: "revealed", value: .fields(revealed)),
        .init(key: "hidden", value: hidden.map(JSONOutput.integer) ?? .null),
      ])
  }
}

extension BundleSummary.Statement {
  fileprivate var json: JSONOutput {
    guard let leaf else { return ["index": .unsigned(index), "leaf": .string(text)] }
    return .object(
      leaf.members(index) + [
        .init(key: "revealed", value: .fields(revealed)),
        .init(key: "hidden", value: hidden.map(JSONOutput.integer) ?? .null),
      ])
  }
}

extension LeafText {
  fileprivate func members(_ index: UInt64) -> [JSONOutput.Member] {
    [
      .init(key: "index", value: .unsigned(index)),
      .init(key: "item", value: .string(orNull: item)),
      .init(key: "id", value: .string(identifier)),
      .init(key: "kind", value: .string(kindWord)),
      .init(key: "grade", value: .string(grade)),
      .init(key: "at", value: .time(at, zone: Int16(clamping: zone))),
      .init(key: "recordedAt", value: .time(recordedAt)),
      .init(key: "office", value: .string(office)),
      .init(key: "operator", value: .string(orNull: operatorCode)),
      .init(key: "to", value: .string(orNull: to)),
      .init(key: "manifest", value: .string(orNull: manifest)),
      .init(key: "reason", value: .string(orNull: reason)),
      .init(
        key: "more", value: .string(orNull: more == nil ? nil : String(decoding: moreJSON, as: UTF8.self))),
    ]
  }
}

extension JSONOutput {
  fileprivate static func witnesses(_ cosignatures: [TrustPolicy.VerifiedCosignature]) -> JSONOutput {
    .array(cosignatures.map { ["witness": .string($0.witness), "time": .seconds($0.time)] })
  }

  /// RFC 3339 of seconds since 1970 UTC.
  fileprivate static func seconds(_ seconds: UInt64?) -> JSONOutput {
    .string(orNull: seconds.flatMap { EvidenceTime.text(seconds: $0) })
  }

  fileprivate static func time(
    _ milliseconds: Int64, zone: Int16 = OffsetDateTime.vietNamOffsetMinutes
  ) -> JSONOutput {
    .string(orNull: OffsetDateTime(milliseconds: milliseconds, offsetMinutes: zone)?.text)
  }

  /// Revealed fields by name; the value is canonical JSON as text, since any may occur.
  fileprivate static func fields(_ fields: [DisclosedField]) -> JSONOutput {
    .array(
      fields.map {
        ["field": .string($0.field), "value": .string(String(decoding: $0.json, as: UTF8.self))]
      })
  }
}

/// Times of evidence, for people and machines.
public enum EvidenceTime {
  /// RFC 3339 in the offset of Viet Nam; nil for a time that no calendar here has.
  ///
  /// - Parameter seconds: since 1970 UTC.
  public static func text(seconds: UInt64) -> String? {
    guard let seconds = Int64(exactly: seconds), seconds < 253_402_300_800 else { return nil }
    return OffsetDateTime(
      milliseconds: seconds * 1000, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text
  }
}
