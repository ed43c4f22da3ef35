/// What every finding code means, in Vietnamese and English: the one list behind `dossier explain`.
///
/// Codes are grouped by hundreds: 10xx bytes and XML, 11xx schema, 12xx rules about one manifest, 13xx
/// identifiers, 14xx a document against the store, 20xx custody, 21xx receiving, 30xx log, 31xx store against
/// log, 32xx what leaves the store, 33xx erasing and retention, 40xx operation, 60xx reports, 70xx station. A code is never given
/// a second meaning.
public enum FindingCatalogue {
  public struct Entry: Sendable {
    public let code: FindingCode
    public let severity: Finding.Severity
    /// One sentence; `{expected}`, `{found}`, `{item}`, `{path}`, `{file}`, `{detail}` are filled in.
    let vi: String
    let en: String
    /// What to do next.
    let hintVi: String
    let hintEn: String

    init(
      _ code: FindingCode, _ severity: Finding.Severity, vi: String, en: String, hintVi: String,
      hintEn: String
    ) {
      self.code = code
      self.severity = severity
      self.vi = vi
      self.en = en
      self.hintVi = hintVi
      self.hintEn = hintEn
    }

    public func message(_ language: Language) -> String { language == .vi ? vi : en }
    public func hint(_ language: Language) -> String { language == .vi ? hintVi : hintEn }
  }

  /// All entries in order of their codes.
  public static let entries: [Entry] =
    (documentEntries + manifestEntries + custodyEntries + auditEntries + outsideEntries + erasureEntries
    + operationEntries + reportEntries + lossEntries + reconciliationEntries + stationEntries
    + scanningEntries + peopleEntries + signOffEntries + lookupEntries + servingEntries
    + custodyPageEntries)
    .sorted { $0.code.rawValue < $1.code.rawValue }

  /// Codes that were described once and never reported. They stay taken.
  ///
  /// D-2101, a code that nobody ever recorded, on receipt: such an item is recorded as surplus and found as D-2014.
  public static let retired = ["D-2101"]

  private static let byCode = Dictionary(uniqueKeysWithValues: entries.map { ($0.code, $0) })

  public static func entry(_ code: FindingCode) -> Entry {
    byCode[code]
      ?? Entry(
        code, .warning, vi: code.rawValue, en: code.rawValue, hintVi: "", hintEn: "")
  }
}
