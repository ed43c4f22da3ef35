extension FindingCatalogue {
  // 601x: calendars and delays
  static let delayEntries: [Entry] = [
    Entry(
      .calendarYearMissing, .error,
      vi: "Lịch làm việc {path} không có năm {found}.",
      en: "The calendar of working days {path} does not cover the year {found}.",
      hintVi:
        "Bổ sung ngày nghỉ và ngày làm bù của năm đó vào tệp lịch, dùng --calendar; chương trình không đoán.",
      hintEn:
        "Add the year's days off and make-up days in a calendar file and use --calendar; nothing is guessed."),
    Entry(
      .calendarFileForm, .error,
      vi: "Dòng này của tệp lịch không đúng; phải có dạng {expected}",
      en: "This line of the calendar file is wrong; expected {expected}",
      hintVi:
        "Xem mẫu và cách viết ở đầu tệp Schemas/calendars/administrative.txt; mỗi ngày chỉ nêu một lần, trong năm của nó.",
      hintEn:
        "See the head of Schemas/calendars/administrative.txt for the form; name each day once, within its year."
    ),
    Entry(
      .tickSheetForm, .error,
      vi: "{file} không có dòng tiêu đề với cột MaHoSo và NgayTra.",
      en: "{file} has no header row with the columns MaHoSo and NgayTra.",
      hintVi:
        "Xuất từ phần mềm một cửa các cột MaHoSo, NgayHenTra, NgayTra, NgayKetThucXuLy; tiêu đề nằm trong 30 dòng đầu.",
      hintEn:
        "Export MaHoSo, NgayHenTra, NgayTra, NgayKetThucXuLy from the one-stop software; the header must be among the "
        + "first 30 rows."),
    Entry(
      .tickUnreadable, .warning,
      vi: "Dòng này không có mã hồ sơ đọc được, hoặc có ngày không đọc được; dòng bị bỏ qua.",
      en: "This row has no dossier code that can be read, or a date that cannot; it was left out.",
      hintVi: "Ngày viết yyyyMMddHHmmss, dd/MM/yyyy hoặc yyyy-MM-dd.",
      hintEn: "Dates are written yyyyMMddHHmmss, dd/MM/yyyy or yyyy-MM-dd."),
  ]
}
