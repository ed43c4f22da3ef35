internal import CustodyLog
public import DossierCore

/// When an open item that nobody has heard of is presumed lost: a dated, versioned rule, since no law read for this
/// program states a transit limit. What it presumes is never mixed into what was declared.
///
/// An item is presumed lost when at least `limit + silence` working days have passed after the day of its entrusting and
/// at least `silence` working days after the day of its last event.
public struct PresumedLossRule: Hashable, Sendable {
  public var version: String
  /// The first day on which the rule is in force.
  public var validFrom: CalendarDate
  /// Working days that a leg may take.
  public var limits: [Leg: Int]
  /// The same for an item whose manifest is not known.
  public var otherLimit: Int
  /// Working days without any event after which the item is presumed lost.
  public var silence: Int

  public init(
    version: String, validFrom: CalendarDate, limits: [Leg: Int], otherLimit: Int, silence: Int
  ) {
    self.version = version
    self.validFrom = validFrom
    self.limits = limits
    self.otherLimit = otherLimit
    self.silence = silence
  }

  public func limit(_ leg: Leg?) -> Int { leg.flatMap { limits[$0] } ?? otherLimit }
}

/// The rules of one file, of which that is applied which is in force on the day that a report speaks of.
public struct PresumedLossRules: Equatable, Sendable {
  /// In order of the days from which they are valid, which all differ.
  public var rules: [PresumedLossRule]
  /// First 12 hexadecimal digits of the SHA-256 of the file.
  public var digest: String
  /// What the file says of itself, `remark` lines.
  public var remarks: [BilingualText]
  /// As the file was given; nil for the program's own.
  public var file: String?

  public static let standard = PresumedLossRules.built(PackageResources.presumed_loss_txt)

  public func rule(on day: CalendarDate) -> PresumedLossRule? { rules.last { $0.validFrom <= day } }

  /// A file is small, or it is no rule.
  public static let greatestFile = 1 << 16

  /// The program's own file; a test reads it.
  private static func built(_ bytes: [UInt8]) -> PresumedLossRules {
    read(bytes, file: nil).rules ?? PresumedLossRules(rules: [], digest: "", remarks: [], file: nil)
  }

  /// Reads a file of rules: one statement a line, fields parted by `;`, remarks after `#` at the beginning of a line.
  ///
  ///     rule;2026-1;2019-01-01
  ///     limit;intake;5
  ///     limit;other;10
  ///     silence;10
  ///     remark;tiếng Việt;English
  ///
  /// - Parameter file: its name, for findings and for the report's note.
  /// - Returns: the rules, nil when there is a finding, and a finding for every line that is wrong.
  public static func read(
    _ bytes: [UInt8], file: String?
  ) -> (rules: PresumedLossRules?, findings: [Finding]) {
    guard bytes.count <= greatestFile else {
      return (nil, [Finding(.tooLarge, file: file, expected: "≤ \(greatestFile)")])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return (nil, [Finding(.ruleFileForm, file: file, line: 1, expected: "UTF-8", found: "")])
    }
    var reading = RuleReading(file: file)
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      reading.take(Substring(line), number: number + 1)
      if reading.findings.count >= 100 { break }
    }
    return reading.finished(bytes, lastLine: lines.count)
  }
}

/// Takes a file of rules line by line.
private struct RuleReading {
  let file: String?
  var findings: [Finding] = []
  private var rules: [PresumedLossRule] = []
  private var remarks: [BilingualText] = []
  private var hasOther = false

  init(file: String?) { self.file = file }

  mutating func take(_ line: Substring, number: Int) {
    var line = line
    if number == 1, line.unicodeScalars.first == "\u{feff}" { line.unicodeScalars.removeFirst() }
    let fields = line.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
    guard let word = fields.first, !(fields.count == 1 && word.isEmpty), word.utf8.first != UInt8(ascii: "#")
    else { return }
    let expected: String? =
      switch word {
      case "rule": takeRule(fields)
      case "limit": takeLimit(fields)
      case "silence": takeSilence(fields)
      case "remark": takeRemark(fields)
      default: "rule | limit | silence | remark"
      }
    if let expected {
      let found = NormalizedText.nfc(String(line.unicodeScalars.filter { $0.value >= 0x20 }.prefix(60)))
      findings.append(Finding(.ruleFileForm, file: file, line: number, expected: expected, found: found))
    }
  }

  mutating func finished(_ bytes: [UInt8], lastLine: Int) -> (PresumedLossRules?, [Finding]) {
    if findings.isEmpty, let missing = incomplete() {
      findings.append(Finding(.ruleFileForm, file: file, line: lastLine, expected: missing, found: ""))
    }
    guard findings.isEmpty else { return (nil, findings) }
    let sorted = rules.sorted { $0.validFrom < $1.validFrom }
    let digest = String(MerkleHash.sha256(bytes).hex.prefix(12))
    return (PresumedLossRules(rules: sorted, digest: digest, remarks: remarks, file: file), [])
  }

  /// What the last rule lacks; nil when it is whole.
  private func incomplete() -> String? {
    guard let rule = rules.last else { return "rule;VERSION;yyyy-mm-dd" }
    if rule.silence < 0 { return "silence;N" }
    if !hasOther { return "limit;other;N" }
    return nil
  }

  // Each of these returns what was expected when the line is wrong.

