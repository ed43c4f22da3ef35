public import DossierCore

/// Whether this machine can print reports as PDF: tried, not guessed.
public enum PrintCheck {
  /// Prints one small page.
  ///
  /// - Returns: where the program is, and why it cannot be used; the finding is nil when a page came out in the intended
  ///   faces. It has the severity `info`, since every other format needs no such program.
  public static func run() -> (program: String, finding: Finding?) {
    let program = BoundedProcess.find("weasyprint") ?? "-"
    let page = """
      <!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"/><title>In thử</title>\
      <style>p { font-family: Tinos, "Times New Roman", "Liberation Serif" }</style></head>\
      <body><p>Giấy tờ, hồ sơ, ngày tháng</p></body></html>
      """
    do {
      _ = try PrintEngine().pdf(of: Array(page.utf8))
      return (program, nil)
    } catch let refusal as RenderingRefusal {
      var finding = refusal.finding
      finding.severity = .info
      return (program, finding)
    } catch {
      return (program, Finding(.printEngineFailed, severity: .info, found: "-", detail: "\(error)"))
    }
  }
}
