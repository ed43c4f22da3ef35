internal import DossierTracker

/// What a person or a barcode reader put into the look-up form.
struct PublicLookupInput: Sendable {
  enum Asked: Sendable {
    case code(String)
    case number(PublicNumber, PhoneEnding?)
    /// Neither; or digits that are none.
    case nothing
  }

  var asked: Asked
  /// The number as it goes back into the form.
  var number: String?
  var ticket: String?

  static let greatestBytes = 4_096

  init(_ form: FormFields) {
    ticket = form["ticket"]
    let (code, digits) = (form["code"] ?? "", form["digits"] ?? "")
    let isBlank = digits.allSatisfy(\.isWhitespace)
    let ending = PhoneEnding(typed: digits)
    // A reader types where the cursor stands: what is scanned into the field for digits is the next person's code.
    let isMisplaced = !isBlank && ending == nil && Self.canBeAsked(digits)
    let typed = isMisplaced ? digits : code
    if let code = Self.code(in: typed) {
      asked = .code(code)
    } else if let number = PublicNumber(typed: typed), isBlank || isMisplaced || ending != nil {
      asked = .number(number, isMisplaced ? nil : ending)
      self.number = number.canonical
    } else {
      asked = .nothing
    }
  }

  private static func canBeAsked(_ text: String) -> Bool {
    code(in: text) != nil || PublicNumber(typed: text) != nil
  }

  /// A look-up code: alone, or at the end of the address that the receipt's QR code holds.
  static func code(in typed: String) -> String? {
    guard typed.utf8.count <= 512 else { return nil }
    let scan = ScanText(raw: typed).text
    let last = scan.split(separator: "/").last.map(String.init) ?? scan
    return [scan, last].first { Tracker.isLookupCode($0) }
  }
}
