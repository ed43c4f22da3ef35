internal import DossierCore

/// The visible worksheets of a workbook in the format of ECMA-376 (XLSX).
///
/// Hidden sheets are left out: they hold lists and scratch work, and who sent the file does not see them. Hidden rows stay:
/// a filter hides them, and totals count them. Formulas are not calculated; the values that the last program calculated
/// count. Charts, pictures, links and comments are not read.
enum WorkbookReader {
  static func read(
    _ bytes: [UInt8], name: String, limits: SheetLimits
  ) throws(SheetRefusal) -> [SheetTable] {
    let archive = try PartArchive(bytes, file: name, limits: limits)
    try refuseOthers(archive, name: name)
    let workbookPath = try path(ofWorkbookIn: archive, name: name)

    let workbook = WorkbookPart()
    try archive.read(workbookPath, into: workbook)
    guard workbook.sheets.count <= limits.sheets else {
      throw .tooLarge("sheets", found: workbook.sheets.count, limit: limits.sheets, file: name)
    }
    let relationships = Relationships(source: workbookPath)
    try archive.read(Relationships.path(of: workbookPath), into: relationships)

    var around = WorksheetPart.Surroundings(file: name, limits: limits)
    around.dates.countsFrom1904 = workbook.countsFrom1904
    if let part = relationships.first("sharedStrings") {
      let texts = SharedTexts(file: name, limits: limits)
      try archive.read(part.path, into: texts)
      around.texts = texts.cells
    }
    if let part = relationships.first("styles") {
      let styles = StylesPart()
      try archive.read(part.path, into: styles)
      around.formats = styles.formats
    }

    var tables: [SheetTable] = []
    var cellCount = 0
    for sheet in workbook.sheets where !sheet.isHidden {
      guard let part = relationships.all.first(where: { $0.identifier == sheet.relationship }) else {
        throw SheetRefusal(Finding(.sheetDamaged, file: name, path: sheet.name))
      }
      guard part.kind == "worksheet" else { continue }  // a sheet that is a chart
      let worksheet = WorksheetPart(sheet: sheet.name, around: around, cellCount: cellCount)
      try archive.read(part.path, into: worksheet)
      try worksheet.hideMerged()
      cellCount = worksheet.cellCount
      tables.append(SheetTable(name: sheet.name, rows: worksheet.rows))
    }
    return tables
  }

  /// Archives that are something else get its name instead of "damaged".
  private static func refuseOthers(_ archive: PartArchive, name: String) throws(SheetRefusal) {
    guard !archive.holds("[Content_Types].xml") else {
      let others = [("word/", "DOCX"), ("ppt/", "PPTX")]
      for (folder, word) in others where archive.holds(prefix: folder) && !archive.holds(prefix: "xl/") {
        throw SheetRefusal(Finding(.sheetFormat, file: name, found: word))
      }
      return
    }
    let isOpenDocument = archive.holds("mimetype") && archive.holds("content.xml")
    throw SheetRefusal(Finding(.sheetFormat, file: name, found: isOpenDocument ? "ODS" : "ZIP"))
  }

  private static func path(ofWorkbookIn archive: PartArchive, name: String) throws(SheetRefusal) -> String {
    let types = ContentTypes()
    try archive.read("[Content_Types].xml", into: types)
    let package = Relationships(source: "")
    try archive.read("_rels/.rels", into: package)
    guard let path = package.first("officeDocument")?.path, archive.holds(path) else {
      throw SheetRefusal(Finding(.sheetDamaged, file: name, path: "workbook"))
    }
    let type = types.types[path.lowercased()] ?? ""
    if type.contains("sheet.binary") { throw SheetRefusal(Finding(.sheetFormat, file: name, found: "XLSB")) }
    if type.contains("macroenabled") || archive.holds("xl/vbaProject.bin") {
      throw SheetRefusal(Finding(.sheetMacros, file: name))
    }
    return path
  }
}
