extension FindingCatalogue {
  // 700x: requests to the station
  static let stationEntries: [Entry] = [
    Entry(
      .signInNeeded, .error,
      vi: "Cần đăng nhập để xem trang này.",
      en: "You have to sign in for this.",
      hintVi: "Đăng nhập bằng tài khoản của bạn.",
      hintEn: "Sign in with your account."),
    Entry(
      .notPermitted, .error,
      vi: "Tài khoản của bạn ({found}) không có quyền này ({expected}).",
      en: "Your account ({found}) is not permitted to do this ({expected}).",
      hintVi: "Hỏi trưởng ca hoặc người quản trị.",
      hintEn: "Ask the shift lead or the administrator."),
    Entry(
      .pageUnknown, .error,
      vi: "Không có trang này.",
      en: "There is no such page.",
      hintVi: "Kiểm tra địa chỉ, hoặc về trang đầu để tìm.",
      hintEn: "Check the address, or look for it from the first page."),
    Entry(
      .requestTooLarge, .error,
      vi: "Yêu cầu lớn hơn mức trạm nhận.",
      en: "The request is larger than the station takes.",
      hintVi: "Chia nhỏ, hoặc nhập tệp lớn bằng lệnh dossier import.",
      hintEn: "Divide it, or import large files by the command dossier import."),
    Entry(
      .requestMalformed, .error,
      vi: "Không hiểu được yêu cầu.",
      en: "The request cannot be understood.",
      hintVi: "Đối chiếu với /openapi.json.",
      hintEn: "Compare it with /openapi.json."),
    Entry(
      .stationFault, .error,
      vi: "Trạm gặp lỗi; việc này chưa được ghi nhận.",
      en: "The station failed; this was not done.",
      hintVi: "Thử lại; nếu lặp lại, báo người quản trị kèm thời điểm.",
      hintEn: "Try again; if it happens again, tell the administrator when."),
  ]
}
