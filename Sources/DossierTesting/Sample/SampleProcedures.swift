/// A document of a procedure's list with its counts.
struct SampleDocument: Sendable {
  let name: [UInt8]
  let originals: Int
  let certifiedCopies: Int
  let photocopies: Int
  /// In how many of 100 dossiers it is.
  let share: Int

  /// The applicant's own form.
  static func form(_ name: String) -> Self { Self(name, 1, 0, 0, 100) }
  static func original(_ name: String, share: Int = 100) -> Self { Self(name, 1, 0, 0, share) }
  static func certified(_ name: String, share: Int = 60) -> Self { Self(name, 0, 1, 0, share) }
  static func copies(_ name: String, _ count: Int = 1, share: Int = 60) -> Self {
    Self(name, 0, 0, count, share)
  }

  private init(_ name: String, _ originals: Int, _ certified: Int, _ photocopies: Int, _ share: Int) {
    self.name = Array(name.utf8)
    self.originals = originals
    certifiedCopies = certified
    self.photocopies = photocopies
    self.share = share
  }
}

/// One administrative procedure (thủ tục hành chính).
struct SampleProcedure: Sendable {
  enum Resolver: Sendable {
    /// The commune of the center.
    case commune
    /// A department, counted from 0 in the order of the province's list.
    case department(Int)
  }

  let code: [UInt8]
  let field: [UInt8]
  let resolver: Resolver
  /// Working days.
  let term: Int
  /// Dong.
  let fee: Int
  let documents: [SampleDocument]
  let results: [SampleDocument]

  init(
    _ code: String, _ field: String, _ resolver: Resolver, term: Int, fee: Int = 0,
    _ documents: [SampleDocument],
    result: String
  ) {
    self.code = Array(code.utf8)
    self.field = Array(field.utf8)
    self.resolver = resolver
    self.term = term
    self.fee = fee
    self.documents = documents
    // The comparison copies go back to the citizen with the result.
    results =
      [.original(result), .copies("Biên lai thu phí, lệ phí", share: 75)]
      + documents.filter { $0.originals > 0 }.suffix(1).map {
        .original(String(decoding: $0.name, as: UTF8.self), share: 60)
      }
  }
}

/// The procedures of the sample with their frequencies: everyday ones, with terms in working days.
struct SampleProcedures: Sendable {
  let commune: WeightedList<SampleProcedure>
  let province: WeightedList<SampleProcedure>

