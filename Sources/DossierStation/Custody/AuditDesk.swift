internal import CustodyLog
internal import DossierTracker

/// Runs audits of the whole store beside everything else, one at a time: whoever asks while one runs gets that one's result.
actor AuditDesk {
  struct Outcome: Sendable {
    var report: AuditReport
    /// Operator code of whoever asked.
    var by: String
    /// Milliseconds since 1970 UTC.
    var begun: Int64
    var ended: Int64
    /// Why the log does not have the run; nil when it has.
    var unrecorded: Finding?
  }

  private let work: StoreWork
  private let live: LiveFeed
  private let now: @Sendable () -> Int64
  private let audit: Audit
  private let progress = AuditProgress()
  private(set) var latest: Outcome?
  /// Why the last run came to no result.
  private(set) var failure: Finding?
  /// When the one under way began; nil when none is.
  private(set) var runningSince: Int64?

  /// Audits a store, and says how far it is.
  typealias Audit = @Sendable (Tracker, @escaping @Sendable (Int, Int) -> Void) throws -> AuditReport

  init(
    work: StoreWork, live: LiveFeed, now: @escaping @Sendable () -> Int64,
    audit: @escaping Audit = { try $0.audit(progress: $1) }
  ) {
    self.audit = audit
    self.work = work
    self.live = live
    self.now = now
  }

  /// How far the running one is; nil when none runs.
  var underWay: (done: Int, all: Int)? { runningSince == nil ? nil : progress.value }

  /// Per cent of the running one; nil when none runs.
  var percent: Int? { underWay.map { $0.all > 0 ? min($0.done * 100 / $0.all, 100) : 0 } }

  /// Begins one unless one runs already. When it has ended, the log takes who began it and what came of it.
  func begin(by visitor: Visitor) {
    guard runningSince == nil else { return }
    let begun = now()
    runningSince = begun
    failure = nil
    progress.set(0, 0)
    // Goes on whether or not whoever asked waits for it.
    Task { [work, now, progress, audit] in
      do {
        let report = try await work.lengthily { try audit($0) { progress.set($0, $1) } }
        var outcome = Outcome(report: report, by: visitor.code, begun: begun, ended: now())
        do {
          try await record { tracker, what in
            try tracker.recordAudit(what, verdict: report, by: visitor.code, office: visitor.office)
          }
        } catch {
          // The verdict counts all the same: a log that is frozen takes no event.
          outcome.unrecorded = Problem(explaining: error).finding
        }
        latest = outcome
      } catch {
        let finding = Problem(explaining: error).finding
        try? await record { tracker, what in
          try tracker.recordAccess(
            what, by: visitor.code, office: visitor.office, reference: "failed/\(finding.code.rawValue)")
        }
        failure = finding
      }
      runningSince = nil
    }
  }

  private func record(_ body: @escaping @Sendable (Tracker, String) throws -> LogHead) async throws {
    await live.committed(try await work { try body($0, People.Access.audited.rawValue) })
  }

  /// Waits for the running one, not for ever.
  func settle(attempts: Int = 60) async {
    for _ in 0..<attempts where runningSince != nil { try? await Task.sleep(for: .milliseconds(250)) }
  }

  /// What the API tells: the run under way, else the last one.
  func json(_ language: Language) -> JSONOutput {
    var members: [JSONOutput.Member] = []
    func add(_ key: String, _ value: JSONOutput) { members.append(.init(key: key, value: value)) }
    func add(_ key: String, time: Int64) {
      if let text = MachineTime.text(time) { add(key, .string(text)) }
    }
    if let runningSince, let (done, all) = underWay {
      add("state", .string("running"))
      add("startedAt", time: runningSince)
      add("done", .integer(done))
      add("of", .integer(all))
    } else if let failure {
      add("state", .string("failed"))
      add("code", .string(failure.code.rawValue))
    } else if let latest {
      add("state", .string("done"))
      add("startedAt", time: latest.begun)
      add("endedAt", time: latest.ended)
      add("report", latest.report.json(language))
      if let unrecorded = latest.unrecorded { add("unrecorded", .string(unrecorded.code.rawValue)) }
    } else {
      add("state", .string("none"))
    }
    return .object(members)
  }
}
