extension FindingCatalogue {
  // 706x: public look-up
  static let lookupEntries: [Entry] = [
    Entry(
      .lookupUnknown, .error,
      vi: "Không tìm thấy theo thông tin đã nhập.",
      en: "Nothing was found for what was entered.",
      hintVi: "Kiểm tra mã trên phiếu tra cứu và bốn số cuối của điện thoại đã khai.",
      hintEn: "Check the code on the look-up slip and the last four digits of the telephone number given."),
    Entry(
      .lookupTooMany, .error,
      vi: "Quá nhiều lượt tra cứu trong thời gian ngắn.",
      en: "Too many look-ups in a short time.",
      hintVi: "Chờ một lát rồi thử lại; nên dùng mã bắt đầu bằng QC trên phiếu tra cứu.",
      hintEn: "Wait a while and try again, best by the code that begins with QC on the look-up slip."),
    Entry(
      .lookupNumberClosed, .error,
      vi: "Mã này đã bị nhập sai số điện thoại quá nhiều lần hôm nay.",
      en: "Wrong telephone digits were entered for this number too often today.",
      hintVi: "Dùng mã bắt đầu bằng QC trên phiếu tra cứu, hoặc thử lại ngày mai.",
      hintEn: "Use the code that begins with QC on the look-up slip, or try again tomorrow."),
  ]
}
