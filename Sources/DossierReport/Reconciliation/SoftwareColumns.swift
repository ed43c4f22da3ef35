internal import DossierCore

/// What a column of the one-stop software's export holds, by its heading: the national names (QCVN 120:2019/BTTTT and the
/// portal's synchronisation: MaHoSo, NgayTiepNhan, …) and the headings that provinces print.
enum SoftwareColumn: String, CaseIterable, Sendable {
  case code = "MaHoSo"
  case field = "TenLinhVuc"
  case fieldCode = "MaLinhVuc"
  case received = "NgayTiepNhan"
  case due = "NgayHenTra"
  case status = "TrangThaiHoSo"
  case returned = "NgayTra"
  case finished = "NgayKetThucXuLy"
  case channel = "KenhThucHien"
  case returnMode = "HinhThucTra"

  /// Headings without diacritics, blanks and punctuation, in lower case.
  private var headings: [String] {
    switch self {
    case .code: ["mahoso", "sohoso", "mahs", "mahosotthc", "mabiennhan", "sobiennhan", "masohoso"]
    case .field: ["tenlinhvuc", "linhvuc"]
    case .fieldCode: ["malinhvuc"]
    case .received:
      [
        "ngaytiepnhan", "ngaynhan", "ngaynhanhoso", "thoigiantiepnhan", "thoidiemtiepnhan",
        "ngaytiepnhanhoso",
      ]
    case .due: ["ngayhentra", "hentra", "ngayhen", "thoigianhentra", "ngayhentraketqua", "ngayhentrakq"]
    case .status: ["trangthaihoso", "trangthai", "tinhtrang", "tinhtranghoso"]
    case .returned:
      ["ngaytra", "ngaytraketqua", "ngaytrakq", "thoigiantra", "ngaytrathucte", "thoigiantraketqua"]
    case .finished: ["ngayketthucxuly", "ngayketthuc", "ngayxulyxong", "ngayhoanthanh", "ngaycoketqua"]
    case .channel:
      ["kenhthuchien", "kenh", "kenhtiepnhan", "hinhthuctiepnhan", "hinhthucnop", "hinhthucnophoso"]
    case .returnMode:
      [
        "hinhthuctra", "hinhthuctraketqua", "hinhthucnhanketqua", "hinhthuctrakq", "hinhthucnhankq",
        "hinhthuc",
      ]
    }
  }

  private static let byHeading: [String: SoftwareColumn] = {
    var columns: [String: SoftwareColumn] = [:]
    for column in allCases { for heading in column.headings { columns[heading] = column } }
    return columns
  }()

  init?(heading: SheetCell) {
    guard case .text(let text) = heading, text.utf8.count <= 200 else { return nil }
    guard let column = Self.byHeading[Self.key(text)] else { return nil }
    self = column
  }

  /// A text as headings, states and channels are compared: without case, diacritics, blanks and punctuation.
  static func key(_ text: String) -> String {
    String(
      decoding: NormalizedText.folded(text).utf8.filter { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
      }, as: UTF8.self)
  }
}

/// Where the columns stand in one table.
struct SoftwareHeader {
  /// The row of headings among the table's rows.
  var row: Int
  var columns: [SoftwareColumn: Int]

  /// So many rows are looked through: titles stand above the headings.
  private static let depth = 30

  /// - Returns: nil when no row names a column of dossier codes.
  init?(_ table: SheetTable) {
    var best: (row: Int, columns: [SoftwareColumn: Int])?
    for (position, row) in table.rows.prefix(Self.depth).enumerated() {
      var columns: [SoftwareColumn: Int] = [:]
      for (index, cell) in row.cells.enumerated() {
        // Of two columns with one meaning the first counts.
        if let column = SoftwareColumn(heading: cell), columns[column] == nil { columns[column] = index }
      }
      guard columns[.code] != nil, columns.count > best?.columns.count ?? 0 else { continue }
      best = (position, columns)
    }
    guard let best else { return nil }
    row = best.row
    columns = best.columns
  }
}
