internal import DossierTracker
internal import HTTPTypes

/// Operations of the interface that other parts of the station serve, for the document alone.
enum OtherOperations {
  static let all: [APIOperation] = [follow, session, scan, reconciliation, sign] + signedIn

  private static let number = APIParameter("number", .path, "The manifest's number.")
  private static let later = [("Retry-After", "Seconds after which the same may be tried again.")]

  private static func problem(
    _ status: HTTPResponse.Status, _ summary: String, headers: [(String, String)] = []
  ) -> APIAnswer {
    APIAnswer(
      status, summary, [APIContent("application/problem+json", APISchemas.reference("Problem"))],
      headers: headers)
  }

  private static let follow = APIOperation(
    .get, "/v1/events/live", "followEvents",
    "What is recorded, as it is recorded (server-sent events; the identifier is the position in the log)",
    needs: .read,
    parameters: [
      APIParameter("manifest", .query, "Only events that name this manifest."),
      APIParameter("item", .query, "Only events of this item."),
      APIParameter(
        "after", .query, "The last event seen: those after it come first.",
        ["type": "integer", "minimum": -1]),
      APIParameter("Last-Event-ID", .header, "The same, as browsers say it when they connect again."),
    ],
    answers: [
      APIAnswer(
        .ok, "A stream that ends with the session.", [APIContent("text/event-stream", APISchemas.string)])
    ])

  // MARK: Receiving

  private static let session = APIOperation(
    .get, "/v1/manifests/{number}/session", "receivingSession",
    "Where the receiving of a manifest stands, item by item", needs: .scan, parameters: [number],
    answers: [APIAnswer(.ok, "The session.", [.json("Session")])])

  private static let scan = APIOperation(
    .post, "/v1/scans", "sendScans",
    "Records scans of a counter durably. As NDJSON: a scan a line, a result a line.", needs: .scan,
    parameters: [
      APIParameter(
        "Idempotency-Key", .header,
        "The same key and body again get the same answer; while the first is running, 409 with Retry-After.")
    ],
    body: [.json("ScanRequest"), .lines("Scan")],
    answers: [
      APIAnswer(
        .ok, "One result a scan, in order; the same for the same id again.",
        [.json("ScanReply"), .lines("ScanResult")]),
      problem(.conflict, "The request with the same `Idempotency-Key` is still running.", headers: later),
      problem(
        .serviceUnavailable, "More is waiting than is recorded in time, or the store cannot be written.",
        headers: later),
    ])

  // MARK: Signing off

  private static let tag = [("ETag", "Hash of the list that is to be signed.")]

  private static let reconciliation = APIOperation(
    .get, "/v1/manifests/{number}/reconciliation", "showReconciliation",
    "The list that giver and receiver sign, and who has signed", needs: .read,
    parameters: [number], answers: [APIAnswer(.ok, "The list.", [.json("Reconciliation")], headers: tag)])

  private static let sign = APIOperation(
    .post, "/v1/manifests/{number}/signatures", "signManifest",
    "Signs the list for one side, or withdraws; the second side's signature closes the manifest",
    needs: .sign,
    parameters: [
      number, APIParameter("If-Match", .header, "The tag of the list that was read.", isRequired: true),
    ],
    body: [.json("Signature")],
    answers: [
      APIAnswer(.ok, "Signed.", [.json("Reconciliation")], headers: tag),
      problem(.forbidden, "The code or the PIN is wrong, or this person does not sign for this side."),
      problem(
        .conflict,
        "The manifest is closed already, or somebody else has signed for this side less than 30 minutes ago."),
      problem(.preconditionFailed, "The list is no longer the one that was read."),
      problem(.unprocessableContent, "This person has signed for the other side."),
      problem(.preconditionRequired, "`If-Match` or `list` is missing."),
      problem(.tooManyRequests, "Too many wrong PINs: nothing is tried until then.", headers: later),
    ])

  // MARK: Who is signed in

  private static let signedIn: [APIOperation] = [
    APIOperation(
      .get, "/v1/session", "showSession", "Who is signed in", needs: nil,
      answers: [APIAnswer(.ok, "The session.", [.json("SignedIn")])]),
    APIOperation(
      .post, "/v1/session/unlock", "unlockSession", "Goes on after an absence", needs: nil,
      body: [.json("Unlock")],
      answers: [APIAnswer(.ok, "The session.", [.json("SignedIn")])]),
    APIOperation(
      .post, "/v1/session/lock", "lockSession", "Leaves the counter for a while", needs: nil,
      answers: [APIAnswer(.ok, "The session.", [.json("SignedIn")])]),
    APIOperation(
      .delete, "/v1/session", "endSession", "Signs out", needs: nil,
      answers: [APIAnswer(.noContent, "Signed out.")]),
  ]
}
