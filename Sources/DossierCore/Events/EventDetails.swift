public import CustodyLog

/// Attributes that only a few events have: one canonical JSON object in the leaf (`more`) and one column in
/// the row. No personal data.
public struct EventDetails: Hashable, Sendable {
  public var corrects: String?
  public var damage: DamageGrade?
  public var documentsAffected: Int?
  public var reference: String?
  public var newNumber: String?
  /// Milliseconds since 1970 UTC.
  public var deviceTime: Int64?
  /// `manifestRecorded`, `officesRecorded`: SHA-256 of the document.
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
    add("bytes", documentBytes.map(Int.init))
    add("corrects", corrects)
    add("damage", damage?.word)
    add("damaged", damaged)
    add("device", deviceTime.map(Int.init))
    add("document", document?.base64URL)
    add("documents", documentsAffected)
    add("dossiers", dossiers)
    add("events", events)
    add("items", items)
    add("leg", leg?.word)
    add("misrouted", misrouted)
    add("number", newNumber)
    add("received", received)
    add("reference", reference)
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
      case ("bytes", .integer(let number)): documentBytes = number
      case ("corrects", .string(let text)): corrects = text
      case ("damage", .string(let text)): damage = DamageGrade(word: text)
      case ("damaged", .integer(let number)): damaged = Int(number)
      case ("device", .integer(let number)): deviceTime = number
      case ("document", .string(let text)): document = Digest(base64URL: text)
      case ("documents", .integer(let number)): documentsAffected = Int(number)
      case ("dossiers", .integer(let number)): dossiers = Int(number)
      case ("events", .integer(let number)): events = Int(number)
      case ("items", .integer(let number)): items = Int(number)
      case ("leg", .string(let text)): leg = Leg(word: text)
      case ("misrouted", .integer(let number)): misrouted = Int(number)
      case ("number", .string(let text)): newNumber = text
      case ("received", .integer(let number)): received = Int(number)
      case ("reference", .string(let text)): reference = text
      case ("short", .integer(let number)): short = Int(number)
      case ("surplus", .integer(let number)): surplus = Int(number)
      case ("weight", .integer(let number)): weight = Int(number)
      case ("witness", .string(let text)): witness = text
      default: return nil
      }
    }
    guard (try? self.encoded()) == encoded else { return nil }
  }
}
