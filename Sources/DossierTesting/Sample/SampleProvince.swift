/// What an office of the master data is.
public enum SampleOfficeKind: String, Hashable, Sendable {
  case post, transport, center, agency
}

/// One row of `offices.csv`.
public struct SampleOffice: Hashable, Sendable {
  /// Six digits for the post, dotted agency code (QĐ 20/2020/QĐ-TTg) otherwise.
  public let code: String
  public let name: String
  public let kind: SampleOfficeKind
  public let province: String
  /// Code of the office above, empty at the top.
  public let parent: String
}

/// A commune, ward or special zone with its one-stop center and the post offices that serve it.
struct SampleCommune: Sendable {
  /// Kind and name in UTF-8: `xã Bình Sa`.
  let title: [UInt8]
  let urban: Bool
  /// Index of its center in the offices.
  let center: Int
  /// Indices of its post offices.
  let posts: [Int]
}

/// The invented province Sông Trà: real administrative vocabulary, codes of the real forms, no real office.
///
/// The offices are the same for every seed, so that samples of several seeds share one `offices.csv`.
public struct SampleProvince: Sendable {
  public let offices: [SampleOffice]
  /// Codes in UTF-8, in the order of ``offices``.
  let codes: [[UInt8]]
  let communes: [SampleCommune]
  /// Indices of offices.
  let posts: [Int]
  let transport: Int
  let provincialCenter: Int
  let agencies: [Int]
  let names = SampleNames()
  let calendar = SampleCalendar()
  let procedures = SampleProcedures()

  public static let provinceCode = "59"

  private static let communeTitles = [
    "phường Cẩm Sa", "phường Trà Lý Đông", "phường Nghĩa Sa", "phường Hải Môn", "phường Lộc Thượng",
    "xã Bình Sa",
    "xã Bình Lãng", "xã Tịnh Khuê", "xã Tịnh Lâm", "xã Sơn Thủy Đông", "xã Sơn Lũy", "xã Mộ Hoa", "xã Đức Sa",
    "xã Phổ Lâm", "xã Phổ Tây", "xã Ba Lế", "xã Trà Nhâm", "xã Minh Sa", "xã Long Thượng", "đặc khu Hòn Sơn",
  ]

  /// In the order of their codes H48.01, H48.02 …
  private static let departments = [
    "Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Nông nghiệp và Môi trường", "Sở Xây dựng",
    "Sở Công Thương",
    "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Văn hóa, Thể thao và Du lịch", "Sở Khoa học và Công nghệ",
    "Bảo hiểm xã hội tỉnh Sông Trà", "Văn phòng Đăng ký đất đai tỉnh Sông Trà",
  ]

  public init() {
    var offices: [SampleOffice] = []
    func add(_ code: String, _ name: String, _ kind: SampleOfficeKind, parent: String) -> Int {
      offices.append(
        SampleOffice(code: code, name: name, kind: kind, province: Self.provinceCode, parent: parent))
      return offices.count - 1
    }
    func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    _ = add("590000", "Bưu điện tỉnh Sông Trà", .post, parent: "")
    var posts: [Int] = []
    for index in 0..<40 {
      // Five offices an area; the first of each area leads it, two offices serve a commune.
      let area = index / 5 + 1
      let title = Self.communeTitles[index / 2]
      let place = title.split(separator: " ").dropFirst(title.hasPrefix("đặc khu") ? 2 : 1).joined(
        separator: " ")
      let leads = index % 5 == 0
      let name =
        leads
        ? "Bưu điện khu vực \(place)"
        : index % 2 == 0
          ? "Bưu cục \(place)"
          : title.hasPrefix("phường") ? "Bưu cục Chợ \(place)" : "Bưu điện - Văn hóa xã \(place)"
      posts.append(
        add("590\(area)\(index % 5)0", name, .post, parent: leads ? "590000" : "590\(area)00"))
    }
    transport = add("590900", "Trung tâm Khai thác vận chuyển Sông Trà", .transport, parent: "590000")

    _ = add("H48", "Ủy ban nhân dân tỉnh Sông Trà", .agency, parent: "")
    agencies = Self.departments.enumerated().map { index, name in
      add("H48.\(twoDigits(index + 1))", name, .agency, parent: "H48")
    }
    provincialCenter = add(
      "H48.20", "Trung tâm Phục vụ hành chính công tỉnh Sông Trà", .center, parent: "H48")
    communes = Self.communeTitles.enumerated().map { index, title in
      let center = add(
        "H48.\(21 + index)", "Trung tâm Phục vụ hành chính công \(title)", .center, parent: "H48")
      return SampleCommune(
        title: Array(title.utf8), urban: title.hasPrefix("phường"), center: center,
        posts: [posts[2 * index], posts[2 * index + 1]])
    }
    self.posts = posts
    self.offices = offices
    codes = offices.map { Array($0.code.utf8) }
  }

  /// `offices.csv`: `code,name,kind,province,parent`, RFC 4180 with LF.
  public var officesCSV: String {
    offices.reduce(into: "code,name,kind,province,parent\n") { text, office in
      let name = office.name.contains(",") ? "\"\(office.name)\"" : office.name
      text += "\(office.code),\(name),\(office.kind.rawValue),\(office.province),\(office.parent)\n"
    }
  }

  /// The commune with this center, or for the provincial center a random one.
  func commune(ofCenter center: Int, _ random: inout SeededRandom) -> SampleCommune {
    let index = center - communes[0].center
    return communes[index >= 0 ? index : random.below(communes.count)]
  }

  /// The commune that this post office serves.
  func commune(ofPost post: Int) -> SampleCommune { communes[(post - posts[0]) / 2] }
}
