internal import DossierTracker

/// Who is signed in, and what two people sign.
enum SessionSchemas {
  static let all: [(String, JSONOutput)] = [
    ("SignedIn", signedIn), ("Unlock", unlock), ("Reconciliation", reconciliation), ("Signature", signature),
  ]

  private static let signedIn = APISchemas.object([
    ("code", APISchemas.string), ("name", APISchemas.string), ("office", APISchemas.string),
    ("role", APISchemas.words(Role.allCases.map(\.rawValue))),
    ("permissions", APISchemas.array(APISchemas.words(Permission.allCases.map(\.rawValue)))),
    ("locked", APISchemas.boolean), ("mustChange", APISchemas.boolean),
    ("lockAfterSeconds", APISchemas.integer),
  ])

  private static let unlock = APISchemas.object([("pin", APISchemas.string)])

  private static let signature = APISchemas.object(
    [
      ("as", APISchemas.words(["giver", "receiver"])), ("by", APISchemas.string), ("pin", APISchemas.string),
      ("list", ["type": "string", "pattern": "^[0-9a-f]{64}$"]),
    ], optional: [("offline", APISchemas.boolean), ("withdraw", APISchemas.boolean)])

  /// Absent values are left out, and more may be added.
  private static let reconciliation: JSONOutput = [
    "type": "object",
    "properties": [
      "manifest": APISchemas.string, "giver": APISchemas.string, "receiver": APISchemas.string,
      "list": ["type": "string", "pattern": "^[0-9a-f]{64}$"], "shortList": APISchemas.string,
      "closed": APISchemas.boolean, "closing": ["type": "object"], "waiting": ["type": "object"],
      "count": ["type": "object"], "lines": APISchemas.array(["type": "object"]),
      "log": APISchemas.reference("LogHead"),
    ], "required": ["manifest", "giver", "receiver", "list", "closed", "count", "lines", "log"],
  ]
}
