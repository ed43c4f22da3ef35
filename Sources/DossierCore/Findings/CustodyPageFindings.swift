extension FindingCatalogue {
  // 709x: pages about custody
  static let custodyPageEntries: [Entry] = [
    Entry(
      .noAuditYet, .info,
      vi: "Trạm chưa chạy lần kiểm tra nào từ khi khởi động.",
      en: "The station has run no audit since it started.",
      hintVi: "Mở trang Kiểm tra và nhấn “Kiểm tra ngay”, hoặc chạy lệnh dossier audit.",
      hintEn: "Open the audit page and press “Audit now”, or run the command dossier audit."),
    Entry(
      .reportWordWrong, .error,
      vi: "Không hiểu {path} = “{found}” của báo cáo; cần: {expected}.",
      en: "The report's {path} = “{found}” is not understood; it can be: {expected}.",
      hintVi: "Chọn lại trong biểu mẫu phía trên báo cáo.",
      hintEn: "Choose again in the form above the report."),
    Entry(
      .pageWordWrong, .error,
      vi: "Không hiểu {path} = “{found}” trong địa chỉ trang; cần: {expected}.",
      en: "The address's {path} = “{found}” is not understood; it can be: {expected}.",
      hintVi: "Bỏ phần đó khỏi địa chỉ, hoặc chọn lại trong biểu mẫu của trang.",
      hintEn: "Remove that part of the address, or choose again in the page's form."),
    Entry(
      .auditBusy, .info,
      vi: "Lần kiểm tra đang chạy; kết quả chưa có.",
      en: "An audit is running; its result is not there yet.",
      hintVi: "Chờ một lát rồi tải lại trang.",
      hintEn: "Wait a moment and load the page again."),
  ]
}
