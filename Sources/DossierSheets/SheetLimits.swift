/// How much of a table that somebody sends is read at most.
public struct SheetLimits: Hashable, Sendable {
  /// Bytes of the file itself.
  public var fileBytes = 64 << 20
  /// Bytes of a workbook's parts when they are inflated, together.
  public var inflatedBytes = 512 << 20
  public var rows = 1_048_576
  public var columns = 1_024
  /// Bytes of one cell's text.
  public var cellBytes = 32_768
  public var sheets = 256

  public init() {}
}
