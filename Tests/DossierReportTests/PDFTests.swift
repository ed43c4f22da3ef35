import DossierCore
import Foundation
import Testing

@testable import DossierReport

@Suite(.serialized) struct PDFTests {
  // MARK: What is printed

  @Test func theReportIsPrintedInFittingLettersAndTheSameBytesTwice() throws {
    let document = SampleDocument.make(rows: 60)
    let pdf = try document.render(.pdf)
    #expect(try document.render(.pdf) == pdf)
    let folder = try ScratchFolder()
    let file = try folder.write(pdf, "report.pdf")

    let fonts = try Tool.run("pdffonts", [file]).split(separator: "\n").dropFirst(2)
    #expect(!fonts.isEmpty)
    for font in fonts {
      #expect(font.contains("+Tinos"))
      #expect(font.contains("yes yes yes"), "embedded, a subset, with its letters' codes: \(font)")
    }
    let info = try Tool.run("pdfinfo", [file])
    #expect(info.contains("Báo cáo thất lạc, hư hỏng và chậm hồ sơ"))
    #expect(info.contains("(A4)"))

    let pages = try Tool.run("pdftotext", ["-layout", file, "-"]).split(
      separator: "\u{C}", omittingEmptySubsequences: false
    ).dropLast()
    #expect(pages.count > 4)
    for line in [
      "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ngày 05 tháng 01 năm 2026",
      "Phường Buôn Ma Thuột", "Thất lạc trên 100.000",
    ] {
      #expect(pages[0].unicodeScalars.contains(line.unicodeScalars), "\(line)")
    }
    // The number of a page stands first on it, but not on page one.
    let first = pages.map { page in
      page.split(separator: "\n").first?.trimmingCharacters(in: .whitespaces)
    }
    #expect(first.dropFirst().enumerated().allSatisfy { $1 == "\($0 + 2)" }, "\(first)")
    #expect(first[0] != "1")
    // The headers come again on every page with rows of the form.
    let rows = pages.filter { $0.contains("Lý lịch tư") }
    #expect(rows.count > 1)
    #expect(rows.allSatisfy { $0.contains("(13)") && $0.contains("Tiếp nhận trong kỳ") })
    #expect(pages.last?.contains("Nơi nhận:") == true)
    // No heading and no caption stands alone at the foot of a page.
    for page in pages {
      let last = page.split(separator: "\n").last { $0.contains { !$0.isWhitespace } } ?? ""
      let words = last.trimmingCharacters(in: .whitespaces)
      #expect(!words.hasPrefix("Bảng ") && !words.hasPrefix("IV. ") && !words.hasPrefix("Hình "), "\(words)")
    }
  }

  @Test func widePagesLieAcross() throws {
    var document = SampleDocument.make(rows: 1)
    document.sections = [document.sections[3]]
    document.isLandscape = true
    let folder = try ScratchFolder()
    let file = try folder.write(try document.render(.pdf), "wide.pdf")
    #expect(try Tool.run("pdfinfo", [file]).contains("841.89 x 595.276"))
  }

  @Test func aTableTooLongForPaperIsAnAnnexNamedByItsDigest() throws {
    let digest = String(repeating: "ab", count: 32)
    let long = SampleDocument.make(rows: 1_001)
    let page = try MarkupTree.read(long.printedPage(language: .vi) { digest })
    let table = try #require(page.all("table").last)
    #expect(try #require(table.all("tbody").first).all("tr").map { $0.attributes["class"] } == ["total"])
    let sentence = "Bảng có 1.001 dòng, nằm ở phụ lục là chính báo cáo này dạng XLSX, SHA-256 \(digest)."
    #expect(page.all("p").contains { $0.text == sentence })
    // One row fewer is printed, and nobody has to make a workbook.
    struct NotWanted: Error {}
    let short = try SampleDocument.make(rows: 1_000).printedPage(language: .vi) { throw NotWanted() }
    #expect(try MarkupTree.read(short).all("tr").count > 1_000)
  }

  @Test func nothingIsFetched() throws {
    var document = SampleDocument.make(rows: 2)
    let bait = "<img src=\"http://192.0.2.1/a\"/> url(file:///etc/passwd) @import 'http://192.0.2.1/b'"
    document.title = BilingualText(vi: bait, en: bait)
    document.heading?.office = bait
    document.sections[0].table?.rows[0][0] = .text(bait)
    document.sections[0].text = [BilingualText(vi: bait, en: bait)]
    let folder = try ScratchFolder()
    let file = try folder.write(try document.render(.html), "page.html")
    let script = """
      import sys, weasyprint
      fetched = []
      def fetch(url, *rest, **named):
        fetched.append(url)
        raise ValueError(url)
      weasyprint.HTML(string=open(sys.argv[1], encoding="utf-8").read(), url_fetcher=fetch).write_pdf()
      print(fetched)
      """
    #expect(try Tool.run("/usr/bin/python3", ["-c", script, file]) == "[]\n")
  }

