import Testing

@testable import DossierSheets

@Suite struct SheetLimitsTests {
  @Test func aSpreadsheetProgramsLargestSheetIsRead() {
    #expect(SheetLimits().rows == 1 << 20)
  }
}
