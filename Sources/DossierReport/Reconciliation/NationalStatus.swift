internal import DossierCore

/// The national states of a dossier (TrangThaiHoSo 1 to 10), and 0 for one that is between systems or with the post.
enum NationalStatus: Int8, CaseIterable, Sendable {
  case between = 0
  case registered, accepted, refused, inProcess, supplement, payment, withdrawn, stopped, processed, returned

  var label: BilingualText {
    switch self {
    case .between: BilingualText(vi: "Liên thông, chuyển bưu điện", en: "between systems, posting")
    case .registered: BilingualText(vi: "Mới đăng ký", en: "newly registered")
    case .accepted: BilingualText(vi: "Được tiếp nhận", en: "accepted")
    case .refused: BilingualText(vi: "Không được tiếp nhận", en: "refused")
    case .inProcess: BilingualText(vi: "Đang xử lý", en: "in process")
    case .supplement: BilingualText(vi: "Yêu cầu bổ sung giấy tờ", en: "supplement requested")
    case .payment: BilingualText(vi: "Yêu cầu thực hiện nghĩa vụ tài chính", en: "payment requested")
    case .withdrawn: BilingualText(vi: "Công dân yêu cầu rút hồ sơ", en: "withdrawn by the citizen")
    case .stopped: BilingualText(vi: "Dừng xử lý", en: "stopped")
    case .processed: BilingualText(vi: "Đã xử lý xong", en: "processed, result ready")
    case .returned: BilingualText(vi: "Đã trả kết quả", en: "result returned")
    }
  }

  /// Words of the software for each, without diacritics and blanks.
  private static let byWord: [String: NationalStatus] = {
    var words: [String: NationalStatus] = [
      "chotiepnhan": .registered, "datiepnhan": .accepted, "moitiepnhan": .accepted, "tiepnhan": .accepted,
      "tuchoitiepnhan": .refused, "tuchoi": .refused, "danggiaiquyet": .inProcess, "chobosung": .supplement,
      "yeucaubosung": .supplement, "dangchobosung": .supplement, "bosunghoso": .supplement,
      "tamdungchobosung": .supplement, "chothuchiennghiavutaichinh": .payment, "chothanhtoan": .payment,
      "ruthoso": .withdrawn, "darut": .withdrawn, "daruthoso": .withdrawn, "dunggiaiquyet": .stopped,
      "khonggiaiquyet": .stopped, "coketqua": .processed, "dacoketqua": .processed,
      "chotraketqua": .processed,
      "dagiaiquyet": .processed, "datra": .returned, "datrakq": .returned, "datraketquachocongdan": .returned,
      "dangchuyenbuudien": .between, "dachuyenbuudien": .between, "lienthong": .between,
    ]
    for status in allCases { words[SoftwareColumn.key(status.label.vi)] = status }
    return words
  }()

  /// A number, a number before a word (`10 - Đã trả kết quả`), or the word.
  init?(_ cell: SheetCell) {
    guard let text = SoftwareValue.text(cell), text.utf8.count <= 200 else { return nil }
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else {
      guard let status = Self.byWord[SoftwareColumn.key(text)] else { return nil }
      self = status
      return
    }
    // `10.5` is a number of something else.
    let rest = text.utf8.dropFirst(digits.count)
    let isFraction = rest.dropFirst().first.map { (0x30...0x39).contains($0) } ?? false
    guard !isFraction, let number = Int8(Substring(digits)) else { return nil }
    self.init(rawValue: number)
  }

  /// Where custody may see the dossier while the software says this. What is missing, lost, destroyed or disputed agrees
  /// with nothing; a dossier that custody knows only by name agrees with everything.
  var compatible: Set<DossierPlace> {
    switch self {
    case .between: [.toCenter, .toCitizen, .betweenOffices]
    case .registered: [.toCenter, .backAtSender]
    case .accepted: [.atOffice, .betweenOffices]
    case .refused: [.atOffice, .toCitizen, .delivered, .backAtSender, .backAtCenter]
    case .inProcess: [.atOffice, .betweenOffices]
    case .supplement: [.atOffice, .toCenter, .toCitizen, .delivered, .betweenOffices, .backAtSender]
    case .payment: [.atOffice, .betweenOffices, .toCenter]
    case .withdrawn, .stopped: [.atOffice, .toCitizen, .delivered, .backAtCenter, .backAtSender]
    case .processed: [.atOffice, .betweenOffices, .toCitizen, .backAtCenter]
    // A result that is fetched at the counter leaves no trace in the post.
    case .returned: [.delivered, .atOffice]
    }
  }

  /// Whether the dossier needs no result any more.
  var isClosed: Bool { [.refused, .withdrawn, .stopped, .returned].contains(self) }
}

/// Where custody sees a dossier.
enum DossierPlace: String, CaseIterable, Sendable {
  /// On its way from the citizen to the one-stop center.
  case toCenter
  /// Handed over to the center or an agency.
  case atOffice
  case betweenOffices
  /// The result is on its way to the citizen.
  case toCitizen
  case delivered
  /// The result could not be delivered and is back.
  case backAtCenter
  /// The papers went back to the citizen before they reached the center.
  case backAtSender
  case missing, lost, destroyed, disputed
  /// Announced, and never seen.
  case unknown

  var label: BilingualText {
    switch self {
    case .toCenter: BilingualText(vi: "bưu điện đang chuyển đến một cửa", en: "in the post, to the center")
    case .atOffice: BilingualText(vi: "ở một cửa hoặc cơ quan", en: "at the center or an agency")
    case .betweenOffices: BilingualText(vi: "đang luân chuyển", en: "between offices")
    case .toCitizen: BilingualText(vi: "bưu điện đang trả cho dân", en: "in the post, to the citizen")
    case .delivered: BilingualText(vi: "đã phát cho dân", en: "delivered")
    case .backAtCenter: BilingualText(vi: "phát hoàn về một cửa", en: "returned to the center")
    case .backAtSender: BilingualText(vi: "hoàn lại người gửi", en: "returned to the sender")
    case .missing: BilingualText(vi: "thiếu", en: "missing")
    case .lost: BilingualText(vi: "thất lạc", en: "lost")
    case .destroyed: BilingualText(vi: "đã hủy", en: "destroyed")
    case .disputed: BilingualText(vi: "tranh chấp", en: "disputed")
    case .unknown: BilingualText(vi: "chỉ được báo tên", en: "announced only")
    }
  }
}
