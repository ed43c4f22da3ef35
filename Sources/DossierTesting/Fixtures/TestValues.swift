public import DossierCore

/// Item numbers, instants and events for tests.
public enum TestValues {
  /// 2025-03-01, a Saturday, 00:00 in Viet Nam.
  public static let start: Int64 = 1_740_762_000_000
  public static let zone: Int16 = 420

  /// Milliseconds since 1970 UTC of a time of day in Viet Nam.
  ///
  /// - Parameter day: 1 for 2025-03-01; 32 is 2025-04-01.
  public static func at(day: Int, _ hour: Int = 8, _ minute: Int = 0) -> Int64 {
    start + ((Int64(day) - 1) * 1440 + Int64(hour) * 60 + Int64(minute)) * 60_000
  }

  /// An S10 number with its check digit (UPU S10).
  ///
  /// - Parameter serial: 0 to 99,999,999.
  public static func s10(_ serial: Int, prefix: String = "EA") -> String {
    let digits = String(100_000_000 + serial % 100_000_000).dropFirst()
    return prefix + digits + String(ItemNumber.checkDigit(serial: serial % 100_000_000)) + "VN"
  }

  /// An event draft with what a test leaves open filled in.
  public static func event(
    _ identifier: String, _ kind: EventKind, _ item: String, at: Int64, office: String, to: String? = nil,
    grade: EventGrade = .observed, manifest: String? = nil, reason: String? = nil, damage: DamageGrade? = nil,
    reference: String? = nil, corrects: String? = nil, newNumber: String? = nil, note: String? = nil
  ) -> EventDraft {
    EventDraft(
      identifier: identifier, kind: kind, grade: grade, item: item, at: at, zone: zone, office: office,
      to: to, manifest: manifest, reason: reason, damage: damage, reference: reference, corrects: corrects,
      newNumber: newNumber, note: note)
  }

  /// The offices of the tests' small province; the first keeps the store.
  public static let offices: [Office] = [
    Office(code: "TTHCC", name: "Trung tâm Phục vụ hành chính công", kind: .center, province: "12"),
    Office(code: "BC1", name: "Bưu cục 1", kind: .post, province: "12"),
    Office(code: "BC2", name: "Bưu cục 2", kind: .post, province: "12", parent: "BC1"),
    Office(code: "VC1", name: "Vận chuyển", kind: .transport, province: "12"),
    Office(code: "H12.34", name: "Sở Tư pháp", kind: .agency, province: "12"),
  ]
}
