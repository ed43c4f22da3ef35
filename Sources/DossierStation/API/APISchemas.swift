internal import DossierTracker

/// What the interface takes and gives, as JSON schemas. Those of rows are made from the tables' own columns.
enum APISchemas {
  static func reference(_ name: String) -> JSONOutput {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  static let all: [(String, JSONOutput)] =
    [
      ("Problem", problem), ("Finding", finding), ("LogHead", logHead),
      ("Item", row(ItemTable.columns, always: ["item", "state", "missing", "dossiers", "findings"])),
      ("Manifest", row(ManifestTable.columns, always: ManifestTable.columns.map(\.key))),
      ("Office", row(OfficeTable.columns, always: ["code", "name", "kind"])),
      ("Event", row(EventTable.log, always: eventAlways)),
      ("ItemHistory", history), ("DossierHistory", dossier), ("ManifestContents", contents),
      ("EventRequest", eventRequest), ("Receipt", receipt), ("ImportResult", importResult),
      ("Audit", audit), ("AuditRun", auditRun), ("Health", health),
    ] + ScanSchemas.all + SessionSchemas.all

  private static let eventAlways = ["index", "id", "kind", "grade", "at", "recordedAt", "office"]

  // MARK: Building blocks

  static let string: JSONOutput = ["type": "string"]
  static let integer: JSONOutput = ["type": "integer"]
  static let boolean: JSONOutput = ["type": "boolean"]
  static let time: JSONOutput = ["type": "string", "format": "date-time"]

  static func array(_ items: JSONOutput) -> JSONOutput { ["type": "array", "items": items] }
  static func words(_ words: [String]) -> JSONOutput {
    ["type": "string", "enum": .array(words.map(JSONOutput.string))]
  }
  static func orNull(_ type: String) -> JSONOutput { ["type": .array([.string(type), "null"])] }

  /// An object with exactly these members.
  static func object(
    _ members: [(String, JSONOutput)], optional: [(String, JSONOutput)] = []
  ) -> JSONOutput {
    [
      "type": "object",
      "properties": .object((members + optional).map { .init(key: $0.0, value: $0.1) }),
      "required": .array(members.map { .string($0.0) }), "additionalProperties": false,
    ]
  }

  /// The object of a table's row.
  ///
  /// - Parameters:
  ///   - always: columns that are never null.
  ///   - lists: columns that hold several texts.
  static func row(_ columns: [Column], always: [String], lists: [String] = []) -> JSONOutput {
    object(
      columns.map { column in
        if lists.contains(column.key) { return (column.key, array(string)) }
        let type =
          switch column.kind {
          case .integer: "integer"
          case .decimal, .percent: "number"
          case .flag: "boolean"
          default: "string"
          }
        guard always.contains(column.key) else { return (column.key, orNull(type)) }
        return (column.key, column.kind == .time ? time : ["type": .string(type)])
      })
  }

  // MARK: What is answered

  private static let problem = object(
    [
      ("type", string), ("title", string), ("status", integer), ("detail", string), ("instance", string),
      ("code", ["type": "string", "pattern": "^D-[0-9]{4}$"]),
      ("errors", array(object([("pointer", string), ("code", string), ("detail", string)]))),
    ])

  private static let finding = row(
    FindingTable.columns, always: ["code", "severity", "message", "hint"], lists: ["events"])

  private static let logHead = object([("size", integer), ("root", string)])

  private static let timelineEvent: JSONOutput = {
    guard
      case .object(let members) = row(
        EventTable.timeline, always: eventAlways),
      let properties = members.first(where: { $0.key == "properties" }),
      case .object(let columns) = properties.value
    else { return .null }
    let head = reference("LogHead")
    return object(
      columns.map { ($0.key, $0.value) },
      optional: ["notBefore", "notAfter"].map { ($0, ["oneOf": [head, ["type": "null"]]]) })
  }()

  private static let history = object(
    [
      ("item", string), ("numbers", array(string)), ("dossiers", array(orNull("string"))),
      ("leg", orNull("string")), ("state", words(StateWord.allCases.map(\.word))),
      ("custodian", orNull("string")), ("manifest", orNull("string")), ("events", array(timelineEvent)),
      ("findings", array(reference("Finding"))),
    ], optional: [("erasures", array(["type": "object"]))])

  private static let dossier: JSONOutput = [
    "oneOf": [
      reference("ItemHistory"), object([("dossier", string), ("items", array(reference("ItemHistory")))]),
    ]
  ]

  private static let contents: JSONOutput = {
    guard case .object(let members) = row(ManifestTable.columns, always: ManifestTable.columns.map(\.key)),
      let properties = members.first(where: { $0.key == "properties" }),
      case .object(let columns) = properties.value
    else { return .null }
    return object(
      columns.map { ($0.key, $0.value) } + [
        ("contents", array(reference("Item"))), ("findings", array(reference("Finding"))),
      ])
  }()

  private static let receipt = object([
    ("event", orNull("string")), ("index", orNull("integer")), ("item", string), ("kind", string),
    ("verdict", words(["accepted", "duplicate", "surplus", "misrouted", "refused"])),
    ("findings", array(reference("Finding"))),
  ])

  private static let importResult = object([
    (
      "manifests",
      array(
        object([
          ("file", string), ("manifest", orNull("string")),
          ("status", words(DocumentOutcome.Status.allCases.map(\.rawValue))),
          ("items", integer), ("dossiers", integer), ("events", integer),
          ("findings", array(reference("Finding"))),
        ]))
    ), ("log", reference("LogHead")),
  ])

  private static let audit = object([
    ("verdict", words(["intact", "gap", "contradiction", "unchecked"])), ("log", reference("LogHead")),
    ("checked", array(object([("what", string), ("count", integer)]))),
    ("unchecked", array(object([("what", string), ("why", string), ("count", integer)]))),
    ("findings", array(reference("Finding"))),
  ])

  private static let auditRun = object(
    [("state", words(["none", "running", "done", "failed"]))],
    optional: [
      ("startedAt", time), ("endedAt", time), ("done", integer), ("of", integer), ("code", string),
      ("report", reference("Audit")),
    ])

  private static let health = object(
    [("status", words(["ok", "degraded", "failing"])), ("time", time)],
    optional: [
      ("ready", boolean),
      (
        "checks",
        array(
          object([("subject", string), ("ok", boolean)], optional: [("value", string), ("code", string)]))
      ),
    ])

  // MARK: What is taken

  private static let eventRequest: JSONOutput = object(
    [
      ("kind", words(EventKind.allCases.filter(\.concernsItem).map(\.word))), ("item", string),
    ],
    optional: [
      ("at", time), ("office", string), ("to", string), ("by", string), ("manifest", string),
      ("reason", string), ("note", string),
      ("event", ["type": "string", "description": "The same identifier again is the same event again."]),
      ("amount", integer), ("damage", words(DamageGrade.allCases.map(\.word))), ("documents", integer),
      ("reference", string), ("corrects", string), ("newNumber", string), ("seen", reference("LogHead")),
    ])
}
