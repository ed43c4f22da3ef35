/// Names of persons and places: common words put together at random, no real person or place.
struct SampleNames: Sendable {
  private let families: WeightedList<[UInt8]>
  private let menMiddle: [[UInt8]]
  private let menGiven: [[UInt8]]
  private let womenMiddle: [[UInt8]]
  private let womenGiven: [[UInt8]]
  private let villages: [[UInt8]]
  private let streets: [[UInt8]]
  private let phonePrefixes: [[UInt8]]

  init() {
    // Shares of family names in per mille, as commonly published.
    families = WeightedList(
      [
        ("Nguyễn", 315), ("Trần", 109), ("Lê", 89), ("Phạm", 59), ("Huỳnh", 30), ("Hoàng", 21), ("Phan", 28),
        ("Vũ", 20), ("Võ", 29), ("Đặng", 21), ("Bùi", 20), ("Đỗ", 19), ("Hồ", 18), ("Ngô", 17), ("Dương", 14),
        ("Trương", 22), ("Lý", 9), ("Đinh", 11), ("Đoàn", 9), ("Mai", 8), ("Cao", 8), ("Lương", 8),
        ("Châu", 4),
        ("Tô", 4), ("Thái", 5), ("Hà", 8), ("Lâm", 7), ("Trịnh", 7), ("Đào", 7), ("Tạ", 5), ("Tống", 2),
        ("Phùng", 4),
      ].map { (Array($0.0.utf8), $0.1) })
    menMiddle = Self.list(
      "Văn,Văn,Văn,Đức,Hữu,Minh,Quang,Công,Xuân,Ngọc,Thanh,Quốc,Anh,Đình,Trọng,Bá,Gia,Tấn,Duy,Hoàng")
    menGiven = Self.list(
      "Hùng,Dũng,Tuấn,Sơn,Hải,Nam,Long,Cường,Thắng,Bình,Minh,Hoàng,Phúc,Đạt,Khoa,Tâm,Trung,Thành,Tài,Vinh,Quân,Khánh,"
        + "Lộc,Phong,Hiếu,Tín,Thịnh,Duy,Toàn,Lâm,Nghĩa,An,Kiên,Vũ,Huy")
    womenMiddle = Self.list(
      "Thị,Thị,Thị,Thị,Ngọc,Thanh,Thu,Minh,Kim,Bích,Mỹ,Phương,Hồng,Thùy,Diễm,Như,Bảo,Khánh,Xuân")
    womenGiven = Self.list(
      "Lan,Hoa,Hương,Hồng,Mai,Thảo,Trang,Linh,Ngân,Vy,Nhung,Thủy,Yến,Hạnh,Dung,Hiền,Loan,Phượng,Tuyết,Oanh,Nga,Trinh,"
        + "Thư,My,Quyên,Châu,Diệp,Tâm,Hà,Cúc,Huệ,Xuân,Giang,Ánh,Liên")
    villages = Self.list(
      "An Bình,An Thạnh,An Điền,Phú Lộc,Phú Nhiêu,Phú Long,Đông Thành,Đông Mỹ,Tân Hội,Tân Phước,Tân An,Mỹ Khánh,Mỹ Hòa,"
        + "Thạch Trụ,Thạch Bi,Liên Chiểu,Liên Hà,Vạn Mỹ,Vạn An,Xuân Yên,Xuân Hòa,Hòa Bân,Hòa Tây,Kim Giao,Kim Thành,"
        + "Lạc Sơn,Lạc Thủy,Long Bàn,Long Hội,Gò Gai,Đồng Nà,Bàu Sen,Suối Đá,Cây Gáo,Trường Định,Trường Thọ")
    streets = Self.list(
      "Hoa Sen,Hoa Mai,Bằng Lăng,Phượng Vĩ,Bến Đò,Chợ Mới,Cầu Đúc,Bờ Sông,Vườn Dừa,Lò Gạch,số 2,số 5,số 7,số 12"
    )
    // Of the form of a mobile number, but of ranges that no operator had been given when this was written:
    // nobody is called by mistake.
    phonePrefixes = Self.list("0510,0511,0530,0531,0540,0541,0570,0571,0710,0720,0730,0740,0750")
  }

  private static func list(_ text: String) -> [[UInt8]] { text.split(separator: ",").map { Array($0.utf8) } }

  private static func pick(_ list: [[UInt8]], _ random: inout SeededRandom) -> [UInt8] {
    list[random.below(list.count)]
  }

  func person(_ random: inout SeededRandom) -> [UInt8] {
    var name = families.pick(&random)
    let woman = random.percent(52)
    name.append(0x20)
    name.append(contentsOf: Self.pick(woman ? womenMiddle : menMiddle, &random))
    name.append(0x20)
    name.append(contentsOf: Self.pick(woman ? womenGiven : menGiven, &random))
    return name
  }

  /// `0` and nine digits.
  func putPhone(_ random: inout SeededRandom, in text: inout SampleText) {
    text.put(Self.pick(phonePrefixes, &random))
    text.put(random.below(1_000_000), width: 6)
  }

  /// A house of the commune.
  func putAddress(of commune: SampleCommune, _ random: inout SeededRandom, in text: inout SampleText) {
    if commune.urban {
      text.put("Số ")
      text.put(random.between(1...260))
      text.put(" đường ")
      text.put(Self.pick(streets, &random))
      text.put(", tổ dân phố ")
      text.put(random.between(1...18))
    } else {
      text.put("Thôn ")
      text.put(Self.pick(villages, &random))
    }
    text.put(", ")
    text.put(commune.title)
    text.put(", tỉnh Sông Trà")
  }
}