  // MARK: When the engine does not do its work

  /// Runs a script in place of WeasyPrint.
  private func outcome(
    of script: String?, limits: BoundedProcess.Limits = .init(), page: [UInt8] = Array("<html/>".utf8)
  ) throws -> [UInt8] {
    let folder = try ScratchFolder()
    if let script { try folder.program("weasyprint", script) }
    return try PrintEngine(
      limits: limits, path: folder.path + ":/usr/bin:/bin".dropFirst(script == nil ? 100 : 0)
    )
    .pdf(of: page)
  }

  private func refusal(of script: String?, limits: BoundedProcess.Limits = .init()) -> Finding? {
    do {
      _ = try outcome(of: script, limits: limits)
      return nil
    } catch {
      return (error as? RenderingRefusal)?.finding
    }
  }

  @Test func aMissingEngineIsNamed() {
    let finding = refusal(of: nil)
    #expect(finding?.code == .printEngineMissing)
    #expect(finding?.found == "weasyprint")
  }

  @Test func aFailingEngineIsQuoted() {
    let finding = refusal(of: "cat > /dev/null; echo first >&2; echo 'ValueError: no page' >&2; exit 3")
    #expect(finding?.code == .printEngineFailed)
    #expect(finding?.found == "3")
    #expect(finding?.detail == "ValueError: no page")
  }

  @Test func anEngineThatIsKilledOrWritesSomethingElseIsNoSuccess() {
    #expect(refusal(of: "kill -SEGV $$")?.found == "signal 11")
    #expect(refusal(of: "echo hello")?.code == .printEngineFailed)
    #expect(refusal(of: "true")?.code == .printEngineFailed)
  }

  @Test func anEngineThatHangsIsKilledAndReaped() throws {
    let folder = try ScratchFolder()
    var limits = BoundedProcess.Limits()
    limits.seconds = 5
    let finding = refusal(of: "echo $$ > \(folder.path)/pid; exec sleep 3600", limits: limits)
    #expect(finding?.code == .printTimeLimit)
    #expect(finding?.expected == "5")
    let text = try String(contentsOfFile: folder.path + "/pid", encoding: .utf8)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // Neither alive nor a zombie.
    #expect(kill(child, 0) == -1 && errno == ESRCH)
  }

  @Test func anEngineThatTakesTooMuchMemoryStops() {
    var limits = BoundedProcess.Limits()
    limits.memory = 200 << 20
    let script = "exec /usr/bin/python3 -c 'x = bytearray(400 << 20)'"
    let finding = refusal(of: script, limits: limits)
    #expect(finding?.code == .printMemoryLimit)
    #expect(finding?.expected == "200")
  }

  @Test func anEngineThatWritesForEverIsStopped() {
    var limits = BoundedProcess.Limits()
    limits.output = 1 << 20
    #expect(refusal(of: "printf '%%PDF-'; exec cat /dev/zero", limits: limits)?.code == .printTooLarge)
  }

  @Test func lettersOfAnotherFaceAreRefused() throws {
    #expect(refusal(of: "printf '%%PDF-1.7 /BaseFont /ABCDEF+DejaVu-Serif '")?.code == .printFontMissing)
    let fitting = "%PDF-1.7 /BaseFont /ABCDEF+DejaVu-Serif /BaseFont /ABCDEF+Tinos-Bold"
    #expect(try outcome(of: "printf '%%\(fitting.dropFirst())'") == Array(fitting.utf8))
  }

  @Test func pagesLargerThanAnyPipePassBothWays() throws {
    let page = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
    let talk = "head -c 3000000 /dev/zero >&2"
    #expect(try outcome(of: "printf '%%PDF-'; \(talk); exec cat", page: page) == Array("%PDF-".utf8) + page)
    // An engine that never reads costs nothing either.
    #expect(try outcome(of: "printf '%%PDF-'", page: page) == Array("%PDF-".utf8))
  }

  @Test func theEngineSeesNothingOfTheUsersSettings() throws {
    let seen = String(decoding: try outcome(of: "printf '%%PDF-'; env"), as: UTF8.self)
    let names = Set(seen.dropFirst(5).split(separator: "\n").map { $0.prefix { $0 != "=" } })
    #expect(
      names.subtracting(["PWD", "_", "SHLVL", "OLDPWD"]) == [
        "PATH", "LC_ALL", "HOME", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "SOURCE_DATE_EPOCH",
      ])
  }
}
