import DossierCore

/// Reading identifiers, times and numbers, with a finding for each that is refused.
extension DocumentHandler {
  /// The canonical text of a code; nil after a finding.
  mutating func code<Value: TextualValue>(
    _ type: Value.Type, _ bytes: UnsafeRawBufferPointer, _ refusedAs: FindingCode, attribute: Word?,
    shows: Bool = true
  ) -> String? {
    let bytes = trimmed(bytes)
    switch Value.parse(bytes) {
    case .success(let value): return value.text
    case .failure(let refusal):
      // A missing value is the schema's finding.
      guard !bytes.isEmpty else { return nil }
      report(
        refusedAs, attribute: attribute, expected: refusal.expected,
        found: shows ? shownCode(bytes) : refusal.found)
      return nil
    }
  }

  /// An instant with its zone; nil after a finding.
  mutating func instant(_ bytes: UnsafeRawBufferPointer, attribute: Word? = nil) -> OffsetDateTime? {
    let bytes = trimmed(bytes)
    switch OffsetDateTime.parse(bytes) {
    case .success(let value): return value
    case .failure(let refusal):
      reportTime(bytes, refusal, attribute)
      return nil
    }
  }

  /// An instant that may not lie in the future.
  mutating func pastInstant(_ bytes: UnsafeRawBufferPointer, attribute: Word) -> OffsetDateTime? {
    guard let instant = instant(bytes, attribute: attribute) else { return nil }
    if let latestTime, instant.milliseconds > latestTime {
      report(.eventInFuture, attribute: attribute, found: instant.text)
    }
    return instant
  }

  /// Days since 1970 of the collected text; nil after a finding.
  mutating func contentDay() -> Int32? {
    let bytes = trimmed(content)
    switch CalendarDate.parse(bytes) {
    case .success(let day): return day.daysSince1970
    case .failure(let refusal):
      report(.invalidDateTime, expected: refusal.expected ?? "yyyy-mm-dd", found: shownTime(bytes))
      return nil
    }
  }

  private mutating func reportTime(
    _ bytes: UnsafeRawBufferPointer, _ refusal: ParseRefusal, _ attribute: Word?
  ) {
    report(
      .invalidDateTime, attribute: attribute, expected: refusal.expected ?? "yyyy-mm-ddThh:mm:ss±hh:mm",
      found: shownTime(bytes))
  }

  /// A whole number; nil after a finding.
  mutating func number(_ bytes: UnsafeRawBufferPointer, maximum: Int, attribute: Word? = nil) -> Int? {
    let bytes = trimmed(bytes)
    switch Count.parse(bytes, maximum: maximum) {
    case .success(let value): return value
    case .failure(let refusal):
      report(
        .numberOutOfRange, attribute: attribute, expected: refusal.expected ?? "0-\(maximum)",
        found: shownNumber(bytes))
      return nil
    }
  }

}

/// The word that `bytes` spell, compared without making a String.
@inline(__always)
func spells(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
  guard bytes.count == word.utf8CodeUnitCount else { return false }
  for offset in 0..<bytes.count where bytes[offset] != word.utf8Start[offset] { return false }
  return true
}

private func shownTime(_ bytes: UnsafeRawBufferPointer) -> String? { shown(bytes, besideDigits: "-:+.TZ") }

private func shownNumber(_ bytes: UnsafeRawBufferPointer) -> String? { shown(bytes, besideDigits: "+-.,") }

/// The bytes as text when they are digits and a few marks; nil otherwise, since they may be anything.
private func shown(_ bytes: UnsafeRawBufferPointer, besideDigits marks: StaticString) -> String? {
  guard bytes.count <= 40 else { return nil }
  let isPlain = bytes.allSatisfy { byte in
    byte &- 0x30 < 10 || marks.withUTF8Buffer { $0.contains(byte) }
  }
  return isPlain ? String(decoding: bytes, as: UTF8.self) : nil
}
