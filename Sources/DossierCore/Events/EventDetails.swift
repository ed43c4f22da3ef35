public import CustodyLog

/// Attributes that only a few events have: one canonical JSON object in the leaf (`more`) and one column in
/// the row. No personal data.
public struct EventDetails: Hashable, Sendable {
  /// `feeCollected`, `feeRemitted`: how much, in đồng.
  public var amount: Int64?
  public var corrects: String?
  public var damage: DamageGrade?
  public var documentsAffected: Int?
  /// `accessRecorded`: what it was about, such as a manifest, a report or an account's code.
  public var reference: String?
  public var newNumber: String?
  /// Milliseconds since 1970 UTC.
  public var deviceTime: Int64?
  /// `manifestRecorded`, `officesRecorded`: SHA-256 of the document; `reportPublished`: of the report's JSON;
  /// `manifestClosed`: of the list that was signed, if that was stated; `accessRecorded`: of what was signed or taken
  /// along.
  public var document: Digest?
  /// `manifestRecorded`: size of the document in bytes.
  public var documentBytes: Int64?
  public var leg: Leg?
  /// `manifestRecorded`, `manifestClosed`: what was counted.
  public var items: Int?
  public var dossiers: Int?
  /// Grams.
  public var weight: Int?
  /// `manifestRecorded`: number of events of its items, which stand just before it in the log.
  public var events: Int?
  /// `manifestClosed`: how many were received, short, surplus, damaged, misrouted.
  public var received: Int?
  public var short: Int?
  public var surplus: Int?
  public var damaged: Int?
  public var misrouted: Int?
  /// `manifestClosed`: the second signer.
  public var witness: String?
  /// `mapRecorded`: root of the map of items after all events before this one, and how many items it has.
  public var map: Digest?
  public var entries: Int?
  /// `erasureOrdered`, `erasureCarriedOut`: code of the legal basis.
  public var basis: String?
  /// `erasureOrdered`, `erasureCarriedOut`: names of the fields, such as `sender` or `dossier.1.applicant`.
  public var fields: [String]?
  /// `erasureOrdered`, `erasureCarriedOut`: identifier of the event, or number of the manifest, whose fields go.
  public var erases: String?
  /// `erasureCarriedOut`: identifier of the event that ordered it.
  public var request: String?
  /// `erasureCarriedOut`: how many commitments lost their salt and value.
  public var count: Int?
  /// The newest checkpoint that whoever states the event knew: the event is no older than it. `logSucceeded`: the last
  /// checkpoint of the log that is continued, whose origin is `reference`.
  public var seen: LogHead?
  /// `logSucceeded`: what this log took over of the one that it continues, when it begins with its events.
  public var kept: LogHead?
  /// `keyRotated`: SHA-256 of the verifier key texts; `logSucceeded`: the new one.
  public var oldKey: Digest?
  public var newKey: Digest?

  public init() {}

  /// Canonical JSON, or no bytes when nothing is set.
  ///
  /// - Throws: when a text is not allowed in a leaf (control characters, not NFC).
  public func encoded() throws(CanonicalJSONError) -> [UInt8] {
    var members: [(String, JSONValue)] = []
    func add(_ key: String, _ value: String?) {
      if let value { members.append((key, .string(value))) }
    }
    func add(_ key: String, _ value: Int?) {
      if let value { members.append((key, .integer(Int64(value)))) }
    }
    func add(_ key: String, _ value: LogHead?) {
      guard let value else { return }
      // A size beyond what JSON can carry is refused by the encoder.
      let size = Int64(clamping: value.size)
      members.append((key, .object([("root", .string(value.root.base64URL)), ("size", .integer(size))])))
    }
    add("amount", amount.map(Int.init))
    add("basis", basis)
    add("bytes", documentBytes.map(Int.init))
    add("corrects", corrects)
    add("count", count)
    add("damage", damage?.word)
    add("damaged", damaged)
    add("device", deviceTime.map(Int.init))
    add("document", document?.base64URL)
    add("documents", documentsAffected)
    add("dossiers", dossiers)
    add("entries", entries)
    add("erases", erases)
    add("events", events)
    if let fields { members.append(("fields", .array(fields.map(JSONValue.string)))) }
    add("items", items)
    add("kept", kept)
    add("leg", leg?.word)
    add("map", map?.base64URL)
    add("misrouted", misrouted)
    add("new_key", newKey?.base64URL)
    add("number", newNumber)
    add("old_key", oldKey?.base64URL)
    add("received", received)
    add("reference", reference)
    add("request", request)
    add("seen", seen)
    add("short", short)
    add("surplus", surplus)
    add("weight", weight)
    add("witness", witness)
    return members.isEmpty ? [] : try CanonicalJSON.encode(.object(members))
  }

