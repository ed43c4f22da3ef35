internal import DossierTracker

/// What the counters' page and the office's own software send and get when a bag is received.
enum ScanSchemas {
  static let all: [(String, JSONOutput)] = [
    ("Session", session), ("ScanRequest", request), ("Scan", scan), ("ScanReply", reply),
    ("ScanResult", result),
  ]

  private static let grades = APISchemas.words(DamageGrade.allCases.map(\.word))
  private static let cause: JSONOutput = ["type": "string"]
  private static let count: JSONOutput = APISchemas.object(
    ["expected", "received", "short", "surplus", "misrouted", "damaged"].map { ($0, APISchemas.integer) })

  /// Absent values are left out, and more may be added.
  private static func open(_ members: [(String, JSONOutput)], always: [String]) -> JSONOutput {
    [
      "type": "object", "properties": .object(members.map { .init(key: $0.0, value: $0.1) }),
      "required": .array(always.map(JSONOutput.string)),
    ]
  }

  private static let session = open(
    [
      ("manifest", APISchemas.string), ("leg", APISchemas.string), ("giver", APISchemas.string),
      ("giverName", APISchemas.string), ("receiver", APISchemas.string), ("receiverName", APISchemas.string),
      ("dispatchedAt", APISchemas.time), ("lateFrom", APISchemas.time), ("closed", APISchemas.boolean),
      ("time", APISchemas.time),
      ("log", APISchemas.reference("LogHead")), ("list", ["type": "string", "pattern": "^[0-9a-f]{64}$"]),
      ("items", APISchemas.array(expected)), ("strays", APISchemas.array(stray)), ("count", count),
    ], always: ["manifest", "giver", "receiver", "closed", "time", "log", "list", "items", "strays", "count"])

  private static let expected = open(
    [
      ("item", APISchemas.string), ("numbers", APISchemas.array(APISchemas.string)),
      ("dossiers", APISchemas.array(APISchemas.string)),
      ("outcome", APISchemas.words(["short", "received"])),
      ("event", APISchemas.string), ("at", APISchemas.time), ("by", APISchemas.string), ("damage", grades),
      ("cause", cause), ("damageEvent", APISchemas.string), ("custodian", APISchemas.string),
    ], always: ["item", "outcome"])

  private static let stray = open(
    [
      ("item", APISchemas.string), ("outcome", APISchemas.words(["surplus", "misrouted"])),
      ("event", APISchemas.string), ("at", APISchemas.time), ("by", APISchemas.string), ("damage", grades),
      ("belongsTo", APISchemas.string), ("belongsToOffice", APISchemas.string),
      ("belongsToName", APISchemas.string),
    ], always: ["item", "outcome"])

  private static let scan = open(
    [
      ("id", ["type": "string", "description": "Made by the client; the same again is the same scan."]),
      ("type", APISchemas.words(["received", "damaged", "void"])), ("manifest", APISchemas.string),
      ("code", APISchemas.string), ("raw", APISchemas.string), ("at", APISchemas.time),
      ("mono", ["type": "number"]), ("repaired", APISchemas.boolean), ("target", APISchemas.string),
      ("grade", grades), ("cause", cause), ("documents", APISchemas.integer), ("note", APISchemas.string),
      ("offline", APISchemas.boolean), ("clerk", APISchemas.string),
      ("seen", APISchemas.reference("LogHead")),
    ], always: ["id", "type", "manifest"])

  private static let request = open(
    [
      ("station", APISchemas.string),
      ("scans", ["type": "array", "maxItems": 50, "items": APISchemas.reference("Scan")]),
    ], always: ["scans"])

  private static let result = open(
    [
      ("id", APISchemas.string), ("status", APISchemas.words(["accepted", "duplicate", "refused"])),
      ("verdict", APISchemas.words(["accepted", "duplicate", "surplus", "misrouted", "refused"])),
      ("event", APISchemas.string), ("index", APISchemas.integer), ("item", APISchemas.string),
      ("kind", APISchemas.string), ("first", ["type": "object"]), ("belongsTo", ["type": "object"]),
      ("damage", APISchemas.string), ("problem", APISchemas.reference("Problem")), ("count", count),
    ], always: ["status"])

  private static let reply = open(
    [
      ("time", APISchemas.time), ("log", APISchemas.reference("LogHead")),
      ("results", APISchemas.array(APISchemas.reference("ScanResult"))),
    ], always: ["time", "log", "results"])
}
