/// How much of a table that somebody sends is read at most.
public struct SheetLimits: Hashable, Sendable {
  /// Bytes of the file itself.
  public var fileBytes = 64 << 20
  /// Bytes of a workbook's parts when they are inflated, together.
  public var inflatedBytes = 512 << 20
  /// How many times its packed size a workbook's part may be, once it is larger than a mebibyte. Deflate reaches 1032;
  /// sheets of nothing but equal empty cells stay below 100.
  public var inflationRatio = 250
  /// Parts of a workbook.
  public var parts = 4_096
  public var rows = 1_048_576
  public var columns = 1_024
  /// Cells kept in memory over all sheets, empty ones before a filled one included; also the shared texts of a workbook.
  public var cells = 10_000_000
  /// Bytes of one cell's text.
  public var cellBytes = 32_768
  public var sheets = 256

  public init() {}
}
