/// The barcode that shows what a counter's reader and PC do to a code: what arrived is compared with what was printed.
public enum Calibration {
  /// What is printed. Its last words show VNI, which changes no digit that follows a blank, and keyboards that exchange Y
  /// and Z.
  public static let text = "CAL AEOUDW EE ES RR 0123456789 A1 E6 YZ"
  /// The beginning of ``text``, as a sheet may bear it alone. It cannot show VNI.
  public static let shortText = "CAL AEOUDW EE ES RR 0123456789"

  public enum Fault: Hashable, Sendable {
    case telex, vni, capsLock
    /// The PC takes the keys for another keyboard's: `AZERTY`, `QWERTZ`; nil for one that is not known here.
    case layout(String?)
    /// Neither Enter nor Tab came after the code.
    case missingSuffix
    /// So many characters are gone.
    case lostCharacters(Int)
    /// It is another text.
    case otherText

    public func label(_ language: Language) -> String {
      switch (self, language) {
      case (.telex, .vi): "Bộ gõ Telex đang bật: tắt bộ gõ cho trình duyệt này."
      case (.telex, .en): "The input method Telex is on: switch it off for this browser."
      case (.vni, .vi): "Bộ gõ VNI đang bật: tắt bộ gõ cho trình duyệt này."
      case (.vni, .en): "The input method VNI is on: switch it off for this browser."
      case (.capsLock, .vi): "Caps Lock đang bật: tắt Caps Lock."
      case (.capsLock, .en): "Caps Lock is on: switch it off."
      case (.layout(let name), .vi): "Bố cục bàn phím \(name ?? "lạ"): đặt máy và đầu đọc về US."
      case (.layout(let name), .en): "Keyboard layout \(name ?? "unknown"): set PC and reader to US."
      case (.missingSuffix, .vi): "Đầu đọc không gửi phím Enter: hãy bật phím Enter sau mã."
      case (.missingSuffix, .en): "The reader sends no Enter: set it to send Enter after each code."
      case (.lostCharacters(let count), .vi): "Mất \(count) ký tự: tăng độ trễ giữa các ký tự của đầu đọc."
      case (.lostCharacters(let count), .en):
        "\(count) characters lost: raise the reader's inter-character delay."
      case (.otherText, .vi): "Không phải mã hiệu chuẩn."
      case (.otherText, .en): "This is not the calibration code."
      }
    }
  }

  /// What is wrong; empty when the code arrived as it was printed.
  ///
  /// - Parameters:
  ///   - arrived: what was typed into the field, suffix left out.
  ///   - hasSuffix: whether Enter or Tab came after it.
  public static func faults(of arrived: String, hasSuffix: Bool = true) -> [Fault] {
    let suffix: [Fault] = hasSuffix ? [] : [.missingSuffix]
    let scan = ScanText(raw: arrived).text
    for printed in [text, shortText] {
      if scan.utf8.elementsEqual(printed.utf8) { return suffix }
      if scan == printed.lowercased() { return [.capsLock] + suffix }
      for layout in [azerty, qwertz] where matches(scan, typed(printed, layout.keys)) {
        return [.layout(layout.name)] + suffix
      }
    }
    let printed = scan.split(separator: " ").count > 6 ? text : shortText
    let isLower = scan.unicodeScalars.contains { $0.properties.isLowercase }
    let caps: [Fault] =
      isLower && !scan.unicodeScalars.contains { $0.properties.isUppercase } ? [.capsLock] : []
    let marks = scan.unicodeScalars.filter { !$0.isASCII }
    if !marks.isEmpty {
      guard scan.uppercased().hasPrefix("CAL") else { return [.layout(nil)] + suffix }
      return caps + [method(scan.uppercased())] + suffix
    }
    let upper = scan.uppercased()
    if isSubsequence(upper, of: printed) {
      let lost = printed.utf8.count - upper.utf8.count
      return caps + (lost > 0 ? [lost <= printed.utf8.count / 2 ? .lostCharacters(lost) : .otherText] : [])
        + suffix
    }
    // As many characters, and others: keys that mean something else.
    let isOfLayout = upper.utf8.count == printed.utf8.count && !upper.hasPrefix("CAL ")
    return caps + [isOfLayout ? .layout(nil) : .otherText] + suffix
  }

  /// VNI uses up digits and leaves `EE`; Telex leaves every digit.
  private static func method(_ scan: String) -> Fault {
    scan.contains(" EE ES") ? .vni : .telex
  }

  private static func matches(_ scan: String, _ typed: String) -> Bool {
    NormalizedText.nfc(scan).lowercased() == NormalizedText.nfc(typed).lowercased()
  }

  private static func isSubsequence(_ part: String, of whole: String) -> Bool {
    var rest = part.utf8[...]
    for byte in whole.utf8 where byte == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }

  private static func typed(_ text: String, _ keys: [Character: Character]) -> String {
    String(text.map { keys[$0] ?? $0 })
  }

  /// What a French PC types when a reader presses the keys of a US keyboard.
  private static let azerty: (name: String, keys: [Character: Character]) = (
    "AZERTY",
    [
      "A": "Q", "Q": "A", "Z": "W", "W": "Z", "M": "?", "1": "&", "2": "é", "3": "\"", "4": "'", "5": "(",
      "6": "-",
      "7": "è", "8": "_", "9": "ç", "0": "à",
    ]
  )
  private static let qwertz: (name: String, keys: [Character: Character]) = ("QWERTZ", ["Y": "Z", "Z": "Y"])
}
