public import DossierCore
internal import SwiftCSV

/// Master data of offices as a CSV file (RFC 4180) with the columns `code,name,kind,province,parent`.
public enum OfficesFile {
  /// Reads offices.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, with or without byte order mark; at most 16 MiB.
  ///   - name: the file's name, for findings.
  /// - Returns: the offices, and a finding for every line that is not one. With an error among the findings
  ///   nothing should be recorded.
  public static func read(_ bytes: [UInt8], name: String) -> (offices: [Office], findings: [Finding]) {
    guard bytes.count <= 16 << 20, var text = String(validating: bytes, as: UTF8.self) else {
      return ([], [Finding(.officesForm, file: name, detail: "not UTF-8, or over 16 MiB")])
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    let csv: CSV<Enumerated>
    do { csv = try CSV<Enumerated>(string: text, delimiter: .comma) } catch {
      return ([], [Finding(.officesForm, file: name, detail: "\(error)")])
    }
    let columns = Dictionary(
      csv.header.enumerated().map { ($1.trimmingBlanks, $0) }, uniquingKeysWith: { first, _ in first })
    guard let code = columns["code"], let label = columns["name"], let kind = columns["kind"] else {
      return (
        [], [Finding(.officesForm, file: name, line: 1, expected: "code,name,kind,province,parent")]
      )
    }
    var offices: [Office] = []
    var findings: [Finding] = []
    for (position, row) in csv.rows.enumerated() {
      if row.allSatisfy({ $0.trimmingBlanks.isEmpty }) { continue }
      let value = { (column: Int?) in
        column.flatMap { row.indices.contains($0) ? NormalizedText.nfc(row[$0].trimmingBlanks) : nil } ?? ""
      }
      guard case .success(let canonical) = OfficeCode.parse(value(code)), !value(label).isEmpty,
        let office = Office.Kind(rawValue: value(kind))
      else {
        findings.append(
          Finding(
            .officesForm, file: name, line: position + 2,
            expected: Office.Kind.allCases.map(\.rawValue).joined(separator: "|"), found: value(kind)))
        continue
      }
      offices.append(
        Office(
          code: canonical.text, name: value(label), kind: office, province: value(columns["province"]),
          parent: value(columns["parent"])))
    }
    return (offices, findings)
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
