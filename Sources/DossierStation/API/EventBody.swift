internal import DossierTracker
internal import HTTPTypes

/// The body of `POST /v1/events`: what `dossier record` takes, by the same names.
struct EventBody {
  private let members: [String: JSONInput]
  private var errors: [(pointer: String, finding: Finding)] = []

  private static let known: Set<String> = [
    "kind", "item", "at", "office", "to", "by", "manifest", "reason", "note", "event", "amount", "damage",
    "documents", "reference", "corrects", "newNumber", "seen",
  ]

  /// What changes the outcome of an item, or what another has stated: whoever leads the shift answers for it.
  static let decisions: Set<EventKind> = [.lost, .found, .destroyed, .corrected, .relabelled]

  init(_ members: [String: JSONInput]) {
    self.members = members
    // A name that is misspelt must not be left out of what is recorded for ever.
    for name in members.keys.sorted() where !Self.known.contains(name) { refuse(String(name.prefix(40))) }
  }

  /// - Parameter visitor: who acts unless the body names another, and where.
  /// - Throws: ``Problem`` 422 that names every member with a wrong type; 403 when the event is of another office, or of
  ///   a kind that the visitor does not decide on.
  mutating func request(of visitor: Visitor) throws -> EventRequest {
    let kind = word("kind").flatMap { EventKind(word: $0) }
    if kind?.concernsItem != true { refuse("kind") }
    let item = word("item")
    if item == nil, members["item"] == nil { refuse("item") }
    let at = word("at").flatMap { text -> OffsetDateTime? in
      guard let time = try? OffsetDateTime.parse(text).get() else {
        refuse("at")
        return nil
      }
      return time
    }
    let damage = word("damage").flatMap { text -> DamageGrade? in
      guard let grade = DamageGrade(word: text) else {
        refuse("damage")
        return nil
      }
      return grade
    }
    let request = EventRequest(
      kind ?? .lost, item: item ?? "", at: at, office: word("office") ?? visitor.office, to: word("to"),
      by: word("by") ?? visitor.code, manifest: word("manifest"), reason: word("reason"),
      amount: number("amount"),
      damage: damage, documentsAffected: number("documents").flatMap(Int.init(exactly:)),
      reference: word("reference"), corrects: word("corrects"), newNumber: word("newNumber"),
      note: word("note"), event: word("event"), seen: seen())
    guard errors.isEmpty else {
      var problem = Problem(.unprocessableContent, Finding(.parameterMalformed, path: errors[0].pointer))
      problem.errors = errors
      throw problem
    }
    guard request.office == visitor.office else {
      throw Problem(
        .forbidden, Finding(.notPermitted, path: "office", expected: request.office, found: visitor.office))
    }
    if Self.decisions.contains(request.kind), visitor.role == .clerk {
      throw Problem(
        .forbidden,
        Finding(.notPermitted, path: "kind", expected: Role.shiftLead.rawValue, found: visitor.role.rawValue))
    }
    return request
  }

  private mutating func word(_ name: String) -> String? {
    guard let value = members[name], value != .null else { return nil }
    guard let text = value.string, text.utf8.count <= 4_096, !text.utf8.contains(0) else {
      refuse(name)
      return nil
    }
    return text
  }

  private mutating func number(_ name: String) -> Int64? {
    guard let value = members[name], value != .null else { return nil }
    guard let whole = value.whole, (0...1_000_000_000_000).contains(whole) else {
      refuse(name)
      return nil
    }
    return whole
  }

  private mutating func seen() -> LogHead? {
    guard let value = members["seen"], value != .null else { return nil }
    guard case .object(let head) = value, let size = head["size"]?.whole, size >= 0,
      let root = head["root"]?.string.flatMap({ Digest(base64: $0) })
    else {
      refuse("seen")
      return nil
    }
    return LogHead(size: UInt64(size), root: root)
  }

  private mutating func refuse(_ name: String) {
    errors.append(("/\(name)", Finding(.parameterMalformed, path: name)))
  }
}
