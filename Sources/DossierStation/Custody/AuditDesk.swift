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
  }

  private let work: StoreWork
  private let now: @Sendable () -> Int64
  private let progress = AuditProgress()
  private(set) var latest: Outcome?
  /// Why the last run came to no result.
  private(set) var failure: Finding?
  /// When the one under way began; nil when none is.
  private(set) var runningSince: Int64?

  init(work: StoreWork, now: @escaping @Sendable () -> Int64) {
    self.work = work
    self.now = now
  }

  /// How far the running one is; nil when none runs.
  var underWay: (done: Int, all: Int)? { runningSince == nil ? nil : progress.value }

  /// Per cent of the running one; nil when none runs.
  var percent: Int? { underWay.map { $0.all > 0 ? min($0.done * 100 / $0.all, 100) : 0 } }

  /// Begins one unless one runs already. That somebody audits is recorded first, so that the audit covers it.
  func begin(by visitor: Visitor, people: People) async throws {
    guard runningSince == nil else { return }
    let begun = now()
    runningSince = begun
    failure = nil
    progress.set(0, 0)
    do { try await people.record(.audited, by: visitor) } catch {
      runningSince = nil
      throw error
    }
    let visitor = visitor.code
    // Goes on whether or not whoever asked waits for it.
    Task { [work, now, progress] in
      do {
        let report = try await work.lengthily { try $0.audit { progress.set($0, $1) } }
        finish(.success(Outcome(report: report, by: visitor, begun: begun, ended: now())))
      } catch {
        finish(.failure(error))
      }
    }
  }

  /// Waits for the running one, not for ever.
  func settle(attempts: Int = 60) async {
    for _ in 0..<attempts where runningSince != nil { try? await Task.sleep(for: .milliseconds(250)) }
  }

  private func finish(_ result: Result<Outcome, any Error>) {
    runningSince = nil
    switch result {
    case .success(let outcome): latest = outcome
    case .failure(let error): failure = Problem(explaining: error).finding
    }
  }

  /// What the API tells: the run under way, else the last one.
  func json(_ language: Language) -> JSONOutput {
    var members: [JSONOutput.Member] = []
    func add(_ key: String, _ value: JSONOutput) { members.append(.init(key: key, value: value)) }
    func add(_ key: String, time: Int64) {
      let zone = OffsetDateTime.vietNamOffsetMinutes
      if let time = OffsetDateTime(milliseconds: time, offsetMinutes: zone) { add(key, .string(time.text)) }
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
    } else {
      add("state", .string("none"))
    }
    return .object(members)
  }
}
