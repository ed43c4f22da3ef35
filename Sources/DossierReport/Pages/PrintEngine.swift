internal import DossierCore
internal import Glibc

/// WeasyPrint, which makes a PDF of a page. It is another program and stays outside: it gets the page on standard input,
/// a fixed date, no settings of the user, limits of time and memory, and nothing to fetch.
struct PrintEngine {
  var limits = BoundedProcess.Limits()
  /// Folders where programs are looked for; nil for `$PATH`.
  var path: String?

  /// Faces with the letters of Vietnamese and the measures of Times New Roman.
  private static let faces = [
    "Tinos", "TimesNewRoman", "Times-New-Roman", "LiberationSerif", "Liberation-Serif",
  ]

  /// - Returns: the same bytes for the same page, fonts and version of WeasyPrint.
  /// - Throws: ``RenderingRefusal`` D-6070 to D-6075.
  func pdf(of page: [UInt8]) throws -> [UInt8] {
    guard let engine = BoundedProcess.find("weasyprint", path: path) else { throw missing("weasyprint") }
    guard let limiter = BoundedProcess.find("prlimit", path: path) else { throw missing("prlimit") }
    let arguments = [
      limiter, "--as=\(limits.memory)", "--cpu=\(limits.seconds)", "--core=0", engine, "-q", "-e", "utf-8",
      // A relative address would lead nowhere; the page has none.
      "-u", "about:blank", "-", "-",
    ]
    let result: BoundedProcess.Result
    do {
      result = try BoundedProcess.run(
        arguments, environment: Self.environment, input: page, limits: limits)
    } catch let error as BoundedProcess.CouldNotStart {
      throw RenderingRefusal(
        Finding(
          .printEngineFailed, found: "errno \(error.code)", detail: String(cString: strerror(error.code))))
    }
    return try judge(result)
  }

  /// Nothing of the user's surroundings but where programs are: no proxy, no font of his own, no Python path.
  private static var environment: [String] {
    [
      "PATH=" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"),
      "LC_ALL=C.UTF-8",
      "HOME=/nonexistent", "PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1",
      // Fonts in the PDF carry it as the time they were made.
      "SOURCE_DATE_EPOCH=1767225600",
    ]
  }

  private func judge(_ result: BoundedProcess.Result) throws -> [UInt8] {
    let talk = String(decoding: result.talk, as: UTF8.self)
    let last = talk.split(whereSeparator: \.isNewline).last.map {
      DisplayWidth.cut(DisplayWidth.safe(String($0)), to: 300)
    }
    switch result.ending {
    case .exited(0):
      guard result.output.starts(with: "%PDF-".utf8) else {
        throw RenderingRefusal(Finding(.printEngineFailed, found: "0", detail: last))
      }
      guard usesFittingFaces(result.output) else { throw RenderingRefusal(Finding(.printFontMissing)) }
      return result.output
    case .timedOut, .signalled(SIGXCPU):
      throw RenderingRefusal(Finding(.printTimeLimit, expected: "\(limits.seconds)"))
    case .tooMuchOutput:
      throw RenderingRefusal(Finding(.printTooLarge, expected: "\(limits.output >> 20)"))
    case .exited, .signalled:
      if ["MemoryError", "failed to allocate", "Cannot allocate memory", "std::bad_alloc"].contains(
        where: talk.contains)
      {
        throw RenderingRefusal(Finding(.printMemoryLimit, expected: "\(limits.memory >> 20)", detail: last))
      }
      let found =
        switch result.ending {
        case .exited(let code): "\(code)"
        case .signalled(let signal): "signal \(signal)"
        default: "?"
        }
      throw RenderingRefusal(Finding(.printEngineFailed, found: found, detail: last))
    }
  }

  private func missing(_ program: String) -> RenderingRefusal {
    RenderingRefusal(Finding(.printEngineMissing, found: program))
  }

  /// Whether the letters are the ones asked for. An engine without the face silently takes another one, in which
  /// Vietnamese marks may be missing. A PDF that does not show its faces' names is let pass.
  private func usesFittingFaces(_ pdf: [UInt8]) -> Bool {
    let marker = Array("/BaseFont /".utf8)
    var names: [String] = []
    var position = 0
    while position + marker.count < pdf.count {
      guard pdf[position] == marker[0], pdf[position..<(position + marker.count)].elementsEqual(marker) else {
        position += 1
        continue
      }
      position += marker.count
      let name = pdf[position...].prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
      names.append(String(decoding: name, as: UTF8.self))
    }
    return names.isEmpty || names.contains { name in Self.faces.contains { name.contains($0) } }
  }
}
