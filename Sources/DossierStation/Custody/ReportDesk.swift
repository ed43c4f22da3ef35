internal import DossierTracker
internal import HTTPTypes

/// Makes reports: two at a time, and each once for a state of the log.
actor ReportDesk {
  struct Made: Sendable {
    var document: ReportDocument
    /// State of the log that was asked of.
    var log: LogHead
  }

  private struct Key: Hashable {
    var order: ReportOrder
    var language: Language
    var wholeLists: Bool
    var log: LogHead
  }

  private let work: StoreWork
  private var kept: [(key: Key, made: Made)] = []
  private var free = 2
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Documents that are kept, and people who may wait for one.
  private static let mostKept = 6
  private static let mostWaiting = 32

  init(work: StoreWork) { self.work = work }

  /// - Parameter wholeLists: for a workbook, whose lists are not cut.
  /// - Throws: ``Problem`` 503 when too many wait already.
  func report(_ order: ReportOrder, language: Language, wholeLists: Bool = false) async throws -> Made {
    let head = try await work { try $0.head() }
    let key = Key(order: order, language: language, wholeLists: wholeLists, log: head)
    if let found = find(key) { return found }
    return try await limited {
      if let found = self.find(key) { return found }
      let made = try await self.work.lengthily { tracker in
        let basis = try tracker.basis(asOf: order.asOf.map(AsOf.size))
        let document = try tracker.report(
          order, at: basis, language: language.output, wholeLists: wholeLists)
        return Made(document: document, log: head)
      }
      self.keep(made, key)
      return made
    }
  }

  /// Writes one in a format; a PDF takes seconds.
  func render(_ made: Made, _ format: ReportFormat, language: Language) async throws -> [UInt8] {
    try await limited {
      try await self.work.lengthily { _ in
        do {
          return try made.document.render(format, style: TableStyle(language: language.output))
        } catch let refusal as RenderingRefusal {
          throw TrackerRefusal(refusal.finding)
        }
      }
    }
  }

  /// Only while the log is what it was when the document was made is the document the answer.
  private func find(_ key: Key) -> Made? {
    guard let place = kept.firstIndex(where: { $0.key == key }) else { return nil }
    let found = kept.remove(at: place)
    kept.append(found)
    return found.made
  }

  private func keep(_ made: Made, _ key: Key) {
    kept.append((key, made))
    if kept.count > Self.mostKept { kept.removeFirst() }
  }

  private func limited<Value: Sendable>(
    _ body: () async throws -> Value
  ) async throws -> Value {
    if free > 0 {
      free -= 1
    } else {
      guard waiting.count < Self.mostWaiting else {
        var problem = Problem(.serviceUnavailable, Finding(.tooManyRequests))
        problem.retryAfter = 5
        throw problem
      }
      await withCheckedContinuation { waiting.append($0) }
    }
    defer {
      // The place goes to whoever waits longest.
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
    return try await body()
  }
}
