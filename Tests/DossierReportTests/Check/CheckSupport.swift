import DossierCore
import DossierReport
import Foundation

/// The seeds' files, read as the command reads them.
enum Seeds {
  static let folder =
    String(#filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/" + $1 })
    + "/SampleData/seeds/"

  static func figures(_ name: String) throws -> CheckInput {
    let bytes = try Data(contentsOf: URL(filePath: folder + name))
    return CheckInput(name: "SampleData/seeds/" + name, content: .figures(Array(bytes)))
  }

  static func table(_ name: String) throws -> CheckInput {
    let text = try String(contentsOfFile: folder + name, encoding: .utf8)
    return CheckInput(name: "SampleData/seeds/" + name, content: .tables([Sheets.table(text)]))
  }

  static func report() throws -> CheckReport {
    CheckReport(
      try [
        figures("000.figures"), figures("001.figures"), figures("002.figures"), figures("003.figures"),
        table("004-phu-luc.csv"), figures("004.figures"),
      ])
  }
}

enum Sheets {
  /// A table of text cells; `;` between cells when the text has one, else `,`.
  static func table(_ text: String) -> SheetTable {
    let separator: Character = text.contains(";") ? ";" : ","
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.enumerated().compactMap { number, line -> SheetRow? in
      let cells = line.split(separator: separator, omittingEmptySubsequences: false).map {
        cell -> SheetCell in
        let text = cell.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\\n", with: "\n")
        return text.isEmpty ? .empty : .text(NormalizedText.nfc(text))
      }
      return cells.allSatisfy { $0 == .empty } ? nil : SheetRow(line: number + 1, cells: cells)
    }
    return SheetTable(name: "bang", rows: rows)
  }

  static func check(_ text: String, _ edition: FormLayout.Edition? = nil, style: NumberStyle = .vi)
    -> CheckReport
  {
    CheckReport(
      [CheckInput(name: "bang.csv", content: .tables([table(text)]))], edition: edition, style: style)
  }

  static func figures(_ text: String) -> CheckReport {
    CheckReport([CheckInput(name: "a.figures", content: .figures(Array(text.utf8)))])
  }
}
