internal import DossierTracker

/// What the scan page's script says, by the names with which it asks. `{name}` is filled in by the script.
enum ScanTexts {
  static let all: [String: BilingualText] = verdicts.merging(problems) { _, new in new }
    .merging(stops) { _, new in new }.merging(states) { _, new in new }

  private static let verdicts: [String: BilingualText] = [
    "ready": .init(vi: "SẴN SÀNG", en: "READY"),
    "accepted": .init(vi: "ĐÃ NHẬN", en: "RECEIVED"),
    "stillShort": .init(vi: "còn thiếu {n}", en: "{n} still short"),
    "complete": .init(vi: "đủ cả bảng kê · F10 để chốt", en: "the manifest is complete · F10 to close"),
    "already": .init(vi: "ĐÃ NHẬN RỒI", en: "ALREADY RECEIVED"),
    "firstBy": .init(vi: "đã nhận lúc {time}, {clerk}", en: "received at {time}, {clerk}"),
    "repaired": .init(vi: "ĐÃ NHẬN · MÃ ĐƯỢC SỬA", en: "RECEIVED · CODE REPAIRED"),
    "repairedDetail": .init(
      vi: "{raw} → {code}: so lại với nhãn", en: "{raw} → {code}: compare with the label"),
    "late": .init(vi: "ĐÃ NHẬN · TRỄ HẠN", en: "RECEIVED · LATE"),
    "lateBy": .init(vi: "trễ {n} ngày so với hạn {day}", en: "{n} days after the last day, {day}"),
    "undone": .init(vi: "ĐÃ HOÀN TÁC", en: "UNDONE"),
    "nothingToUndo": .init(vi: "KHÔNG CÓ GÌ ĐỂ HOÀN TÁC", en: "NOTHING TO UNDO"),
    "damaged": .init(vi: "ĐÃ GHI HƯ HỎNG", en: "DAMAGE RECORDED"),
    "scanFirst": .init(vi: "QUÉT BƯU GỬI HƯ HỎNG TRƯỚC", en: "SCAN THE DAMAGED ITEM FIRST"),
    "damageFirst": .init(vi: "nhấn F4 trước khi chọn mức độ", en: "press F4 before you choose a grade"),
    "sameManifest": .init(vi: "ĐANG QUÉT BẢNG KÊ NÀY", en: "THIS MANIFEST IS OPEN"),
    "switching": .init(vi: "CHUYỂN BẢNG KÊ", en: "SWITCHING"),
    "stationNamed": .init(vi: "ĐÃ ĐẶT TÊN QUẦY", en: "COUNTER NAMED"),
    "calibrated": .init(vi: "ĐẦU ĐỌC TỐT", en: "READER IS RIGHT"),
    "miscalibrated": .init(vi: "ĐẦU ĐỌC SAI", en: "READER IS WRONG"),
    "notClosed": .init(vi: "CHƯA CHỐT ĐƯỢC", en: "CANNOT CLOSE YET"),
    "closeAsking": .init(vi: "CHỐT BẢNG KÊ?", en: "CLOSE THE MANIFEST?"),
    "closeHow": .init(
      vi: "quét mã XÁC NHẬN hoặc nhấn F10 lần nữa trong 10 giây",
      en: "scan CONFIRM or press F10 again within 10 seconds"),
    "closeWaiting": .init(
      vi: "{n} lần quét chưa gửi tới máy chủ; máy chủ chưa có thì không ký được",
      en: "{n} scans have not reached the server; what it does not have cannot be signed"),
    "closeRefused": .init(
      vi: "{n} lần quét bị từ chối: đọc lý do rồi nhấn F9",
      en: "{n} scans were refused: read why, then press F9"),
    "closeOffline": .init(vi: "chưa nối được với máy chủ", en: "the server is out of reach"),
    "closeStopped": .init(
      vi: "trạm đang dừng: xử lý trước", en: "the station has stopped: deal with that first"),
    "nothingToConfirm": .init(vi: "KHÔNG CÓ GÌ ĐỂ XÁC NHẬN", en: "NOTHING TO CONFIRM"),
  ]

