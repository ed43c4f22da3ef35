internal import DossierStation
internal import DossierTracker

/// A station that serves until the command is interrupted.
enum StationRun {
  static func serve(_ options: StationOptions, _ session: Session) throws {
    let station = try Station(options)
    let advice = session.text(
      vi: "Mở địa chỉ này trong trình duyệt. Ctrl-C để dừng; việc đã nhận sẽ được ghi xong.",
      en: "Open this address in a browser. Ctrl-C ends it; what was accepted will be finished.")
    Interruption.end(within: Int(StationLimits().shutdownTime.components.seconds) + 2) { station.shutDown() }
    try Waiting.run {
      try await station.run { address in
        Talk.line(address)
        Talk.line(advice)
      }
    }
  }
}
