public import DossierCore

/// What every store must do, as sentences that run: each case takes fresh stores and throws
/// ``ContractViolation`` for the first promise that is broken.
public enum StoreContract {
  /// Makes fresh stores for the cases.
  public struct Bench: Sendable {
    /// A new, empty store kept by `TestValues.offices[0]`, which its first event states at `TestValues.start`.
    public var make: @Sendable () throws -> any CustodyStore

    public init(make: @escaping @Sendable () throws -> any CustodyStore) { self.make = make }

    /// A store that also knows the other offices.
    func withOffices() throws -> any CustodyStore {
      let store = try make()
      _ = try store.record(offices: TestValues.offices, recordedAt: TestValues.start)
      return store
    }
  }

  public struct Case: Sendable, CustomStringConvertible {
    public let name: String
    public let run: @Sendable (Bench) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (Bench) throws -> Void) {
      self.name = name
      self.run = run
    }

    public var description: String { name }
  }

  public static let cases: [Case] =
    appendingCases + manifestCases + itemCases + closingCases + reportCases

  // MARK: Words of the cases

  static func at(_ day: Int, _ hour: Int = 8, _ minute: Int = 0) -> Int64 {
    TestValues.at(day: day, hour, minute)
  }

  /// Appends and returns the receipts.
  @discardableResult
  static func append(
    _ drafts: [EventDraft], to store: any CustodyStore, now: Int64 = TestValues.start
  ) throws -> [AppendReceipt] {
    guard case .appended(let receipts, let head) = try store.append(drafts, recordedAt: now, expecting: nil)
    else { throw ContractViolation("append without an expected head said that the head had moved") }
    try requireEqual(head, try store.head(), "the head that append returned")
    return receipts
  }

  @discardableResult
  static func record(
    _ manifest: TestManifest, in store: any CustodyStore, now: Int64 = TestValues.start, dryRun: Bool = false
  ) throws -> DocumentOutcome {
    try store.record(ArrayDocumentSource(manifest), recordedAt: now, dryRun: dryRun)
  }

  static func summary(_ number: String, in store: any CustodyStore) throws -> ItemSummary {
    try requireValue(try store.history(ofItem: number)?.summary, "item \(number)")
  }

  /// Runs `body` and requires that it changes nothing.
  static func unchanged<Value>(
    _ what: String, in store: any CustodyStore, _ body: () throws -> Value
  ) throws -> Value {
    let before = try StoreSnapshot(of: store)
    let value = try body()
    if let difference = try StoreSnapshot(of: store).difference(from: before) {
      throw ContractViolation("\(what) changed the store: \(difference)")
    }
    return value
  }

  /// A manifest of three items, two of them with dossiers.
  static func manifest(
    _ number: String = "BK-1", first: Int = 1, day: Int = 3, containers: [Container] = []
  ) -> TestManifest {
    TestManifest(
      number, from: "BC1", to: "TTHCC", at: at(day, 17), containers: containers,
      items: [
        TestItem(
          TestValues.s10(first), container: containers.isEmpty ? nil : 0, acceptedAt: at(day, 9), weight: 120,
          condition: .good, fee: 15_000, sender: TestContact(name: "Nguyễn Văn A", phone: "0912345678"),
          recipient: TestContact(name: "Trung tâm", address: "1 Lê Lợi"),
          dossiers: [
            TestDossier(
              "H12.34-250301-\(1000 + first)", applicant: "Nguyễn Văn A",
              received: CalendarDate(year: 2025, month: 3, day: 1),
              due: CalendarDate(year: 2025, month: 3, day: 15),
              documents: [
                DocumentSummaryLine(name: "Đơn", originals: 1, certifiedCopies: 0, photocopies: 0),
                DocumentSummaryLine(name: "CCCD", originals: 0, certifiedCopies: 1, photocopies: 2),
              ]),
            TestDossier("H12.34-250301-\(2000 + first)", field: "Đất đai", agency: "H12.35"),
          ]),
        TestItem(
          "BG-\(first + 1)", acceptedAt: at(day, 10), weight: 80,
          dossiers: [TestDossier("LEGACY/\(first)", field: "Đất đai", agency: "")]),
        TestItem(TestValues.s10(first + 2)),
      ])
  }
}