  private static let problems: [String: BilingualText] = [
    "over": .init(vi: "THỪA", en: "OVER"),
    "misrouted": .init(vi: "LẠC HƯỚNG", en: "MISROUTED"),
    "overDetail": .init(
      vi: "không thuộc bảng kê này: để riêng, rồi nhấn F9",
      en: "not on this manifest: put it aside, then press F9"),
    "overAsking": .init(
      vi: "không thuộc bảng kê này; đang hỏi máy chủ thuộc bảng kê nào",
      en: "not on this manifest; asking the server where it belongs"),
    "overUnknown": .init(
      vi: "không thuộc bảng kê nào mà máy chủ biết", en: "on no manifest that the server knows"),
    "belongsTo": .init(
      vi: "thuộc bảng kê {manifest}, {name} ({office})",
      en: "belongs to manifest {manifest}, {name} ({office})"),
    "refused": .init(vi: "BỊ TỪ CHỐI", en: "REFUSED"),
    "refusedUnknown": .init(vi: "máy chủ không nói vì sao", en: "the server does not say why"),
    "wrong": .init(vi: "SAI MÃ", en: "WRONG CODE"),
    "wrongKind": .init(vi: "KHÔNG PHẢI MÃ BƯU GỬI", en: "NOT AN ITEM NUMBER"),
    "dossierElsewhere": .init(
      vi: "Đây là mã hồ sơ, không có trong bảng kê này. Đang chờ mã bưu gửi.",
      en: "This is a dossier's code, and not of this manifest. An item number is expected."),
    "dossierOfMany": .init(
      vi: "Đây là mã hồ sơ nằm trong nhiều bưu gửi. Hãy quét mã bưu gửi.",
      en: "This dossier is in several items. Scan the item number."),
    "wrong_badCheckDigit": .init(
      vi: "Số kiểm tra không khớp: quét lại; nếu nhãn hỏng, gõ 4 ký tự cuối rồi Enter",
      en: "The check digit does not match: scan again; if the label is damaged, type its last 4 characters"),
    "wrong_shortened": .init(
      vi: "Mã bị thiếu ký tự: quét lại. Quét mã HIỆU CHUẨN để biết vì sao.",
      en: "Characters are missing: scan again. The calibration code tells why."),
    "wrong_rewritten": .init(
      vi: "Bộ gõ tiếng Việt đã làm hỏng mã: tắt bộ gõ rồi quét lại",
      en: "An input method changed the code: switch it off and scan again"),
    "wrong_damagedOwn": .init(
      vi: "Mã lệnh đọc sai ký tự kiểm tra: quét lại", en: "A command with a wrong check character: scan again"
    ),
    "wrong_lookup": .init(
      vi: "Đây là mã tra cứu của công dân, đang chờ mã bưu gửi",
      en: "This is a citizen's look-up code; an item number is expected"),
    "wrong_unknown": .init(
      vi: "Không rõ đây là mã gì: không ghi gì cả, đang chờ mã bưu gửi",
      en: "Nothing known looks like this: nothing was recorded, an item number is expected"),
    "wrongCommand": .init(vi: "LỆNH KHÔNG DÙNG Ở ĐÂY", en: "NOT A COMMAND HERE"),
    "wrongCommandDetail": .init(
      vi: "mã lệnh của màn hình khác: không làm gì cả", en: "a command of another screen: nothing was done"),
  ]

  private static let stops: [String: BilingualText] = [
    "stop": .init(vi: "DỪNG", en: "STOP"),
    "stopHow": .init(
      vi: "các mã quét từ lúc này được giữ riêng, chưa ghi · F9 khi đã xử lý",
      en: "what is scanned now is set apart and not recorded · F9 when dealt with"),
    "stopDisk": .init(
      vi:
        "Không ghi được vào máy này ({reason}): chưa nhận gì cả. Kiểm tra ổ đĩa, không dùng cửa sổ ẩn danh.",
      en:
        "This machine cannot keep scans ({reason}): nothing is received. Check the disk; use no private window."
    ),
    "stopTab": .init(
      vi: "Trạm quét đang mở ở thẻ khác của trình duyệt. Quét ở thẻ đó, hoặc đóng nó.",
      en: "The station is open in another tab. Scan there, or close it."),
    "stopUnknown": .init(
      vi: "Chưa tải được bảng kê và máy này chưa từng mở nó. Đang thử lại.",
      en: "The manifest cannot be loaded, and this machine has not had it before. Trying again."),
    "stopClosed": .init(
      vi: "Bảng kê này đã chốt: không ghi thêm được. Quét mã bảng kê khác để chuyển.",
      en: "This manifest is closed: nothing more can be recorded. Scan another manifest to switch."),
    "stopManifest": .init(
      vi: "Đây là bảng kê khác, mà bảng kê đang mở còn thiếu {n}. Chốt bảng kê đang mở trước.",
      en: "This is another manifest, and {n} items of the open one are short. Close the open one first."),
    "stopClock": .init(
      vi: "Đồng hồ máy này lệch {n} phút so với máy chủ. Chỉnh giờ máy.",
      en: "This machine's clock is {n} minutes off the server's. Set it right."),
  ]

  private static let states: [String: BilingualText] = {
    var texts: [String: BilingualText] = [
      "online": .init(vi: "● Trực tuyến", en: "● Online"),
      "offline": .init(vi: "○ Ngoại tuyến: vẫn quét được", en: "○ Offline: keep scanning"),
      "locked": .init(vi: "◌ Phiên đã khóa: vẫn quét được", en: "◌ Session locked: keep scanning"),
      "type_received": .init(vi: "nhận", en: "received"),
      "type_damaged": .init(vi: "hư hỏng", en: "damaged"),
      "type_void": .init(vi: "hoàn tác", en: "undone"),
      "faultNone": .init(vi: "mã hiệu chuẩn đến nguyên vẹn", en: "the calibration code arrived as printed"),
      "fault_lost": .init(
        vi: "Mất ký tự: tăng độ trễ giữa các ký tự của đầu đọc.",
        en: "Characters lost: raise the reader's inter-character delay."),
    ]
    let faults: [(String, Calibration.Fault)] = [
      ("telex", .telex), ("vni", .vni), ("capsLock", .capsLock), ("AZERTY", .layout("AZERTY")),
      ("QWERTZ", .layout("QWERTZ")), ("layout", .layout(nil)), ("other", .otherText),
    ]
    for (name, fault) in faults {
      texts["fault_\(name)"] = BilingualText(vi: fault.label(.vi), en: fault.label(.en))
    }
    return texts
  }()
}
