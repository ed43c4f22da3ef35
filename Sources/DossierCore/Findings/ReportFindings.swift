extension FindingCatalogue {
  // 60xx: reports
  static let reportEntries: [Entry] = [
    Entry(
      .reportDiffers, .error,
      vi: "Báo cáo lập lại khác với tệp {file}.",
      en: "The report made again differs from {file}.",
      hintVi:
        "Lập lại đúng lệnh ghi ở cuối báo cáo, kể cả --as-of và --lang; nếu vẫn khác thì tệp đã bị sửa.",
      hintEn:
        "Use the very command in the report's note, --as-of and --lang included; if it still differs, the file was "
        + "altered."),
    Entry(
      .asOfUnknown, .error,
      vi: "Sổ sự kiện (hiện có {expected} mục) không có trạng thái {found} mà --as-of yêu cầu.",
      en: "The log, now of {expected} entries, has no state {found} as --as-of asks for.",
      hintVi:
        "Dùng một điểm chốt của chính sổ này, hoặc một số không lớn hơn số sự kiện hiện có.",
      hintEn: "Use a checkpoint of this very log, or a number no larger than its present size."),
    Entry(
      .calendarYearMissing, .error,
      vi: "Lịch làm việc {path} không có năm {found}.",
      en: "The calendar of working days {path} does not cover the year {found}.",
      hintVi: "Bổ sung ngày nghỉ và ngày làm bù của năm đó vào tệp lịch; chương trình không đoán.",
      hintEn: "Add the year's days off and make-up days to a calendar file; nothing is guessed."),
  ]
}
