extension FindingCatalogue {
  // 604x and 605x: figures of others, periods that are published
  static let checkEntries: [Entry] = [
    Entry(
      .figuresLine, .error,
      vi: "Dòng này của tệp số liệu không đọc được.",
      en: "This line of the figures file cannot be read.",
      hintVi: "Mỗi dòng một phát biểu, ví dụ: let a = 15.256 hoặc 01: a + b = c.",
      hintEn: "One statement a line, for example: let a = 15.256 or 01: a + b = c."),
    Entry(
      .figuresTooMany, .error,
      vi: "Nhiều hơn mức chương trình nhận để kiểm tra ({expected}).",
      en: "More than is taken for a check ({expected}).",
      hintVi: "Chia nhỏ tệp, hoặc bỏ những dòng không thuộc biểu.",
      hintEn: "Divide the file, or leave out what does not belong to the form."),
    Entry(
      .figuresNone, .error,
      vi: "Tệp số liệu không có phát biểu nào để kiểm tra.",
      en: "The figures file states nothing that could be checked.",
      hintVi: "Thêm ít nhất một dòng dạng 01: a + b = c.",
      hintEn: "Add at least one line such as 01: a + b = c."),
    Entry(
      .formUnknown, .error,
      vi: "Không nhận ra biểu II.06 trong bảng {path} qua tiêu đề cột.",
      en: "No form II.06 is known by the headers of table {path}.",
      hintVi: "Nếu bảng không có tiêu đề, nêu biểu bằng --layout old10, local12 hoặc current13.",
      hintEn: "If the table has no header, name the form by --layout old10, local12 or current13."),
    Entry(
      .formWithoutRows, .error,
      vi: "Bảng {path} không có dòng số liệu nào.",
      en: "Table {path} has no row of figures.",
      hintVi: "Kiểm tra đúng tệp, đúng trang tính, và số liệu không nằm trong ảnh.",
      hintEn: "Check the file, the sheet, and that the figures are not a picture."),
    Entry(
      .figureForm, .error,
      vi: "Ô {path} không phải số đếm: {found}.",
      en: "Cell {path} holds no count: {found}.",
      hintVi:
        "Số đếm viết 15.256 hoặc 15256; công thức không được tính; số kiểu Anh thì dùng --numbers en.",
      hintEn:
        "Counts are written 15.256 or 15256; formulas are not computed; for English figures use --numbers en."
    ),
    Entry(
      .settlementUnbalanced, .error,
      vi: "Báo cáo giải quyết hồ sơ không cân: {detail}.",
      en: "The settlement report does not balance: {detail}.",
      hintVi: "Đây là lỗi của chương trình; báo cáo không được lập. Hãy báo cho người bảo trì.",
      hintEn: "This is a fault of the program; no report was made. Tell its maintainers."),
    Entry(
      .periodOpen, .error,
      vi: "Kỳ báo cáo kết thúc {expected}, nhưng nhật ký mới biết đến {found}: chưa thể công bố.",
      en:
        "The period ends on {expected}, and the log knows no more than {found}: it cannot be published yet.",
      hintVi: "Công bố sau khi kỳ đã hết và các sự kiện của kỳ đã được ghi.",
      hintEn: "Publish when the period is over and its events are recorded."),
    Entry(
      .periodPublished, .error,
      vi: "Kỳ này đã công bố ({found}).",
      en: "This period is published already ({found}).",
      hintVi: "Nếu là đính chính, dùng --publish --replace; bản cũ vẫn được giữ và liệt kê.",
      hintEn: "If it is a correction, use --publish --replace; the earlier one stays and is listed."),
    Entry(
      .publishedDiffers, .error,
      vi: "Báo cáo lập lại theo trạng thái đã công bố có mã băm {found}, khác bản công bố {expected}.",
      en:
        "The report computed again from the published state has the hash {found}, not that published: {expected}.",
      hintVi:
        "Nếu sau khi công bố có xóa mã hồ sơ theo lệnh (dossier erase list) thì khác là phải; nếu không thì kho đã bị thay "
        + "đổi hoặc chương trình đã khác: chạy dossier audit.",
      hintEn:
        "If dossier codes were erased by order since (dossier erase list), it must differ; otherwise the store was altered, "
        + "or the program computes otherwise now: run dossier audit."),
    Entry(
      .notPublished, .error,
      vi: "Kỳ {path} chưa công bố, không có gì để thay thế.",
      en: "Period {path} is not published: there is nothing to replace.",
      hintVi: "Bỏ --replace.",
      hintEn: "Leave out --replace."),
  ]
}
