public import DossierCore

/// Why a report cannot be written in a format: a library, a program or a disk failed, or the format cannot hold it.
public struct RenderingRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  public var finding: Finding

  public init(_ finding: Finding) { self.finding = finding }

  public var description: String { "\(finding.code.rawValue): \(finding.message(.en))" }

  static func workbook(_ detail: String) -> RenderingRefusal {
    RenderingRefusal(Finding(.workbookUnwritable, detail: detail))
  }
}
