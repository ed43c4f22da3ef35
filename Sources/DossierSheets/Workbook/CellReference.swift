/// A cell's place as workbooks write it, `B7` or `$B$7`, counted from 1.
struct CellReference: Equatable {
  var column: Int
  var row: Int

  static let greatestColumn = 16_384
  static let greatestRow = 1_048_576

  init?(_ bytes: some Collection<UInt8>) {
    column = 0
    row = 0
    var digits = 0
    for byte in bytes where byte != UInt8(ascii: "$") {
      switch byte {
      case 0x41...0x5A where digits == 0: column = column * 26 + Int(byte) - 0x40
      case 0x61...0x7A where digits == 0: column = column * 26 + Int(byte) - 0x60
      case 0x30...0x39:
        digits += 1
        row = row * 10 + Int(byte) - 0x30
      default: return nil
      }
      guard column <= Self.greatestColumn, row <= Self.greatestRow else { return nil }
    }
    guard column > 0, row > 0 else { return nil }
  }

  /// `B7`.
  static func text(column: Int, row: Int) -> String {
    var letters = ""
    var rest = column
    while rest > 0 {
      letters = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return letters + String(row)
  }
}
