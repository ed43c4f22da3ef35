internal import DossierTracker

/// What a password and a PIN must be, and how those are made that are given out.
enum SecretRules {
  private static let byteLimit = 256
  private static let leastCharacters = 12
  private static let leastWords = 4

  /// What people choose first, without the digits and signs at its ends.
  private static let common: Set<String> = [
    "password", "passwords", "passw0rd", "p@ssw0rd", "matkhau", "matkhaumoi", "mậtkhẩu", "administrator",
    "quantri",
    "quantrivien", "vietnam", "vietnamvodich", "letmein", "iloveyou", "anhyeuem", "emyeuanh", "toiyeuvietnam",
    "welcome", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbnm", "abc", "abcd", "abcdef", "buudien",
    "vnpost", "hoso", "dossier", "tramquet", "changeme", "default", "secret", "khongco", "khongbiet",
  ]

  /// The password in the form in which it is hashed: NFC, so that it does not matter how a keyboard composes letters.
  static func normalised(_ text: String) -> String { NormalizedText.nfc(text) }

  /// A password that somebody chose.
  ///
  /// - Parameters:
  ///   - code: of the account: no password consists of it.
  /// - Returns: the password to hash.
  /// - Throws: ``TrackerRefusal`` that says what is wrong with it, without quoting it.
  static func password(_ text: String, code: String) throws -> String {
    let password = normalised(text)
    func refuse(_ why: String) -> TrackerRefusal { TrackerRefusal(Finding(.passwordWeak, expected: why)) }
    guard password.utf8.count <= byteLimit else { throw refuse("≤ \(byteLimit) byte") }
    guard password.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw refuse("U+0020…")
    }
    let words = password.split(separator: " ").filter { $0.count >= 2 }
    guard password.count >= leastCharacters || words.count >= leastWords else {
      throw refuse("≥ \(leastCharacters)")
    }
    if isTrivial(password.lowercased(), code: code.lowercased()) {
      throw refuse("≠ 123456, abc, aaa, \(code)")
    }
    return password
  }

  private static func isTrivial(_ password: String, code: String) -> Bool {
    let scalars = password.unicodeScalars.map { Int($0.value) }
    if Set(scalars).count < 4 { return true }
    // 123456789012, abcdefghijkl and back, round the corner from 9 to 0.
    let steps = zip(scalars, scalars.dropFirst()).map { $1 - $0 }
    if steps.count(where: { $0 == 1 || $0 == -9 }) >= steps.count * 3 / 4 { return true }
    if steps.count(where: { $0 == -1 || $0 == 9 }) >= steps.count * 3 / 4 { return true }
    // The same few characters over and over.
    if (1...4).contains(where: { period in zip(scalars, scalars.dropFirst(period)).allSatisfy { $0 == $1 } })
    {
      return true
    }
    let letters = password.filter { !$0.isWhitespace }
    let core = letters.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed()
    if common.contains(String(core)) || core.isEmpty && letters.count < 16 { return true }
    return letters.count - code.count < 8 && letters.contains(code)
  }

  /// A PIN that somebody chose.
  ///
  /// - Throws: ``TrackerRefusal``: not 6 digits, or one of those that are tried first.
  static func pin(_ text: String) throws -> String {
    let digits = Array(text.utf8)
    guard digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw TrackerRefusal(Finding(.pinWeak))
    }
    let steps = Set(zip(digits, digits.dropFirst()).map { (Int($1) - Int($0) + 10) % 10 })
    let isRun = steps.count == 1 && (steps.contains(0) || steps.contains(1) || steps.contains(9))
    let repeats = [2, 3].contains { period in zip(digits, digits.dropFirst(period)).allSatisfy { $0 == $1 } }
    let isFavourite = ["112233", "147258", "258369", "123654", "111222", "121314", "102030"].contains(text)
    if isRun || repeats || isFavourite { throw TrackerRefusal(Finding(.pinWeak)) }
    return text
  }

  /// What is given out consists of characters that no Vietnamese input method changes, in groups that can be read aloud.
  private static let alphabet = Array("0123456789bcghklmnpqtv".utf8)

  /// 15 characters of 22: 66 bits.
  static func newPassword(_ randomness: (Int) throws -> [UInt8]) throws -> String {
    let text = try draw(15, of: alphabet, randomness)
    return [text.prefix(5), text.dropFirst(5).prefix(5), text.dropFirst(10)].map(String.init).joined(
      separator: "-")
  }

  static func newPIN(_ randomness: (Int) throws -> [UInt8]) throws -> String {
    while true {
      if let digits = try? pin(try draw(6, of: Array("0123456789".utf8), randomness)) { return digits }
    }
  }

  /// Each as likely as any other: bytes beyond the last whole multiple are thrown away.
  private static func draw(_ count: Int, of letters: [UInt8], _ randomness: (Int) throws -> [UInt8]) throws
    -> String
  {
    let limit = 256 / letters.count * letters.count
    var drawn: [UInt8] = []
    while drawn.count < count {
      for byte in try randomness(32) where Int(byte) < limit && drawn.count < count {
        drawn.append(letters[Int(byte) % letters.count])
      }
    }
    return String(decoding: drawn, as: UTF8.self)
  }
}
