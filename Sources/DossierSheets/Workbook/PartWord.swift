/// The names of elements and attributes of a workbook's parts that mean something here (ECMA-376 parts 1 and 2).
enum PartWord: String, CaseIterable {
  // packages
  case types = "Types"
  case override = "Override"
  case partName = "PartName"
  case contentType = "ContentType"
  case relationship = "Relationship"
  case identifier = "Id"
  case type = "Type"
  case target = "Target"
  case targetMode = "TargetMode"
  // workbook
  case workbookProperties = "workbookPr"
  case date1904
  case sheet, name, state
  case relationshipIdentifier = ":id"
  // shared texts
  case sharedText = "si"
  case text = "t"
  case run = "r"
  case phonetic = "rPh"
  // styles
  case numberFormat = "numFmt"
  case numberFormatIdentifier = "numFmtId"
  case formatCode
  case cellFormats = "cellXfs"
  case format = "xf"
  // worksheet
  case sheetData, row
  case cell = "c"
  case value = "v"
  case formula = "f"
  case style = "s"
  case mergeCell
  case reference = "ref"

  /// The word with a number of ``cNames``; nil for a number of none.
  init?(number: Int32) {
    guard number >= 0, number < Self.all.count else { return nil }
    self = Self.all[Int(number)]
  }

  private static let all = allCases

  /// All names in the order of their numbers, for C. Never freed.
  nonisolated(unsafe) static let cNames: UnsafePointer<UnsafePointer<CChar>> = {
    let names = UnsafeMutablePointer<UnsafePointer<CChar>>.allocate(capacity: allCases.count)
    for (index, word) in allCases.enumerated() {
      let bytes = word.rawValue.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      for (offset, byte) in bytes.enumerated() { copy[offset] = byte }
      (names + index).initialize(to: UnsafePointer(copy))
    }
    return UnsafePointer(names)
  }()
}
