public import DossierCore
public import DossierReport
internal import DossierSheets

/// Checks figures that others made; needs no store.
public enum ReportChecking {
  /// What a file's name says of its content; everything else is read as a table.
  static let figuresEnding = ".figures"

  /// Whether a file is a description that stands beside figures, and is passed over.
  public static func isDescription(_ name: String) -> Bool {
    name.lowercased().hasSuffix(".md")
  }

  /// Checks tables (CSV, XLSX) and figures files together, so that figures may refer to tables.
  ///
  /// - Parameters:
  ///   - files: names as they were given, and contents.
  ///   - edition: the form of tables without known headers.
  ///   - style: how numbers are written in text.
  /// - Returns: the report, and findings of files that could not be read as tables at all.
  public static func check(
    _ files: [(name: String, bytes: [UInt8])], edition: FormLayout.Edition? = nil, style: NumberStyle = .vi
  ) -> (report: CheckReport, unreadable: [Finding]) {
    var inputs: [CheckInput] = []
    var unreadable: [Finding] = []
    for file in files {
      if file.name.lowercased().hasSuffix(figuresEnding) {
        inputs.append(CheckInput(name: file.name, content: .figures(file.bytes)))
        continue
      }
      do {
        inputs.append(
          CheckInput(
            name: file.name, content: .tables(try SheetReader.read(bytes: file.bytes, name: file.name))))
      } catch {
        unreadable.append(error.finding)
      }
    }
    return (CheckReport(inputs, edition: edition, style: style), unreadable)
  }
}