  private mutating func takeRule(_ fields: [String]) -> String? {
    if !rules.isEmpty, let missing = incomplete() { return missing }
    guard fields.count == 3, (1...40).contains(fields[1].utf8.count), let day = CalendarDate(fields[2]),
      fields[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rules.contains(where: { $0.validFrom == day })
    else { return "rule;VERSION;yyyy-mm-dd" }
    rules.append(
      PresumedLossRule(version: fields[1], validFrom: day, limits: [:], otherLimit: 0, silence: -1))
    hasOther = false
    return nil
  }

  private mutating func takeLimit(_ fields: [String]) -> String? {
    let expected = "limit;\(Leg.allCases.map(\.word).joined(separator: "|"))|other;1-400"
    guard fields.count == 3, let days = Self.number(fields[2]), days > 0, let last = rules.indices.last else {
      return expected
    }
    if fields[1].utf8.elementsEqual("other".utf8) {
      guard !hasOther else { return expected }
      rules[last].otherLimit = days
      hasOther = true
      return nil
    }
    guard let leg = Leg(word: fields[1]), rules[last].limits[leg] == nil else { return expected }
    rules[last].limits[leg] = days
    return nil
  }

  private mutating func takeSilence(_ fields: [String]) -> String? {
    guard fields.count == 2, let days = Self.number(fields[1]), let last = rules.indices.last,
      rules[last].silence < 0
    else { return "silence;0-400" }
    rules[last].silence = days
    return nil
  }

  private mutating func takeRemark(_ fields: [String]) -> String? {
    guard fields.count == 3, fields.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 2000 }), remarks.count < 20
    else { return "remark;tiếng Việt;English" }
    remarks.append(BilingualText(vi: NormalizedText.nfc(fields[1]), en: NormalizedText.nfc(fields[2])))
    return nil
  }

  private static func number(_ text: String) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(text), number <= 400
    else { return nil }
    return number
  }

  private static func trimmed(_ text: Substring) -> String {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
    var bytes = text.utf8[...]
    while let first = bytes.first, blanks.contains(first) { bytes = bytes.dropFirst() }
    while let last = bytes.last, blanks.contains(last) { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}

// MARK: What a note says of it

extension PresumedLossRules {
  /// Version, first day in force, and file: what a figure that depends on the rule names.
  public func version(of rule: PresumedLossRule) -> String {
    "\(rule.version) (\(rule.validFrom.text)) \(digest)"
  }

  public func lines(of rule: PresumedLossRule) -> [BilingualText] {
    func limits(_ language: OutputLanguage) -> String {
      Leg.allCases.map { "\($0.header[language]) \(rule.limit($0))" }.joined(separator: ", ")
    }
    return [
      BilingualText(
        vi:
          "Coi là thất lạc (quy tắc \(rule.version), từ \(HumanDate.text(rule.validFrom.text, language: .vi))): chưa kết thúc, "
          + "đã qua hạn (ngày làm việc: \(limits(.vi)), không rõ chiều \(rule.otherLimit)) và sau đó \(rule.silence) ngày làm "
          + "việc không có sự kiện nào. Không bao giờ cộng vào thất lạc đã khai.",
        en:
          "Presumed lost (rule \(rule.version), from \(rule.validFrom.text)): open, past the limit (working days: "
          + "\(limits(.en)), no leg \(rule.otherLimit)) and without any event for \(rule.silence) working days since. Never "
          + "added to what was declared lost.")
    ] + remarks
  }

  /// No rule is in force on the day that a report speaks of.
  public static let absent = BilingualText(
    vi: "Không có quy tắc nào có hiệu lực để coi là thất lạc: cột đó để trống.",
    en: "No rule of presumed loss is in force: its column stays empty.")

  /// The calendar does not reach.
  public static func unapplied(year: Int) -> BilingualText {
    BilingualText(
      vi: "Lịch làm việc không có năm \(year), nên không coi được gì là mất: cột đó để trống.",
      en:
        "The calendar of working days does not cover \(year), so nothing can be presumed lost: the column stays empty."
    )
  }
}

/// A rule together with the day it is applied on, as the days before which an item must have been entrusted and heard of
/// last, so that going through millions of items asks no calendar.
public struct PresumedLossDeadlines: Hashable, Sendable {
  public var rule: PresumedLossRule
  /// Days since 1970, at the local clock: an item last heard of before this day has been silent long enough.
  public var silentBefore: Int32
  /// By the raw value of the leg, 0 for none: an item entrusted before this day is overdue and silent long enough.
  public var entrustedBefore: [Int32]

  /// - Parameters:
  ///   - today: the day that the report speaks of.
  ///   - workingDayBefore: the day so many working days before another one; see `WorkingCalendar`.
  public init<Refusal: Error>(
    _ rule: PresumedLossRule, today: CalendarDate,
    workingDayBefore: (_ count: Int, _ day: CalendarDate) throws(Refusal) -> CalendarDate
  ) throws(Refusal) {
    // k working days lie after e and through today when e lies before the k-th last of them.
    func before(_ count: Int) throws(Refusal) -> Int32 {
      let tomorrow = today.advanced(by: 1)
      return count == 0 ? tomorrow.daysSince1970 : try workingDayBefore(count, tomorrow).daysSince1970
    }
    self.rule = rule
    silentBefore = try before(rule.silence)
    var days: [Int32] = [try before(rule.otherLimit + rule.silence)]
    for leg in Leg.allCases { days.append(try before(rule.limit(leg) + rule.silence)) }
    entrustedBefore = days
  }

  /// Milliseconds since 1970 UTC: items last heard of before this instant are silent. Days are those of Viet Nam.
  public var silentSince: Int64 {
    Int64(silentBefore) * 86_400_000 - Int64(OffsetDateTime.vietNamOffsetMinutes) * 60_000
  }

  /// - Parameters: days since 1970 at the local clock.
  public func arePassed(leg: Leg?, entrusted: Int32, last: Int32) -> Bool {
    let place = Int(leg?.rawValue ?? 0)
    guard entrustedBefore.indices.contains(place) else { return false }
    return last < silentBefore && entrusted < entrustedBefore[place]
  }
}
