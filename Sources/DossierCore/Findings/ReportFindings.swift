extension FindingCatalogue {
  // 60xx: reports
  static let reportEntries: [Entry] =
    [
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
        vi: "Nhật ký (hiện có {expected} mục) không có trạng thái {found} mà --as-of yêu cầu.",
        en: "The log, now of {expected} entries, has no state {found} as --as-of asks for.",
        hintVi:
          "Dùng một điểm chốt của chính nhật ký này, hoặc một số không lớn hơn số sự kiện hiện có.",
        hintEn: "Use a checkpoint of this very log, or a number no larger than its present size."),
      Entry(
        .asOfUnreadable, .error,
        vi: "Tệp của --as-of không phải là điểm chốt.",
        en: "The file of --as-of is no checkpoint.",
        hintVi: "Dùng tệp mà dossier log checkpoint đã ghi, hoặc một số sự kiện.",
        hintEn: "Use a file that dossier log checkpoint wrote, or a number of events."),
    ] + sheetEntries + delayEntries + checkEntries

  /// Tables that others made, and workbooks that we write.
  private static let sheetEntries: [Entry] = [
    Entry(
      .sheetFormat, .error,
      vi: "Tệp {file} là {found}, không phải bảng tính đọc được.",
      en: "{file} is {found}, which is no table that can be read.",
      hintVi: "Mở tệp bằng Excel hoặc LibreOffice rồi lưu thành XLSX (Excel Workbook), hoặc CSV mã UTF-8.",
      hintEn: "Open it in Excel or LibreOffice and save it as XLSX (Excel Workbook), or as CSV in UTF-8."),
    Entry(
      .sheetEncoding, .error,
      vi: "Tệp {file} không phải văn bản UTF-8, cũng không phải UTF-16 có dấu thứ tự byte.",
      en: "{file} is neither UTF-8 text nor UTF-16 with a byte order mark.",
      hintVi:
        "Trong Excel chọn Lưu thành, kiểu \"CSV UTF-8\", hoặc lưu thành XLSX; bảng mã cũ (TCVN3, VNI) phải đổi sang "
        + "Unicode trước.",
      hintEn:
        "In Excel choose Save As, \"CSV UTF-8\", or save as XLSX; old Vietnamese encodings (TCVN3, VNI) must be turned "
        + "into Unicode first."),
    Entry(
      .sheetTooLarge, .error,
      vi: "Bảng tính quá lớn: {path} là {found}, giới hạn là {expected}.",
      en: "The table is too large: {path} {found}, the limit is {expected}.",
      hintVi: "Chia bảng thành nhiều tệp nhỏ hơn, hoặc xóa các hàng và cột không dùng đến.",
      hintEn: "Split the table into smaller files, or delete rows and columns that are not in use."),
    Entry(
      .sheetQuotes, .error,
      vi: "Dấu ngoặc kép trong tệp CSV đặt sai chỗ hoặc không được đóng.",
      en: "A quotation mark of the CSV file is misplaced or never closed.",
      hintVi:
        "Dấu ngoặc kép bên trong ô phải viết hai lần, cả ô nằm giữa hai dấu ngoặc kép; hoặc lưu thành XLSX.",
      hintEn: "Inside a cell write it twice and put the whole cell between quotation marks; or save as XLSX."),
    Entry(
      .sheetDamaged, .error,
      vi: "Tệp bảng tính {file} bị hỏng hoặc thiếu phần.",
      en: "The workbook {file} is damaged or incomplete.",
      hintVi: "Tải lại tệp; nếu Excel vẫn mở được thì mở, lưu thành tệp XLSX mới rồi thử lại.",
      hintEn:
        "Download it again; if Excel still opens it, save it from there as a new XLSX file and try again."),
    Entry(
      .sheetHostile, .error,
      vi: "Tệp {file} chứa thứ mà không chương trình bảng tính nào ghi ra, nên không được đọc.",
      en: "{file} holds what no spreadsheet program writes, so it is not read.",
      hintVi: "Không mở tệp này; hỏi người gửi và xin một bản mới lưu từ Excel hoặc LibreOffice.",
      hintEn: "Do not open it; ask the sender for a fresh copy saved from Excel or LibreOffice."),
    Entry(
      .sheetProtected, .error,
      vi: "Tệp {file} được bảo vệ bằng mật khẩu.",
      en: "{file} is protected by a password.",
      hintVi: "Mở tệp bằng mật khẩu, bỏ mật khẩu (Tệp, Thông tin, Bảo vệ Sổ làm việc), lưu rồi thử lại.",
      hintEn: "Open it with the password, remove it (File, Info, Protect Workbook), save, and try again."),
    Entry(
      .sheetMacros, .error,
      vi: "Tệp {file} chứa macro.",
      en: "{file} contains macros.",
      hintVi: "Lưu thành XLSX (Excel Workbook), là kiểu không có macro.",
      hintEn: "Save it as XLSX (Excel Workbook), which holds none."),
    Entry(
      .sheetUncalculated, .error,
      vi: "Ô {path} có công thức nhưng không có giá trị đã tính.",
      en: "Cell {path} holds a formula without a calculated value.",
      hintVi: "Mở tệp bằng Excel hoặc LibreOffice để tính lại, lưu rồi thử lại.",
      hintEn: "Open the file in Excel or LibreOffice, which calculates it, save, and try again."),
    Entry(
      .workbookUnwritable, .error,
      vi: "Không ghi được sổ tính: {detail}.",
      en: "The workbook cannot be written: {detail}.",
      hintVi: "Kiểm tra chỗ trống của thư mục tạm (TMPDIR); bảng quá lớn cho XLSX thì dùng --format csv.",
      hintEn:
        "Check the room in the temporary folder (TMPDIR); for a table too large for XLSX use --format csv."),
    Entry(
      .printEngineMissing, .error,
      vi: "Máy này chưa có chương trình {found} cần để lập PDF.",
      en: "The program {found}, which makes the PDF, is not on this machine.",
      hintVi:
        "Cài gói weasyprint và fonts-croscore, hoặc lập --format html rồi in từ trình duyệt.",
      hintEn:
        "Install the packages weasyprint and fonts-croscore, or make --format html and print it from a browser."
    ),
    Entry(
      .printEngineFailed, .error,
      vi: "WeasyPrint không lập được PDF (kết thúc: {found}).",
      en: "WeasyPrint could not make the PDF (it ended with {found}).",
      hintVi: "Xem dòng báo lỗi của nó; trong khi chờ, lập --format html rồi in từ trình duyệt.",
      hintEn: "See its own message; meanwhile make --format html and print it from a browser."),
    Entry(
      .printTimeLimit, .error,
      vi: "WeasyPrint chưa lập xong PDF sau {expected} giây và đã bị dừng.",
      en: "WeasyPrint had not made the PDF after {expected} seconds and was stopped.",
      hintVi: "Thu hẹp kỳ hoặc nhóm của báo cáo, hoặc dùng --format xlsx hay html cho bảng dài.",
      hintEn: "Narrow the period or the groups, or take --format xlsx or html for long tables."),
    Entry(
      .printMemoryLimit, .error,
      vi: "WeasyPrint cần hơn {expected} MB bộ nhớ cho PDF này và đã dừng.",
      en: "WeasyPrint needed more than {expected} MB of memory for this PDF and stopped.",
      hintVi: "Thu hẹp kỳ hoặc nhóm của báo cáo, hoặc dùng --format xlsx hay html cho bảng dài.",
      hintEn: "Narrow the period or the groups, or take --format xlsx or html for long tables."),
    Entry(
      .printTooLarge, .error,
      vi: "PDF lớn hơn {expected} MB nên không được ghi.",
      en: "The PDF is larger than {expected} MB and was not written.",
      hintVi: "Thu hẹp kỳ hoặc nhóm của báo cáo, hoặc dùng --format xlsx hay html cho bảng dài.",
      hintEn: "Narrow the period or the groups, or take --format xlsx or html for long tables."),
    Entry(
      .printFontMissing, .error,
      vi: "Máy này không có phông Tinos hay Times New Roman, nên PDF có thể sai dấu tiếng Việt.",
      en: "This machine has neither Tinos nor Times New Roman, so the PDF's Vietnamese marks could be wrong.",
      hintVi: "Cài gói fonts-croscore rồi lập lại báo cáo.",
      hintEn: "Install the package fonts-croscore and make the report again."),
  ]
}