  init() {
    commune = WeightedList([
      (
        SampleProcedure(
          "1.001193", "Hộ tịch", .commune, term: 2,
          [
            .form("Tờ khai đăng ký khai sinh"), .original("Giấy chứng sinh"),
            .copies("Giấy chứng nhận kết hôn của cha mẹ", share: 75),
          ], result: "Giấy khai sinh"), 9
      ),
      (
        SampleProcedure(
          "2.000635", "Hộ tịch", .commune, term: 2, fee: 8_000,
          [.form("Tờ khai cấp bản sao trích lục hộ tịch"), .copies("Căn cước công dân", share: 90)],
          result: "Bản sao trích lục hộ tịch"), 12
      ),
      (
        SampleProcedure(
          "1.004873", "Hộ tịch", .commune, term: 3, fee: 15_000,
          [
            .form("Tờ khai cấp giấy xác nhận tình trạng hôn nhân"),
            .certified("Trích lục ghi chú ly hôn", share: 40), .copies("Căn cước công dân", share: 90),
          ], result: "Giấy xác nhận tình trạng hôn nhân"), 8
      ),
      (
        SampleProcedure(
          "1.000656", "Hộ tịch", .commune, term: 2,
          [.form("Tờ khai đăng ký khai tử"), .original("Giấy báo tử")], result: "Trích lục khai tử"), 4
      ),
      (
        SampleProcedure(
          "2.000815", "Chứng thực", .commune, term: 2, fee: 20_000,
          [.original("Bản chính cần chứng thực"), .copies("Bản sao cần chứng thực", 3, share: 80)],
          result: "Bản sao đã chứng thực"), 14
      ),
      (
        SampleProcedure(
          "2.000884", "Chứng thực", .commune, term: 2, fee: 10_000,
          [.original("Văn bản cần chứng thực chữ ký"), .copies("Căn cước công dân", share: 90)],
          result: "Văn bản đã chứng thực chữ ký"), 6
      ),
      (
        SampleProcedure(
          "1.012817", "Đất đai", .commune, term: 20, fee: 150_000,
          [
            .form("Đơn đăng ký, cấp Giấy chứng nhận"), .copies("Giấy tờ về quyền sử dụng đất", 2, share: 70),
            .original("Mảnh trích đo bản đồ địa chính", share: 40),
            .copies("Chứng từ nghĩa vụ tài chính", share: 60),
          ], result: "Giấy chứng nhận quyền sử dụng đất"), 12
      ),
      (
        SampleProcedure(
          "1.012796", "Đất đai", .commune, term: 8, fee: 100_000,
          [
            .form("Đơn đăng ký biến động đất đai"), .original("Giấy chứng nhận đã cấp"),
            .certified("Hợp đồng chuyển nhượng quyền sử dụng đất", share: 75),
          ], result: "Giấy chứng nhận đã chỉnh lý biến động"), 13
      ),
      (
        SampleProcedure(
          "1.001776", "Bảo trợ xã hội", .commune, term: 10,
          [.form("Tờ khai đề nghị trợ giúp xã hội"), .copies("Giấy xác nhận khuyết tật", share: 45)],
          result: "Quyết định trợ cấp xã hội hằng tháng"), 7
      ),
      (
        SampleProcedure(
          "1.001731", "Bảo trợ xã hội", .commune, term: 5,
          [.form("Tờ khai đề nghị hỗ trợ chi phí mai táng"), .copies("Giấy chứng tử", share: 90)],
          result: "Quyết định hỗ trợ chi phí mai táng"), 4
      ),
      (
        SampleProcedure(
          "1.010833", "Người có công", .commune, term: 7,
          [
            .form("Đơn đề nghị xác nhận thân nhân người có công"),
            .certified("Bằng Tổ quốc ghi công", share: 75),
          ],
          result: "Giấy xác nhận thân nhân"), 3
      ),
      (
        SampleProcedure(
          "1.009994", "Hoạt động xây dựng", .commune, term: 15, fee: 75_000,
          [
            .form("Đơn đề nghị cấp giấy phép xây dựng"),
            .certified("Giấy tờ về quyền sử dụng đất", share: 85),
            .original("Bản vẽ thiết kế xây dựng", share: 95),
            .copies("Văn bản phê duyệt phòng cháy", share: 10),
          ], result: "Giấy phép xây dựng nhà ở riêng lẻ"), 5
      ),
      (
        SampleProcedure(
          "1.004438", "Giáo dục và Đào tạo", .commune, term: 6,
          [.form("Đơn đề nghị hỗ trợ học sinh bán trú"), .copies("Giấy chứng nhận hộ nghèo", share: 65)],
          result: "Quyết định hỗ trợ học sinh"), 3
      ),
    ])
    province = WeightedList([
      (
        SampleProcedure(
          "2.000488", "Lý lịch tư pháp", .department(1), term: 10, fee: 200_000,
          [.form("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp"), .copies("Căn cước công dân", share: 95)],
          result: "Phiếu lý lịch tư pháp số 1"), 16
      ),
      (
        SampleProcedure(
          "1.012785", "Đất đai", .department(11), term: 10, fee: 350_000,
          [
            .form("Đơn đăng ký biến động đất đai của tổ chức"), .original("Giấy chứng nhận đã cấp"),
            .certified("Văn bản về thay đổi pháp nhân", share: 75),
          ], result: "Giấy chứng nhận quyền sử dụng đất"), 14
      ),
      (
        SampleProcedure(
          "1.013259", "Đường bộ", .department(4), term: 5, fee: 115_000,
          [
            .form("Đơn đề nghị đổi giấy phép lái xe"), .original("Giấy khám sức khỏe của người lái xe"),
            .copies("Giấy phép lái xe đã cấp", share: 90),
          ], result: "Giấy phép lái xe"), 18
      ),
      (
        SampleProcedure(
          "1.010723", "Môi trường", .department(3), term: 30, fee: 1_500_000,
          [
            .form("Văn bản đề nghị cấp giấy phép môi trường"),
            .original("Báo cáo đề xuất cấp giấy phép", share: 100),
          ],
          result: "Giấy phép môi trường"), 3
      ),
      (
        SampleProcedure(
          "1.012289", "Y tế", .department(6), term: 20, fee: 430_000,
          [
            .form("Đơn đề nghị cấp giấy phép hành nghề"), .certified("Văn bằng chuyên môn", share: 100),
            .original("Giấy khám sức khỏe", share: 80),
            .certified("Giấy xác nhận quá trình thực hành", share: 75),
          ], result: "Giấy phép hành nghề khám bệnh, chữa bệnh"), 7
      ),
      (
        SampleProcedure(
          "1.005092", "Giáo dục và Đào tạo", .department(7), term: 4, fee: 0,
          [.form("Đơn đề nghị cấp bản sao văn bằng"), .copies("Căn cước công dân", share: 80)],
          result: "Bản sao văn bằng, chứng chỉ"), 9
      ),
      (
        SampleProcedure(
          "2.001610", "Doanh nghiệp", .department(2), term: 3, fee: 50_000,
          [
            .form("Giấy đề nghị đăng ký doanh nghiệp tư nhân"), .copies("Căn cước công dân", share: 90),
            .certified("Văn bản ủy quyền", share: 60),
          ], result: "Giấy chứng nhận đăng ký doanh nghiệp"), 9
      ),
      (
        SampleProcedure(
          "1.008891", "Hoạt động xây dựng", .department(4), term: 15, fee: 300_000,
          [
            .form("Đơn đề nghị cấp chứng chỉ hành nghề"), .certified("Văn bằng chuyên môn", share: 100),
            .copies("Bản kê khai kinh nghiệm nghề nghiệp", share: 90),
          ], result: "Chứng chỉ hành nghề hoạt động xây dựng"), 5
      ),
      (
        SampleProcedure(
          "1.002759", "Bảo hiểm xã hội", .department(10), term: 5,
          [.form("Tờ khai tham gia, điều chỉnh thông tin"), .original("Sổ bảo hiểm xã hội", share: 75)],
          result: "Sổ bảo hiểm xã hội cấp lại"), 12
      ),
      (
        SampleProcedure(
          "1.000459", "Lao động", .department(0), term: 7, fee: 600_000,
          [
            .form("Văn bản đề nghị cấp giấy phép lao động"),
            .certified("Hộ chiếu của người lao động", share: 90),
          ],
          result: "Giấy phép lao động"), 4
      ),
      (
        SampleProcedure(
          "2.000591", "An toàn thực phẩm", .department(5), term: 15, fee: 500_000,
          [
            .form("Đơn đề nghị cấp giấy chứng nhận an toàn thực phẩm"), .original("Bản thuyết minh về cơ sở"),
          ],
          result: "Giấy chứng nhận đủ điều kiện an toàn thực phẩm"), 3
      ),
    ])
  }
}
