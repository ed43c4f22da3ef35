public import DossierCore

extension OffsetDateTime {
  /// Reads a time as people type it: `2026-01-05T16:30:00+07:00`, and without its seconds, without its offset
  /// (then that of Viet Nam), or with a blank for the `T`.
  ///
  /// - Returns: nil when it is no time.
  public static func typed(_ text: String) -> OffsetDateTime? {
    let characters = Array(text.utf8)
    guard characters.count > 11, characters[10] == UInt8(ascii: "T") || characters[10] == UInt8(ascii: " ")
    else { return nil }
    let clock = characters[11...]
    let zoneStart = clock.firstIndex { "Z+-".utf8.contains($0) } ?? clock.endIndex
    let seconds = zoneStart - clock.startIndex == 5 ? Array(":00".utf8) : []
    let zone = zoneStart == clock.endIndex ? Array("+07:00".utf8) : Array(clock[zoneStart...])
    let whole = Array(characters[..<10]) + [UInt8(ascii: "T")] + Array(clock[..<zoneStart]) + seconds + zone
    return OffsetDateTime(utf8: whole)
  }
}
