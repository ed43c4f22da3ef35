internal import DossierCore

extension CommandSheet {
  /// The sheet of one counter: every command of the scan page, the calibration code, the counter's own code.
  ///
  /// - Parameter station: the counter's number, for its own code.
  public static func ofCounter(_ station: Int?) -> CommandSheet {
    let all = ScanCommand.allCases
    var setting = [
      Command(code: Calibration.text, label: BilingualText(vi: "Hiệu chuẩn", en: "Calibration"))
    ]
    if let station, let code = OwnCode(.station, payload: "\(station)") {
      setting.append(
        Command(code: code.text, label: BilingualText(vi: "Quầy \(station)", en: "Counter \(station)")))
    }
    return CommandSheet(groups: [
      Group(
        title: BilingualText(vi: "Lệnh", en: "Commands"),
        commands: all.filter { $0.damage == nil && $0.cause == nil }.map(command)),
      Group(
        title: BilingualText(vi: "Mức hư hỏng", en: "Grade of damage"),
        commands: all.filter { $0.damage != nil }.map(command)),
      Group(
        title: BilingualText(vi: "Nguyên nhân", en: "Cause"),
        commands: all.filter { $0.cause != nil }.map(command)),
      Group(title: BilingualText(vi: "Thiết lập", en: "Setting up"), commands: setting),
    ])
  }

  private static func command(_ command: ScanCommand) -> Command {
    Command(
      code: command.code, label: BilingualText(vi: command.label(.vi), en: command.label(.en)),
      key: command.key == "Escape" ? "Esc" : command.key, isGrave: command == .close)
  }
}