  private static let referenceKey = Array(#""reference":"#.utf8)

  /// Whether canonical details hold a reference, without reading them whole: the fold of millions asks no more.
  public static func mentionsReference(_ encoded: [UInt8]) -> Bool {
    // Values cannot hold an unescaped quote, so these bytes can only be the key.
    let key = referenceKey
    guard encoded.count > key.count else { return false }
    return encoded.indices.dropLast(key.count).contains { start in
      encoded[start] == key[0] && encoded[start..<(start + key.count)].elementsEqual(key)
    }
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Returns: nil when the bytes are not the canonical encoding of known attributes, which an audit reports.
  public init?(encoded: [UInt8]) {
    if encoded.isEmpty { return }
    guard let value = try? CanonicalJSON.parse(encoded), case .object(let members) = value else { return nil }
    for (key, value) in members {
      switch (key, value) {
      case ("amount", .integer(let number)): amount = number
      case ("basis", .string(let text)): basis = text
      case ("bytes", .integer(let number)): documentBytes = number
      case ("corrects", .string(let text)): corrects = text
      case ("count", .integer(let number)): count = Int(number)
      case ("damage", .string(let text)): damage = DamageGrade(word: text)
      case ("damaged", .integer(let number)): damaged = Int(number)
      case ("device", .integer(let number)): deviceTime = number
      case ("document", .string(let text)): document = Digest(base64URL: text)
      case ("documents", .integer(let number)): documentsAffected = Int(number)
      case ("dossiers", .integer(let number)): dossiers = Int(number)
      case ("entries", .integer(let number)): entries = Int(number)
      case ("erases", .string(let text)): erases = text
      case ("events", .integer(let number)): events = Int(number)
      case ("fields", .array(let names)): fields = names.compactMap(\.stringValue)
      case ("items", .integer(let number)): items = Int(number)
      case ("kept", .object): kept = Self.head(value)
      case ("leg", .string(let text)): leg = Leg(word: text)
      case ("map", .string(let text)): map = Digest(base64URL: text)
      case ("misrouted", .integer(let number)): misrouted = Int(number)
      case ("new_key", .string(let text)): newKey = Digest(base64URL: text)
      case ("number", .string(let text)): newNumber = text
      case ("old_key", .string(let text)): oldKey = Digest(base64URL: text)
      case ("received", .integer(let number)): received = Int(number)
      case ("reference", .string(let text)): reference = text
      case ("request", .string(let text)): request = text
      case ("seen", .object): seen = Self.head(value)
      case ("short", .integer(let number)): short = Int(number)
      case ("surplus", .integer(let number)): surplus = Int(number)
      case ("weight", .integer(let number)): weight = Int(number)
      case ("witness", .string(let text)): witness = text
      default: return nil
      }
    }
    guard (try? self.encoded()) == encoded else { return nil }
  }

  /// Size and root as ``seen`` writes them.
  private static func head(_ value: JSONValue) -> LogHead? {
    guard let size = value["size"]?.integerValue, size >= 0,
      let root = value["root"]?.stringValue.flatMap(Digest.init(base64URL:))
    else { return nil }
    return LogHead(size: UInt64(size), root: root)
  }
}
