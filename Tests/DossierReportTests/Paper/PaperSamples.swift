import CustodyLog
import DossierCore
import Foundation
import Testing

@testable import DossierReport

/// Records made up for tests.
enum PaperSamples {
  /// A number with a right check digit: `EE` and eight digits.
  static func number(_ serial: Int) -> String {
    let digits = String(format: "%08d", serial).utf8.map { Int($0) - 0x30 }
    let sum = zip(digits, [8, 6, 4, 2, 3, 5, 9, 7]).reduce(0) { $0 + $1.0 * $1.1 }
    let check = [10: 0, 11: 5][11 - sum % 11] ?? 11 - sum % 11
    return "EE" + String(format: "%08d", serial) + "\(check)VN"
  }

  static func record(items: Int, isSigned: Bool = true) -> HandOverRecord {
    var lines = (0..<items).map { position in
      HandOverRecord.Line(
        item: number(12_000_041 + position), dossiers: ["H48.25-260105-\(1_000 + position)"],
        outcome: .received, at: "2026-01-05T10:31:58.123+07:00", by: "NV007")
    }
    if items > 3 {
      lines[1].outcome = .short
      (lines[1].at, lines[1].by, lines[1].custodian, lines[1].custodianBy) = (nil, nil, "630000", "NV003")
      (lines[2].damage, lines[2].cause) = (.readable, "torn")
      lines.append(
        .init(
          item: "EE120009104VN", outcome: .misrouted, at: "2026-01-05T10:32:00+07:00", by: "NV007",
          belongsTo: "BK-2026-0074", belongsToOffice: "630100"))
    }
    let list = MerkleHash.sha256(Array("list".utf8))
    return HandOverRecord(
      manifest: "BK-2026-0077", leg: .intake, dispatchedAt: "2026-01-05T08:00:00+07:00",
      document: MerkleHash.sha256(Array("document".utf8)),
      giver: .init(office: "630000", name: "Bưu cục Buôn Ma Thuột", signer: isSigned ? "NV003" : nil),
      receiver: .init(office: "H48.25", name: "Trung tâm PVHCC", signer: isSigned ? "NV007" : nil),
      heading: .init(
        superior: "Ủy ban nhân dân tỉnh", office: "Trung tâm PVHCC", place: "Đắk Lắk",
        date: CalendarDate("2026-01-05")), lines: lines, list: list,
      signing: isSigned
        ? .init(at: "2026-01-05T10:42:10+07:00", isOffline: false, index: 420, list: list) : nil,
      checkpoint: isSigned ? "log.example\n421\nAAAA=\n\n— log.example Zm9v\n" : nil)
  }

  /// What a reader finds in the pages of a PDF.
  static func decoded(_ pdf: [UInt8], dpi: Int) throws -> Set<String> {
    let folder = try ScratchFolder()
    let file = try folder.write(pdf, "page.pdf")
    _ = try Tool.run("pdftoppm", ["-r", "\(dpi)", "-gray", "-png", file, folder.path + "/page"])
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".png")
    }
    // 4 says that there was nothing on one of the pages, which is as it should be.
    let script = "zbarimg -q --nodbus --raw \"$@\"; status=$?; [ $status -eq 0 ] || [ $status -eq 4 ]"
    let found = try Tool.run("sh", ["-c", script, "sh"] + pages.map { folder.path + "/" + $0 })
    return Set(found.split(separator: "\n").map(String.init))
  }

  static func fonts(_ pdf: [UInt8]) throws -> [String] {
    let folder = try ScratchFolder()
    return try Tool.run("pdffonts", [folder.write(pdf, "page.pdf")]).split(separator: "\n").dropFirst(2).map(
      String.init)
  }
}
