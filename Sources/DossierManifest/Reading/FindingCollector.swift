import DossierCore

/// Findings of one document, bounded in number.
struct FindingCollector {
  private(set) var findings: [Finding] = []
  private(set) var errorCount = 0
  private var warningCount = 0
  private var isCut = false
  private let limit: Int
  private let file: String

  init(file: String, limit: Int) {
    self.file = file
    self.limit = max(1, limit)
  }

  /// Whether there are so many errors that reading on tells nobody anything.
  var isFull: Bool { errorCount >= limit }

  mutating func add(_ finding: Finding) {
    var finding = finding
    finding.file = file
    if finding.severity == .error {
      errorCount += 1
      if errorCount > limit { return isCut = true }
    } else {
      warningCount += 1
      if warningCount > limit { return isCut = true }
    }
    findings.append(finding)
  }

  /// Whether the last finding says the same about the same place.
  func endsLike(_ finding: Finding) -> Bool {
    guard let last = findings.last else { return false }
    return last.code == finding.code && last.line == finding.line && last.path == finding.path
      && last.detail == finding.detail
  }

  /// Takes back our own complaint about a value that the schema now complains about at the same place.
  mutating func withdraw(line: Int, path: String) {
    let recent = findings.indices.suffix(8)
    let index = recent.last { index in
      let finding = findings[index]
      return finding.line == line && finding.path == path
        && (finding.code == .invalidDateTime || finding.code == .numberOutOfRange)
    }
    guard let index else { return }
    if findings[index].severity == .error { errorCount -= 1 } else { warningCount -= 1 }
    findings.remove(at: index)
  }

  /// All findings by line, and one more when some were left out.
  func sorted() -> [Finding] {
    var all = findings.enumerated().sorted { left, right in
      (left.element.line ?? 0, left.offset) < (right.element.line ?? 0, right.offset)
    }.map(\.element)
    if isCut || isFull {
      all.append(Finding(.tooManyFindings, severity: isFull ? .error : nil, file: file, found: "\(limit)"))
    }
    return all
  }
}
