/// Why a text is not a value of the type that was asked for.
///
/// A refusal is a value that a finding can show as *expected* against *found*. It never repeats the refused text:
/// that text may hold a name or a phone number.
public enum ParseRefusal: Error, Hashable, Sendable {
  /// The text has `found` bytes (characters of the folded text for codes) instead of one of the `allowed` lengths.
  case length(found: Int, allowed: ClosedRange<Int>)
  /// The byte at offset `at` of the text as compared (folded, for codes that are folded) does not belong there.
  case character(at: Int)
  /// The text is punctuation only.
  case noLetterOrDigit
  /// A local item number needs at least one digit.
  case noDigit
  /// The text follows none of the forms of its type.
  case form
  /// An S10 number whose ninth digit is not the one computed from the other eight.
  case checkDigit(expected: UInt8, found: UInt8)
  /// A day that is not in the calendar, such as 30 February.
  case date
  /// An hour, minute or second that no clock shows; 24:00:00 is among them.
  case time
  /// Second 60: the offices' clocks never show one, and instants here are counted without them.
  case leapSecond
  /// A fraction of a second with more digits than are read.
  case fraction(digits: Int)
  /// An instant without `Z` or `±hh:mm`.
  case zoneMissing
  /// A zone beyond ±14:00, or with more than 59 minutes.
  case zoneOutOfRange
  /// A year outside `CalendarDate.acceptedYears`, or one not written with four digits.
  case yearOutOfRange
  /// A number greater than `maximum`.
  case overflow(maximum: Int64)

  /// The stable English word for this refusal, the same in every language of the interface.
  public var word: String {
    switch self {
    case .length: "length"
    case .character: "character"
    case .noLetterOrDigit: "noLetterOrDigit"
    case .noDigit: "noDigit"
    case .form: "form"
    case .checkDigit: "checkDigit"
    case .date: "date"
    case .time: "time"
    case .leapSecond: "leapSecond"
    case .fraction: "fraction"
    case .zoneMissing: "zoneMissing"
    case .zoneOutOfRange: "zoneOutOfRange"
    case .yearOutOfRange: "yearOutOfRange"
    case .overflow: "overflow"
    }
  }

  /// What would have been right, in figures that need no translation; `nil` where only words could say it.
  public var expected: String? {
    switch self {
    case .length(_, let allowed):
      allowed.lowerBound == allowed.upperBound
        ? "\(allowed.lowerBound)" : "\(allowed.lowerBound)-\(allowed.upperBound)"
    case .checkDigit(let expected, _): "\(expected)"
    case .leapSecond: "00-59"
    case .fraction: "0-\(OffsetDateTime.greatestFractionDigits)"
    case .zoneMissing: "Z, ±hh:mm"
    case .zoneOutOfRange: "±14:00"
    case .yearOutOfRange:
      "\(CalendarDate.acceptedYears.lowerBound)-\(CalendarDate.acceptedYears.upperBound)"
    case .overflow(let maximum): "0-\(maximum)"
    case .character, .noLetterOrDigit, .noDigit, .form, .date, .time: nil
    }
  }

  /// What was found, as far as it can be told without repeating the text.
  public var found: String? {
    switch self {
    case .length(let found, _): "\(found)"
    case .checkDigit(_, let found): "\(found)"
    case .leapSecond: "60"
    case .fraction(let digits): "\(digits)"
    default: nil
    }
  }

  /// Byte offset of the first wrong character, where one is known.
  public var offset: Int? {
    if case .character(let at) = self { at } else { nil }
  }
}

/// What is unusual about a value that is accepted all the same.
public enum ParseWarning: String, Hashable, Sendable, CaseIterable {
  /// An S10 number of Viet Nam whose service letters no known product uses.
  case unusualServicePrefix
  /// A local item number that is one slip away from the shape of an S10 number.
  case resemblesS10
  /// A dossier code in neither of the two national forms.
  case foreignDossierCode
}
