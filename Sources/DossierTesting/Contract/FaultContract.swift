public import DossierCore

/// Writes that break at every place in turn: nothing may be half-written, and a retry succeeds.
public enum FaultContract {
  /// - Parameters:
  ///   - seed: of the random writes after the fixed ones.
  ///   - reference: a fresh store that is right, with `TestSalts.constant()`.
  ///   - open: opens the one store under test, with `TestSalts.constant()` and the plan as its fault; called
  ///     anew after each fault as after a crash.
  /// - Returns: how many faults were survived.
  @discardableResult
  public static func run(
    seed: UInt64, reference: any CustodyStore, open: (FaultPlan) throws -> any CustodyStore
  ) throws -> Int {
    var faults = 0
    for (step, operation) in operations(seed: seed).enumerated() {
      let now = TestValues.at(day: 50) + Int64(step) * 1_000
      let place = "seed \(seed), step \(step), \(operation)"
      let before = try StoreSnapshot(of: reference)
      let expected = try operation.run(on: reference, now: now)
      let after = try StoreSnapshot(of: reference)
      var call = 1
      let plan = FaultPlan()
      var store = try open(plan)
      while true {
        try require(call < 10_000, "\(place): it never succeeds")
        plan.arm(failingAt: call)
        do {
          let found = try operation.run(on: store, now: now)
          plan.arm(failingAt: nil)
          try requireEqual(found, expected, "\(place): the answer after \(call - 1) faults")
          break
        } catch let fault as FaultPlan.Injected {
          plan.arm(failingAt: nil)
          faults += 1
          try check(store, before, "\(place): after a fault at call \(fault.call)")
          // Every other time the process is taken to have died.
          if call % 2 == 0 {
            store = try open(plan)
            try check(store, before, "\(place): reopened after a fault at call \(fault.call)")
          }
        }
        call += 1
      }
      try check(store, after, "\(place): after the retry")
      try check(try open(FaultPlan()), after, "\(place): reopened after the retry")
    }
    return faults
  }

  private static func check(_ store: any CustodyStore, _ expected: StoreSnapshot, _ place: String) throws {
    if let difference = try StoreSnapshot(of: store).difference(from: expected) {
      throw ContractViolation("\(place): \(difference)")
    }
  }

  private static func operations(seed: UInt64) -> [StoreOperation] {
    let manifest = StoreContract.manifest(containers: [Container(number: "T1", seal: "S1")])
    let one = manifest.items[0].number
    var operations: [StoreOperation] = [
      .offices(TestValues.offices),
      .append(
        [
          TestValues.event(
            "E1", .accepted, one, at: TestValues.at(day: 2), office: "BC2", note: "ghi chú"),
          TestValues.event("E1", .accepted, one, at: TestValues.at(day: 2), office: "BC1"),
        ], expectingCurrentHead: true),
      .record(manifest, dryRun: true), .record(manifest, dryRun: false),
      .append(
        [
          TestValues.event(
            "L1", .relabelled, one, at: TestValues.at(day: 5), office: "TTHCC", newNumber: "BG-2"),
          TestValues.event(
            "C1", .corrected, "BG-2", at: TestValues.at(day: 6), office: "TTHCC", corrects: "L1"),
        ], expectingCurrentHead: nil),
      .feed(
        [
          TestValues.event("F1", .accepted, "BG-7", at: TestValues.at(day: 2), office: "BC1"),
          TestValues.event("F2", .lost, "BG-7", at: TestValues.at(day: 3), office: "BC1"),
        ], dryRun: false, isValid: true),
      .close(
        StoreContract.closing(
          of: "BK-1",
          missing: [
            TestValues.event(
              "M1", .missing, "BG-2", at: TestValues.at(day: 4), office: "TTHCC", manifest: "BK-1")
          ])),
    ]
    var random = RandomOperations(seed: seed)
    for _ in 0..<4 { operations.append(random.next()) }
    return operations
  }
}

/// Several connections that write at once must neither lose nor double an event.
public enum ConcurrencyContract {
  /// The drafts of one writer. Half of them are reported by every writer.
  public static func drafts(writer: Int, count: Int) -> [EventDraft] {
    (0..<count).map { number in
      let shared = number.isMultiple(of: 2)
      return TestValues.event(
        shared ? "S\(number)" : "W\(writer)-\(number)", .accepted, TestValues.s10(number % 7),
        at: TestValues.at(day: 1 + number % 20), office: "BC1", reason: "r\(number % 5)",
        note: number % 4 == 1 ? "n\(writer)" : nil)
    }
  }

  /// Checks the store after `writers` writers have appended their drafts one batch after the other.
  ///
  /// - Parameter receipts: of each writer, in the order of its drafts.
  public static func check(_ store: any CustodyStore, receipts: [[AppendReceipt]], count: Int) throws {
    var recorded: [Int64] = []
    for (writer, receipts) in receipts.enumerated() {
      try requireEqual(receipts.count, count, "receipts of writer \(writer)")
      for (draft, receipt) in zip(drafts(writer: writer, count: count), receipts) {
        let event = try requireValue(
          try store.event(identifier: draft.identifier), "event \(draft.identifier)")
        try requireEqual(receipt.index, event.index, "the index in the receipt of \(draft.identifier)")
        switch receipt {
        case .recorded(let index): recorded.append(index)
        case .duplicate: break
        case .conflict: throw ContractViolation("a conflict for \(draft.identifier), which all report alike")
        }
      }
    }
    try requireEqual(Set(recorded).count, recorded.count, "distinct indices of recorded events")
    let expected = Set(receipts.indices.flatMap { drafts(writer: $0, count: count).map(\.identifier) })
    let events = try store.events(from: 0, limit: .max).filter(\.kind.concernsItem)
    try requireEqual(Set(events.map(\.identifier)), expected, "the identifiers in the log")
    try requireEqual(events.count, expected.count, "the number of events in the log")
    try requireEqual(recorded.count, expected.count, "the number of receipts for new events")
    try StoreContract.checkLog(store)
    try StoreContract.checkLosses(store)
  }
}
