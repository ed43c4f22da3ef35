internal import DossierTracker

/// Findings as templates show them.
struct FindingContent: Sendable {
  let wording: Wording

  /// - Parameters:
  ///   - finding: may name an item, which is linked unless the page is about it.
  ///   - withValues: whether expected and found stand side by side, where there are both.
  func content(
    _ finding: Finding, isOnItsPage: Bool = false, withValues: Bool = true
  ) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "findingCode": finding.code.rawValue, "severityWord": wording.severity(finding.severity),
      "severityClass": Self.shape(finding.severity).name, "severityShape": Self.shape(finding.severity).sign,
      "message": finding.message(wording.language), "advice": finding.hint(wording.language),
      "hasEvents": !finding.events.isEmpty, "eventCodes": finding.events,
    ]
    if withValues, let expected = finding.expected, let found = finding.found {
      content["comparison"] = ["expectedValue": expected, "foundValue": found]
    }
    if let item = finding.item {
      content["isOfItem"] = !isOnItsPage
      content["itemNumber"] = item
      content["itemAddress"] = "/items/" + PageWords.encoded(item)
      content["itemCommand"] = PageWords.command("audit", ["item": item])
    }
    if let path = finding.path { content["place"] = path }
    return content
  }

  /// A shape beside the colour, for whoever does not see colours.
  static func shape(_ severity: Finding.Severity) -> (name: String, sign: String) {
    switch severity {
    case .error: ("wrong", "✗")
    case .warning: ("attention", "▲")
    case .info: ("remark", "•")
    }
  }
}
