public import CustodyLog

/// What a leaf says, read from its text alone: the inverse of ``EventLeaf`` for those who have no store.
public struct LeafText: Hashable, Sendable {
  public var identifier: String
  /// nil for a kind that this version does not know; see ``kindWord``.
  public var kind: EventKind?
  /// The word of the kind as it stands in the leaf.
  public var kindWord: String
  /// The word of ``EventGrade``.
  public var grade: String
  /// When it happened: milliseconds since 1970 UTC; `zone` its offset from UTC in minutes.
  public var at: Int64
  public var zone: Int64
  /// When the log took it: milliseconds since 1970 UTC.
  public var recordedAt: Int64
  public var sequence: Int64
  public var office: String
  public var item: String?
  public var operatorCode: String?
  public var to: String?
  public var manifest: String?
  public var reason: String?
  public var content: Digest?
  public var previous: Digest?
  /// Rare attributes; members that this version does not know are kept.
  public var more: JSONValue?

  /// Why a text is not read.
  public enum Problem: Error {
    /// Not canonical, or not the shape of version 1.
    case format(String)
    case version(Int64)
  }

  private static let texts: Set<String> = [
    "by", "c", "grade", "id", "item", "kind", "manifest", "office", "prev", "reason", "to",
  ]
  private static let numbers: Set<String> = ["at", "rt", "seq", "v", "z"]

  /// - Parameter text: the leaf's canonical JSON.
  /// - Throws: what is wrong with it, or a version that is not known here.
  public init(_ text: String) throws(Problem) {
    let value: JSONValue
    do { value = try CanonicalJSON.parse(Array(text.utf8)) } catch { throw .format(error.description) }
    guard case .object(let members) = value, let version = value["v"]?.integerValue else {
      throw .format("v")
    }
    guard version == Int64(EventLeaf.version) else { throw .version(version) }
    for (key, member) in members {
      switch member {
      case .string where Self.texts.contains(key): break
      case .integer where Self.numbers.contains(key): break
      case .object where key == "more": break
      default: throw .format(key)
      }
    }
    func word(_ key: String) throws(Problem) -> String {
      guard let text = value[key]?.stringValue else { throw .format(key) }
      return text
    }
    func number(_ key: String) throws(Problem) -> Int64 {
      guard let number = value[key]?.integerValue else { throw .format(key) }
      return number
    }
    func digest(_ key: String) throws(Problem) -> Digest? {
      guard let text = value[key]?.stringValue else { return nil }
      guard let digest = Digest(base64URL: text) else { throw .format(key) }
      return digest
    }
    identifier = try word("id")
    grade = try word("grade")
    at = try number("at")
    zone = try number("z")
    recordedAt = try number("rt")
    sequence = try number("seq")
    office = try word("office")
    item = value["item"]?.stringValue
    operatorCode = value["by"]?.stringValue
    to = value["to"]?.stringValue
    manifest = value["manifest"]?.stringValue
    reason = value["reason"]?.stringValue
    content = try digest("c")
    previous = try digest("prev")
    more = value["more"]
    kindWord = try word("kind")
    kind = EventKind(word: kindWord)
  }

  /// The kind in words for people; its own word when it is not known here.
  public func kindLabel(_ language: Language) -> String { kind?.label(language) ?? kindWord }

  /// The checkpoint that `more.seen` names.
  ///
  /// - Throws: `format` when it has another shape.
  public func seen() throws(Problem) -> LogHead? {
    guard let seen = more?["seen"] else { return nil }
    guard case .object(let members) = seen, members.count == 2, let size = seen["size"]?.integerValue,
      size >= 0,
      let root = seen["root"]?.stringValue.flatMap(Digest.init(base64URL:))
    else { throw .format("more/seen") }
    return LogHead(size: UInt64(size), root: root)
  }

  /// `more` as canonical JSON, for showing.
  public var moreJSON: [UInt8] {
    guard let more, let json = try? CanonicalJSON.encode(more) else { return [] }
    return json
  }
}

extension LeafText {
  public func hash(into hasher: inout Hasher) {
    hasher.combine(identifier)
    hasher.combine(sequence)
  }
}
