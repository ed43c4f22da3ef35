extension FindingCatalogue {
  // 602x: the loss report
  static let lossEntries: [Entry] = [
    Entry(
      .ruleFileForm, .error,
      vi: "Dòng này của tệp quy tắc coi là thất lạc không đúng: cần {expected}, đọc được “{found}”.",
      en:
        "This line of the file with the rule of presumed loss is wrong: expected {expected}, found “{found}”.",
      hintVi: "Chép Schemas/presumed-loss.txt rồi sửa; cách viết ghi ở đầu tệp.",
      hintEn: "Copy Schemas/presumed-loss.txt and change it; its beginning says how lines are written."),
    Entry(
      .noSuchNumber, .error,
      vi: "Báo cáo không có số {found}.",
      en: "The report has no number {found}.",
      hintVi:
        "Viết DÒNG.CỘT đúng như trong báo cáo JSON hoặc CSV, ví dụ H48.25.lost, total.damaged; nhóm nhiều cột nối bằng "
        + "“ | ”.",
      hintEn:
        "Write ROW.COLUMN as the report's JSON or CSV has them, for example H48.25.lost or total.damaged; labels of "
        + "several groupings are joined by “ | ”."),
  ]
}
