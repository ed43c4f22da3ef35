import CustodyLog
import DossierCore
import Foundation
import Testing

@testable import DossierReport

@Suite(.serialized) struct HandOverPageTests {
  private func page(
    _ record: HandOverRecord, _ copy: HandOverRecord.Copy = .original, _ language: OutputLanguage = .vi
  ) throws -> String {
    String(decoding: try record.document(copy: copy, language: language).html(), as: UTF8.self)
  }

  @Test func aRecordSaysWhatWasFoundAndWhoSigned() throws {
    let record = PaperSamples.record(items: 5)
    let text = try MarkupTree.read(page(record)).text
    for words in [
      "BIÊN BẢN GIAO NHẬN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ngày 05 tháng 01 năm 2026",
      "giữ cuối: 630000, NV003", "thuộc BK-2026-0074, 630100", "HƯ HỎNG", "05/01/2026 10:31:58 NV007",
      record.list.short, "— log.example Zm9v", "NV003", "NV007",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(!text.contains("BẢN IN LẠI") && !text.contains("DỰ THẢO") && !text.contains("BẢN XEM"))
    // Discrepancies come before the list.
    let first = try #require(text.range(of: "I. Sai lệch")?.lowerBound)
    #expect(first < (try #require(text.range(of: "II. Danh sách")?.lowerBound)))
    #expect(try MarkupTree.read(page(record, .original, .en)).text.contains("HAND-OVER RECORD"))
  }

  @Test func everySheetSaysWhichPrintItIs() throws {
    let record = PaperSamples.record(items: 2)
    #expect(try page(record, .reprint(3)).contains("BẢN IN LẠI LẦN 3"))
    #expect(try page(record, .preview).contains("BẢN XEM"))
    #expect(try page(PaperSamples.record(items: 2, isSigned: false)).contains("DỰ THẢO, CHƯA KÝ"))
    var other = record
    other.signing?.list = MerkleHash.sha256([1])
    #expect(try page(other).contains("Danh sách đã ký có mã khác"))
    other.signing?.list = nil
    other.signing?.isOffline = true
    let text = try page(other)
    #expect(text.contains("không ghi mã danh sách") && text.contains("ký ngoại tuyến"))
  }

  @Test func textsThatLookLikeMarkupStayTexts() throws {
    var record = PaperSamples.record(items: 5)
    let bait = "<script>x</script>{{manifest}}\u{202E}\"'&"
    record.giver.name = bait
    record.receiver.signer = bait
    record.heading.office = bait
    record.heading.superior = bait
    record.checkpoint = bait
    record.lines[0].dossiers = [bait]
    record.lines[1].custodian = bait
    record.lines[2].cause = bait
    record.lines[5].belongsTo = bait
    record.lines[5].by = bait
    let html = try page(record, .reprint(1))
    let tree = try MarkupTree.read(html)
    #expect(tree.all("script").isEmpty)
    #expect(tree.text.contains("{{manifest}}"))
    #expect(!html.contains("\u{202E}"))
    for attribute in tree.descendants.flatMap(\.attributes.keys) { #expect(!attribute.hasPrefix("on")) }
    #expect(tree.descendants.allSatisfy { $0.attributes["style"] == nil })
  }

  @Test func aNumberThatNoCodeHoldsIsPrintedAsText() throws {
    var record = PaperSamples.record(items: 1)
    for item in [String(repeating: "W", count: 60), String(repeating: "W", count: 64), "Đ"] {
      record.lines[0].item = item
      let tree = try MarkupTree.read(page(record))
      #expect(tree.all("svg").count == 1, "the manifest's code alone")
      #expect(tree.text.contains(item))
    }
  }

  @Test func sixtyItemsHaveCodesAndMoreHaveNone() throws {
    #expect(try MarkupTree.read(page(PaperSamples.record(items: 59))).all("svg").count == 61)
    let long = try MarkupTree.read(page(PaperSamples.record(items: 60)))
    #expect(long.all("svg").count == 1)
    #expect(long.text.contains("in không kèm mã vạch"))
  }

  @Test func threeHundredItemsArePrintedTheSameTwice() throws {
    let record = PaperSamples.record(items: 300)
    let pdf = try record.document(copy: .reprint(2), language: .vi).pdf()
    #expect(pdf.count < 500_000)
    #expect(try record.document(copy: .reprint(2), language: .vi).pdf() == pdf)
    let fonts = try PaperSamples.fonts(pdf)
    #expect(!fonts.isEmpty)
    for font in fonts { #expect(font.contains("+Tinos") || font.contains("+Cousine"), "\(font)") }
    let folder = try ScratchFolder()
    let file = try folder.write(pdf, "record.pdf")
    let pages = try Tool.run("pdftotext", ["-layout", file, "-"]).split(
      separator: "\u{C}", omittingEmptySubsequences: false
    ).dropLast()
    for (index, page) in pages.enumerated() {
      #expect(page.contains("\(index + 1)/\(pages.count)"), "page \(index + 1) has no number")
      #expect(page.contains("BẢN IN LẠI LẦN 2"), "page \(index + 1) does not say that it is a reprint")
      #expect(page.contains(record.list.short), "page \(index + 1) does not name the list")
    }
  }

  @Test func everySheetIsInTheIntendedFaces() throws {
    let slip = ItemSlip(
      item: "EE120000418VN", dossiers: [], office: "Bưu điện - Văn hóa xã Ea Ktur", acceptedAt: nil,
      lookup: nil, address: nil)
    let sheets = [
      try slip.document(language: .en), try CommandSheet.ofCounter(12).document(language: .vi),
      try ItemLabels(manifest: "BK-1", giver: "A", receiver: "B", items: ["BG-1"]).document(language: .vi),
    ]
    for sheet in sheets {
      let pdf = try sheet.pdf()
      for font in try PaperSamples.fonts(pdf) {
        #expect(font.contains("+Tinos") || font.contains("+Cousine"), "\(font)")
      }
      let folder = try ScratchFolder()
      let info = try Tool.run("pdfinfo", [folder.write(pdf, "sheet.pdf")])
      #expect(info.contains("Pages:           1"), "\(info)")
    }
  }
}
