public import DossierCore

/// Why a table that somebody sent is not read: one finding of D-6030 to D-6038, or D-1018 for an empty file.
public struct SheetRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  public var finding: Finding

  public init(_ finding: Finding) { self.finding = finding }

  public var description: String { "\(finding.code.rawValue): \(finding.message(.en))" }

  /// - Parameters:
  ///   - what: what is counted, for example `rows`.
  ///   - line: row or line where the limit was passed.
  static func tooLarge(
    _ what: String, found: Int, limit: Int, file: String, line: Int? = nil
  ) -> SheetRefusal {
    SheetRefusal(
      Finding(
        .sheetTooLarge, file: file, line: line, path: what, expected: String(limit), found: String(found)))
  }
}
