/// What rewrites the keystrokes of a barcode reader on a Vietnamese PC.
public enum InputMethod: String, Hashable, Sendable, CaseIterable {
  /// Letters put marks: `EE` becomes `Ê`. VIQR rewrites `DD` in the same way.
  case telex
  /// Digits put marks, and are gone; where `0` takes a mark away again, no mark is left to tell. VIQR does so with `0`.
  case vni

  public var name: String { self == .telex ? "Telex" : "VNI" }
}

/// Undoes what an input method made of an S10 number, where that can be proven.
///
/// A wedge reader is a keyboard, so an input method that is switched on rewrites what it types: `EE123456785VN` arrives as
/// `Ê123456785VN`. The number is taken back only if exactly one S10 number with a right check digit is typed as what
/// arrived. Digits that VNI used up are gone, so nothing of it is ever repaired.
public enum InputMethodRepair {
  public enum Verdict: Hashable, Sendable {
    /// Nothing tells of an input method.
    case untouched
    /// Exactly one number is typed as this.
    ///
    /// `isShortened`: a doubled letter became one, so that the text has no mark; a reader that drops a character leaves
    /// the same behind. Who takes it has to see that no other number is meant.
    case repaired(ItemNumber, InputMethod, isShortened: Bool)
    /// What was printed cannot be told any more; nil when there is no input method that can be named.
    case damaged(InputMethod?)
  }

  public static func examine(_ scan: ScanText) -> Verdict {
    if case .success(let number) = ItemNumber.parse(scan.text), number.isS10 { return .untouched }
    let letters = Array(
      scan.text.uppercased().unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "-" })
    let isPlain = letters.allSatisfy(\.isASCII)
    guard let first = letters.firstIndex(where: { isDigit($0) }) else {
      return isPlain ? .untouched : .damaged(method(letters))
    }
    let digits = letters[first...].prefix { isDigit($0) }
    let (before, after) = (letters[..<first], letters[digits.endIndex...])
    let candidates = digits.count == 9 ? numbers(before, digits, after) : []
    if candidates.count == 1, let number = candidates.first {
      return .repaired(number, .telex, isShortened: isPlain)
    }
    if isPlain {
      if !candidates.isEmpty { return .damaged(.telex) }
      guard hasLostDigits(before, digits, after) else { return .untouched }
      return .damaged(before.contains { "AEIOUY".unicodeScalars.contains($0) } ? .vni : nil)
    }
    return .damaged(digits.count < 9 && method(letters) != nil ? .vni : method(letters))
  }

  /// Every S10 number of these digits that is typed as what arrived.
  private static func numbers(
    _ before: ArraySlice<Unicode.Scalar>, _ digits: ArraySlice<Unicode.Scalar>,
    _ after: ArraySlice<Unicode.Scalar>
  ) -> [ItemNumber] {
    var found: [ItemNumber] = []
    let serial = string(digits)
    for prefix in origins(string(before)) {
      for country in origins(string(after)) {
        guard case .success(let number) = ItemNumber.parse(prefix + serial + country), number.isS10 else {
          continue
        }
        found.append(number)
      }
    }
    return found
  }

  /// The pairs of letters that arrive as this text.
  static func origins(_ arrived: String) -> [String] {
    typed[arrived] ?? []
  }

  private static let typed: [String: [String]] = {
    var typed: [String: [String]] = [:]
    let letters = (0x41...0x5A).map { Character(Unicode.Scalar(UInt8($0))) }
    for first in letters {
      for second in letters {
        typed[telex(first, second), default: []].append("\(first)\(second)")
      }
    }
    return typed
  }()

  /// What Telex leaves of two capitals that begin a word.
  static func telex(_ first: Character, _ second: Character) -> String {
    let tones: [Character: String] = [
      "S": "\u{301}", "F": "\u{300}", "R": "\u{309}", "X": "\u{303}", "J": "\u{323}",
    ]
    func marked(_ letter: String, _ mark: String) -> String { NormalizedText.nfc(letter + mark) }
    switch (first, second) {
    case ("A", "A"), ("E", "E"), ("O", "O"): return marked("\(first)", "\u{302}")
    case ("D", "D"): return "Đ"
    case ("A", "W"): return "Ă"
    case ("O", "W"), ("U", "W"): return marked("\(first)", "\u{31B}")
    // A tone's key, or W, pressed again takes back what it did.
    case ("W", "W"), ("Z", "Z"): return "\(first)"
    case (let letter, let again) where letter == again && tones[letter] != nil: return "\(letter)"
    case ("E", "W"), ("I", "W"), ("Y", "W"): return "\(first)W"
    // Alone, or after a consonant, W is the vowel Ư.
    case (_, "W"): return "\(first)Ư"
    case ("W", _): return tones[second].map { marked("Ư", $0) } ?? "Ư\(second)"
    case ("A", let tone), ("E", let tone), ("I", let tone), ("O", let tone), ("U", let tone), ("Y", let tone):
      return tones[tone].map { marked("\(first)", $0) } ?? "\(first)\(second)"
    default: return "\(first)\(second)"
    }
  }

  /// Whether a plain text is an S10 number some of whose digits are gone.
  private static func hasLostDigits(
    _ before: ArraySlice<Unicode.Scalar>, _ digits: ArraySlice<Unicode.Scalar>,
    _ after: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    let isLetter = { (scalar: Unicode.Scalar) in (0x41...0x5A).contains(scalar.value) }
    return before.count == 2 && after.count == 2 && digits.count < 9
      && before.allSatisfy(isLetter) && after.allSatisfy(isLetter)
  }

  /// The input method whose marks these are; both write the same letters, so only what is missing tells VNI.
  private static func method(_ letters: [Unicode.Scalar]) -> InputMethod? {
    // Signs between the letters are those of another keyboard, some of which has é and à for digits.
    if letters.contains(where: { "&\"'(_)Ç".unicodeScalars.contains($0) }) { return nil }
    return letters.contains { vietnamese.contains($0) } ? .telex : nil
  }

  /// The letters that only an input method types, in capitals.
  private static let vietnamese: Set<Unicode.Scalar> = {
    var letters: Set<Unicode.Scalar> = ["Đ"]
    for vowel in ["A", "Ă", "Â", "E", "Ê", "I", "O", "Ô", "Ơ", "U", "Ư", "Y"] {
      for tone in ["", "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}"] {
        letters.formUnion(NormalizedText.nfc(vowel + tone).unicodeScalars.filter { !$0.isASCII })
      }
    }
    return letters
  }()

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
