import DossierCore
import Testing

@testable import DossierReport

@Suite(.serialized) struct BarcodeTests {
  @Test func theSameTextGivesTheSameBytes() throws {
    for symbology in [Barcode.Symbology.code128, .qr] {
      let svg = try Barcode("EE120000418VN", as: symbology).svg(module: 0.3)
      #expect(try Barcode("EE120000418VN", as: symbology).svg(module: 0.3) == svg)
      let tree = try MarkupTree.read(svg)
      #expect(tree.all("title").map(\.text) == ["EE120000418VN"])
      #expect(tree.all("svg").first?.attributes["style"] == nil)
    }
  }

  @Test func whatCannotBeEncodedIsRefused() {
    let long = String(repeating: "A", count: 61)
    for text in ["", "Đ", "A\u{0}B", "A\nB", "\u{7F}", "e\u{301}", long] {
      #expect(throws: RenderingRefusal.self, "\(text)") { try Barcode(text, as: .code128) }
    }
    #expect(throws: RenderingRefusal.self) { try Barcode(String(repeating: "A", count: 301), as: .qr) }
    #expect((try? Barcode(String(repeating: "A", count: 60), as: .code128)) != nil)
    do { _ = try Barcode("Đỗ", as: .qr) } catch {
      #expect((error as? RenderingRefusal)?.finding.code == .barcodeRefused)
    }
  }

  @Test func quietZonesStayWhite() throws {
    let bars = try Barcode("QL101V", as: .code128)
    let svg = bars.svg(module: 0.33)
    #expect(svg.contains("viewBox=\"0 0 \(bars.modules + 20) "))
    #expect(svg.contains("d=\"M10 0h"))
    let qr = try Barcode("QL101V", as: .qr)
    #expect(qr.modules == 21)
    #expect(qr.svg(module: 1).contains("width=\"29mm\" height=\"29mm\" viewBox=\"0 0 29 29\""))
    // Start, check and stop characters beside the text's own: 11 modules each, 13 for the stop.
    #expect(try Barcode("A", as: .code128).modules == 3 * 11 + 13)
  }

  @Test func markupInATextStaysText() throws {
    let svg = try Barcode("</title><script>&\"'", as: .code128).svg(module: 0.3)
    let tree = try MarkupTree.read(svg)
    #expect(tree.all("script").isEmpty)
    #expect(tree.all("title").map(\.text) == ["</title><script>&\"'"])
  }

  @Test func aCodeThatWouldBeTooNarrowIsNotDrawn() throws {
    let code = try Barcode(String(repeating: "W", count: 40), as: .code128)
    #expect(code.module(fitting: 50, preferred: 0.3) == nil)
    #expect(try Barcode("EE120000418VN", as: .code128).module(fitting: 200, preferred: 0.3) == 0.3)
    #expect(throws: RenderingRefusal.self) {
      try ItemLabels(
        manifest: "BK-1", giver: "A", receiver: "B", items: [String(repeating: "W", count: 35)]
      ).document(language: .vi)
    }
  }

  @Test(arguments: [150, 203, 300])
  func whatIsPrintedIsReadAgain(dpi: Int) throws {
    let items = ["EE120000418VN", "RR473124829GB", "BG-2026-77"]
    let labels = ItemLabels(manifest: "BK-1", giver: "630000", receiver: "H48.25", items: items)
    #expect(try PaperSamples.decoded(labels.document(language: .vi).pdf(), dpi: dpi) == Set(items))

    let slip = ItemSlip(
      item: "EE120000418VN", dossiers: ["H48.25-260105-0001"], office: "Bưu cục", acceptedAt: nil,
      lookup: "QC0123456789BCGHKLMNPQTV01", address: "https://hoso.example.vn/")
    #expect(
      try PaperSamples.decoded(slip.document(language: .vi).pdf(), dpi: dpi) == [
        "EE120000418VN", "QC0123456789BCGHKLMNPQTV01",
        "https://hoso.example.vn/v/QC0123456789BCGHKLMNPQTV01",
      ])

    let sheet = CommandSheet.ofCounter(3)
    let commands = try PaperSamples.decoded(sheet.document(language: .vi).pdf(), dpi: dpi)
    let printed = Set(sheet.groups.flatMap(\.commands).map(\.code))
    #expect(commands == printed, "\(printed.subtracting(commands))")

    let record = PaperSamples.record(items: 20)
    let found = try PaperSamples.decoded(
      record.document(
        copy: .original, address: HandOverRecord.address(of: "BK/1", at: "https://hoso.example.vn"),
        language: .vi
      ).pdf(), dpi: dpi)
    let expected = Set(
      record.lines.map(\.item) + [record.manifest, "https://hoso.example.vn/manifests/BK%2F1/record"])
    #expect(found == expected, "\(expected.subtracting(found))")
  }
}
