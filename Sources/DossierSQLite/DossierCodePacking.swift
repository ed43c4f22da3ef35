internal import DossierCore

/// A dossier code as an integer, so that its index stays small: the unit's dictionary number, the day, the
/// length of the sequence and the sequence itself. Injective; a code of another form stays text.
///
/// Layout from the low bits: sequence 20, its length less four 2, days since 2000-01-01 16, unit 20.
enum DossierCodePacking {
  private static let epoch = 10_957  // 2000-01-01

  /// - Returns: nil when the code is to be kept as text.
  static func pack(_ code: ArraySlice<UInt8>, _ terms: Terms, adding: Bool) throws -> Int64? {
    guard let last = code.lastIndex(of: UInt8(ascii: "-")),
      let middle = code[..<last].lastIndex(of: UInt8(ascii: "-")), last - middle == 7
    else { return nil }
    let sequence = code[(last + 1)...]
    guard (4...6).contains(sequence.count), let number = digits(sequence), number < 1 << 20,
      let date = digits(code[(middle + 1)..<last]),
      let day = CalendarDate(year: 2000 + date / 10_000, month: date / 100 % 100, day: date % 100)
    else { return nil }
    let unit = code[..<middle]
    guard !unit.isEmpty, let term = adding ? try terms.number(unit) : try terms.existing(unit), term < 1 << 20
    else { return nil }
    let days = Int64(day.daysSince1970) - Int64(epoch)
    return Int64(number) | Int64(sequence.count - 4) << 20 | days << 22 | Int64(term) << 38
  }

  /// - Throws: for an integer that ``pack(_:_:adding:)`` never gives, so that no two integers are one code.
  static func unpack(_ packed: Int64, _ terms: Terms) throws -> [UInt8] {
    let width = Int(packed >> 20 & 3) + 4
    let sequence = Int(packed & 0xfffff)
    let limit = width == 4 ? 10_000 : width == 5 ? 100_000 : width == 6 ? 1_000_000 : 0
    guard packed > 0, sequence < limit,
      let day = CalendarDate(daysSince1970: Int(packed >> 22 & 0xffff) + epoch), day.year < 2100
    else { throw StoreFault.malformedRow("dossier code \(packed)") }
    var code = try terms.bytes(Int32(truncatingIfNeeded: packed >> 38))
    code.append(UInt8(ascii: "-"))
    append(day.year % 100, 2, to: &code)
    append(day.month, 2, to: &code)
    append(day.day, 2, to: &code)
    code.append(UInt8(ascii: "-"))
    append(sequence, width, to: &code)
    return code
  }

  private static func digits(_ text: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in text {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  private static func append(_ value: Int, _ width: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(0x30 + value / divisor % 10))
      divisor /= 10
    }
  }
}
