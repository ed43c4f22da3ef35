internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes

/// What a counter posts: scans, each taken or refused by itself.
struct ScanBody {
  /// A scan, or why it is none.
  enum Part {
    case scan(CounterScan)
    case malformed(id: String?, Problem)
  }

  static let greatestCount = 50

  let parts: [Part]

  /// - Parameter visitor: who sends; the clerk unless a scan names another, and the office of all.
  /// - Throws: ``Problem`` when the body as a whole is none.
  init(_ bytes: [UInt8], by visitor: Visitor) throws {
    let value = try Self.json(bytes)
    guard case .object = value else {
      throw Problem(
        .badRequest, Finding(.memberForm, path: "", expected: "object", found: value.kind))
    }
    var members = JSONMembers(value, at: "")
    _ = members.text("station", limit: 64)
    let scans = members.array("scans")
    members.finish()
    guard members.errors.isEmpty, let scans else { throw Self.problem(members.errors) }
    guard scans.count <= Self.greatestCount else {
      throw Problem(
        .unprocessableContent,
        Finding(.tooManyScans, path: "/scans", expected: "\(Self.greatestCount)", found: "\(scans.count)"))
    }
    parts = scans.enumerated().map { Self.part($1, at: "/scans/\($0)", by: visitor) }
  }

  /// One line of a bulk transfer.
  static func line(_ bytes: [UInt8], by visitor: Visitor) -> Part {
    do { return part(try json(bytes), at: "", by: visitor) } catch let problem as Problem {
      return .malformed(id: nil, problem)
    } catch { return .malformed(id: nil, Problem(.badRequest, Finding(.scanMalformed))) }
  }

  /// Operator codes of whoever scanned.
  static func clerks(of parts: [Part]) -> Set<String> {
    Set(parts.compactMap { if case .scan(let scan) = $0 { scan.by } else { nil } })
  }

  /// The same scans, each at the office where the person works who made it.
  static func parts(_ parts: [Part], at offices: [String: String]) -> [Part] {
    parts.map { part in
      guard case .scan(var scan) = part, let office = offices[scan.by] else { return part }
      scan.office = office
      return .scan(scan)
    }
  }

  private static func json(_ bytes: [UInt8]) throws -> JSONInput {
    do throws(JSONInput.Malformed) { return try JSONInput(bytes) } catch {
      throw Problem(.badRequest, Finding(.jsonMalformed, detail: "\(error.offset): \(error.reason)"))
    }
  }

  private static func problem(_ errors: [(pointer: String, finding: Finding)]) -> Problem {
    var problem = Problem(.unprocessableContent, Finding(.scanMalformed))
    problem.errors = errors
    return problem
  }

  private static func part(_ value: JSONInput, at pointer: String, by visitor: Visitor) -> Part {
    var members = JSONMembers(value, at: pointer)
    let id = members.value("id", required: true, form: "1-64 of 0-9 A-Z a-z . _ : -") {
      EventIdentifier($0)?.text
    }
    let kind = members.value("type", required: true, form: "received, damaged, void") {
      CounterScan.Kind(rawValue: $0)
    }
    let manifest = members.value("manifest", required: true, form: "manifest number", limit: 160) {
      ManifestNumber($0)?.text
    }
    let at = members.value("at", required: true, form: "RFC 3339 with offset") { OffsetDateTime($0) }
    let clerk = members.value("clerk", form: "operator code") { OperatorCode($0)?.text }
    let raw = members.text("raw", limit: 1_024, required: kind != .void, controls: true)
    // What the client believed the code to be; the server decides for itself.
    _ = members.text("code", limit: 1_024, controls: true)
    _ = members.bool("repaired")
    _ = members.bool("offline")
    let isKeyed = members.bool("keyed")
    members.number("mono")
    let isDamage = kind == .damaged
    let target = members.value("target", required: kind == .void, form: "event identifier", limit: 120) {
      EventIdentifier(recorded: $0)?.text
    }
    let grade = members.value("grade", required: isDamage, form: Self.words(DamageGrade.allCases.map(\.word)))
    {
      DamageGrade(word: $0)
    }
    let cause = members.value("cause", form: Self.words(DamageCause.allCases.map(\.rawValue))) {
      DamageCause(rawValue: $0)
    }
    let documents = members.integer("documents", 0...100_000)
    let note = members.text("note", limit: 2_000)
    let seen = members.object("seen").flatMap { Self.head($0, at: members.pointer("seen"), &members) }
    members.finish()
    guard members.errors.isEmpty, let id, let kind, let manifest, let at else {
      return .malformed(id: id, problem(members.errors))
    }
    return .scan(
      CounterScan(
        id: id, kind: kind, manifest: manifest, raw: raw ?? "", at: at, by: clerk ?? visitor.code,
        office: visitor.office, target: kind == .void ? target : nil, damage: isDamage ? grade : nil,
        cause: isDamage ? cause : nil, documents: isDamage ? documents.map(Int.init) : nil, note: note,
        isKeyed: isKeyed ?? false, seen: seen))
  }

  private static func words(_ words: [String]) -> String { words.joined(separator: ", ") }

  private static func head(
    _ value: JSONInput, at pointer: String, _ outer: inout JSONMembers
  ) -> LogHead? {
    var members = JSONMembers(value, at: pointer)
    let size = members.integer("size", 0...(1 << 53), required: true)
    let root = members.value("root", required: true, form: "base64 of 32 bytes") { Digest(base64: $0) }
    members.finish()
    outer.note(members.errors)
    guard let size, let root else { return nil }
    return LogHead(size: UInt64(size), root: root)
  }
}
