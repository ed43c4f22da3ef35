extension FindingCatalogue {
  // 705x: signing off and paper
  static let signOffEntries: [Entry] = [
    Entry(
      .listChanged, .error,
      vi: "Danh sách đã thay đổi từ khi bạn xem: {found}, không phải {expected}.",
      en: "The list changed since you saw it: {found}, not {expected}.",
      hintVi: "Xem lại danh sách mới rồi ký.",
      hintEn: "Look at the new list, then sign."),
    Entry(
      .listNotStated, .error,
      vi: "Chữ ký phải nêu danh sách được ký (If-Match và list).",
      en: "A signature must state the list that is signed (If-Match and list).",
      hintVi: "Đọc danh sách rồi gửi ETag của nó trong If-Match.",
      hintEn: "Read the list and send its ETag in If-Match."),
    Entry(
      .signerOffice, .error,
      vi: "Tài khoản thuộc đơn vị {found}, không ký được cho bên {expected}.",
      en: "The account belongs to {found} and cannot sign for {expected}.",
      hintVi:
        "Bên nhận: người của đúng đơn vị nhận. Bên giao: người của đơn vị giao, đơn vị cấp trên của nó, hoặc đơn vị vận "
        + "chuyển.",
      hintEn:
        "Receiver: somebody of that very office. Giver: somebody of that office, of one above it, or of a carrier."
    ),
    Entry(
      .barcodeRefused, .error,
      vi: "Không in được {found} thành mã vạch.",
      en: "{found} cannot be printed as a barcode.",
      hintVi: "Mã vạch chỉ gồm ký tự ASCII in được và phải vừa khổ giấy.",
      hintEn: "A barcode takes printable ASCII only and has to fit on the paper."),
    Entry(
      .manifestOpen, .error,
      vi: "Bảng kê {found} chưa chốt nên chưa có biên nhận.",
      en: "Manifest {found} is not closed, so there is no receipt yet.",
      hintVi: "Hai bên ký ở trang chốt bảng kê, hoặc dùng dossier receive --close.",
      hintEn: "Both sides sign on its sign-off page, or use dossier receive --close."),
    Entry(
      .sideSigned, .error,
      vi: "{found} đã ký cho bên này ({expected}) và chữ ký còn hiệu lực.",
      en: "{found} has signed for this side ({expected}), and the signature still counts.",
      hintVi: "Chờ bên kia ký, hoặc mời người đã ký rút chữ ký; sau 30 phút chữ ký tự hết hiệu lực.",
      hintEn: "Wait for the other side, or ask that person to withdraw; it lapses by itself after 30 minutes."
    ),
    Entry(
      .paperBusy, .error,
      vi: "Đang có nhiều tờ chờ in.",
      en: "Many sheets are waiting to be made.",
      hintVi: "Thử lại sau một phút.",
      hintEn: "Try again in a minute."),
  ]
}
