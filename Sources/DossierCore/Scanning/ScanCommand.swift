/// What a clerk does at the scan page by a key or by a printed code, so that a shift needs no mouse.
public enum ScanCommand: Int, Hashable, Sendable, CaseIterable {
  case help = 1
  case field = 2
  case damaged = 4
  case shortList = 6
  case undo = 8
  case acknowledge = 9
  case close = 10
  case confirm = 11
  case causeTorn = 21
  case causeWet, causeSealBroken, causeDocumentMissing, causeWrongAddress, causeOther
  case gradeWrapper = 31
  case gradeReadable, gradePartlyReadable, gradeUnreadable
  case cancel = 99

  /// A screen that takes commands; a code carries its screen, so that no other form acts on it.
  public enum Screen: Int, Hashable, Sendable, CaseIterable {
    case scan = 1
  }

  public var screen: Screen { .scan }

  /// The printed code: `QL`, screen, two digits, check character.
  public var code: String {
    let number = rawValue < 10 ? "0\(rawValue)" : "\(rawValue)"
    return OwnCode(.command, payload: "\(screen.rawValue)\(number)")?.text ?? ""
  }

  /// - Returns: nil when the code is no command, or none that this version knows.
  public init?(_ code: OwnCode) {
    guard code.kind == .command, let command = Self.allCases.first(where: { $0.code == code.text }) else {
      return nil
    }
    self = command
  }

  /// The key that does the same, as browsers name it; nil for what only a code says.
  public var key: String? {
    switch self {
    case .help: "F1"
    case .field: "F2"
    case .damaged: "F4"
    case .shortList: "F6"
    case .undo: "F8"
    case .acknowledge: "F9"
    case .close: "F10"
    case .confirm: nil
    case .cancel: "Escape"
    default: damage.map { "\($0.rawValue)" } ?? cause.map { "\(Self.number($0))" }
    }
  }

  /// The grade that the command states.
  public var damage: DamageGrade? {
    (31...34).contains(rawValue) ? DamageGrade(rawValue: UInt8(rawValue - 30)) : nil
  }

  /// The cause that the command states.
  public var cause: DamageCause? {
    DamageCause.allCases.first { rawValue == 20 + Self.number($0) }
  }

  private static func number(_ cause: DamageCause) -> Int {
    (DamageCause.allCases.firstIndex(of: cause) ?? 0) + 1
  }

  public func label(_ language: Language) -> String {
    if let damage { return damage.label(language) }
    if let cause { return cause.label(language) }
    return switch (self, language) {
    case (.help, .vi): "Trợ giúp"
    case (.help, .en): "Help"
    case (.field, .vi): "Về ô quét"
    case (.field, .en): "Back to the field"
    case (.damaged, .vi): "Hư hỏng"
    case (.damaged, .en): "Damaged"
    case (.shortList, .vi): "Danh sách thiếu"
    case (.shortList, .en): "Short list"
    case (.undo, .vi): "Hoàn tác"
    case (.undo, .en): "Undo"
    case (.acknowledge, _): "XONG"
    case (.close, .vi): "Chốt và ký"
    case (.close, .en): "Close and sign"
    case (.confirm, .vi): "Xác nhận"
    case (.confirm, .en): "Confirm"
    case (_, .vi): "Bỏ qua"
    case (_, .en): "Cancel"
    }
  }
}

/// Why an item is damaged, as the clerk names it: the closed word that the event keeps.
public enum DamageCause: String, Hashable, Sendable, CaseIterable {
  case torn, wet, sealBroken, documentMissing, wrongAddress, other

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.torn, .vi): "rách"
    case (.torn, .en): "torn"
    case (.wet, .vi): "ướt"
    case (.wet, .en): "wet"
    case (.sealBroken, .vi): "mất niêm phong"
    case (.sealBroken, .en): "seal broken"
    case (.documentMissing, .vi): "thiếu thành phần"
    case (.documentMissing, .en): "document missing"
    case (.wrongAddress, .vi): "sai địa chỉ"
    case (.wrongAddress, .en): "wrong address"
    case (.other, .vi): "khác"
    case (.other, .en): "other"
    }
  }
}

extension DamageGrade {
  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.wrapper, .vi): "chỉ vỏ bọc"
    case (.wrapper, .en): "wrapper only"
    case (.readable, .vi): "hồ sơ hỏng, còn đọc được"
    case (.readable, .en): "documents damaged, readable"
    case (.partlyReadable, .vi): "không đọc được một phần"
    case (.partlyReadable, .en): "partly unreadable"
    case (.unreadable, .vi): "không đọc được"
    case (.unreadable, .en): "unreadable"
    }
  }
}
