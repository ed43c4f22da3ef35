internal import DossierTracker
internal import Foundation
internal import Glibc
internal import HTTPTypes

/// Imports documents in processes of their own, under limits of time, memory and files: whatever a document does to its
/// reader, the station goes on, and nothing is recorded in part.
actor ImportWorkers {
  struct Limits: Sendable {
    var seconds = 60
    var memory = 2 << 30
    /// At once, and waiting.
    var workers = 1
    var waiting = 8
  }

  /// The import's JSON, as the command gives it, and what it means in HTTP.
  struct Result: Sendable {
    var status: HTTPResponse.Status
    var json: [UInt8]
  }

  private let options: StationOptions
  private let limits: Limits
  private let live: LiveFeed
  private let work: StoreWork
  private var running = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ options: StationOptions, work: StoreWork, live: LiveFeed, limits: Limits = Limits()) {
    self.options = options
    self.work = work
    self.live = live
    self.limits = limits
  }

  /// - Throws: ``Problem`` 503 when too many wait, or when the worker hit a limit.
  func run(_ uploads: [Upload], dryRun: Bool, language: Language) async throws -> Result {
    try await begin()
    defer { end() }
    let (options, limits) = (options, limits)
    let result = try await work.lengthily { _ in
      try Self.run(uploads, dryRun: dryRun, language: language, options, limits)
    }
    if !dryRun, let head = try? await work({ try $0.head() }) { await live.committed(head) }
    return result
  }

  private func begin() async throws {
    guard running >= limits.workers else {
      running += 1
      return
    }
    guard waiting.count < limits.waiting else {
      var problem = Problem(.serviceUnavailable, Finding(.importBusy))
      problem.retryAfter = 60
      throw problem
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Whoever waits longest takes over the place.
  private func end() {
    if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
  }

  // MARK: One worker

  private static func run(
    _ uploads: [Upload], dryRun: Bool, language: Language, _ options: StationOptions, _ limits: Limits
  ) throws -> Result {
    guard let limiter = BoundedProcess.find("prlimit") else { throw failed("prlimit") }
    let arguments =
      [
        limiter, "--cpu=\(limits.seconds)", "--as=\(limits.memory)", "--nofile=256", "--core=0",
        "--fsize=\(largestFile(options.data) + (4 << 30))", options.program, "import", "--format", "json",
        "--lang", language.rawValue, "--data", options.data,
      ] + (dryRun ? ["--dry-run"] : []) + uploads.map(\.path)
    var bounds = BoundedProcess.Limits()
    bounds.seconds = limits.seconds
    bounds.memory = limits.memory
    let ended: BoundedProcess.Result
    do {
      ended = try BoundedProcess.run(arguments, environment: environment, input: [], limits: bounds)
    } catch let error as BoundedProcess.CouldNotStart {
      throw failed("errno \(error.code)")
    }
    switch ended.ending {
    case .exited(0), .exited(1): return try judge(ended.output, uploads, dryRun: dryRun)
    case .exited(2): throw refusal(ended.output)
    case .timedOut, .signalled(SIGXCPU), .signalled(SIGKILL):
      throw Problem(.unprocessableContent, Finding(.importTimeLimit, expected: "\(limits.seconds)"))
    case .tooMuchOutput: throw failed("output")
    case .exited(let code): throw failed("\(code)")
    case .signalled(let signal):
      // Memory that is refused ends a Swift program with a trap.
      let talk = String(decoding: ended.talk, as: UTF8.self)
      if talk.contains("allocat") || talk.contains("memory") {
        throw Problem(
          .unprocessableContent, Finding(.importMemoryLimit, expected: "\(limits.memory >> 20)"))
      }
      throw failed("signal \(signal)")
    }
  }

  private static func failed(_ found: String) -> Problem {
    Problem(.internalServerError, Finding(.importFailed, found: found))
  }

  /// What the worker needs of ours, and nothing else.
  private static var environment: [String] {
    ["PATH", "TMPDIR", "LANG", "LC_ALL"].compactMap { (name: String) in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
  }

  /// A limit of a file's size must let the store grow.
  private static func largestFile(_ folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.map { name in
      var status = stat()
      return stat("\(folder)/\(name)", &status) == 0 ? Int(status.st_size) : 0
    }.max() ?? 0
  }

  /// The JSON with the names that the sender gave instead of ours, and the worst that happened to a document.
  private static func judge(_ output: [UInt8], _ uploads: [Upload], dryRun: Bool) throws -> Result {
    var text = String(decoding: output, as: UTF8.self)
    for upload in uploads {
      let own = JSONOutput.string(upload.path).text(pretty: false)
      text = text.replacingOccurrences(of: own, with: JSONOutput.string(upload.label).text(pretty: false))
    }
    guard let result = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let documents = result["manifests"] as? [[String: Any]]
    else { throw failed("output") }
    let found = Set(documents.compactMap { $0["status"] as? String })
    let status: HTTPResponse.Status =
      if found.contains("rejected") {
        .unprocessableContent
      } else if found.contains("conflict") {
        .conflict
      } else {
        found.contains("recorded") ? .created : .ok
      }
    return Result(status: status, json: Array(text.utf8))
  }

  /// Why the command could not do its work: `{"error": {"code": …}}`.
  private static func refusal(_ output: [UInt8]) -> Problem {
    guard let result = try? JSONSerialization.jsonObject(with: Data(output)) as? [String: Any],
      let error = result["error"] as? [String: Any],
      let code = (error["code"] as? String).flatMap({ FindingCode(rawValue: $0) })
    else { return failed("2") }
    return Problem(explaining: TrackerRefusal(Finding(code, detail: error["detail"] as? String)))
  }
}
