extension FindingCatalogue {
  /// 315x: what the audit says of erasures; 33xx: ordering and carrying them out.
  static let erasureEntries: [Entry] = [
    Entry(
      .erasedWithoutRecord, .error,
      vi: "Dữ liệu cá nhân tại {path} đã bị xóa mà không có sự kiện xóa nào nêu tên.",
      en: "The personal data at {path} were erased, and no erasure that was carried out names them.",
      hintVi: "Có người xóa ngoài quy trình. Khôi phục từ bản sao lưu, tìm ai có quyền ghi vào tệp.",
      hintEn:
        "Somebody erased them outside the procedure. Restore a backup; find out who could write to the file."),
    Entry(
      .erasureIncomplete, .error,
      vi: "Nhật ký ghi đã xóa {expected} tại {path}, nhưng dữ liệu vẫn còn.",
      en: "The log says that {expected} at {path} was erased, but it is still there.",
      hintVi: "Kho có thể được khôi phục từ bản sao lưu cũ. Phải xóa lại: áp dụng lại các lần xóa đã ghi.",
      hintEn: "The store may come from an older backup. Apply the recorded erasures to it again."),
    Entry(
      .erasureRecord, .error,
      vi: "Bản ghi về việc xóa tại {path} không khớp với các sự kiện ra lệnh và thực hiện xóa.",
      en: "The record of an erasure at {path} does not agree with the events that order it and carry it out.",
      hintVi: "Bản ghi đã bị sửa bên ngoài chương trình. So với bản sao lưu.",
      hintEn: "It was altered outside the program. Compare with a backup."),
    Entry(
      .scrubDue, .warning,
      vi: "Dữ liệu đã xóa, nhưng tệp chưa được viết lại: {path} có thể còn dấu vết.",
      en: "Data were erased, but the file was not rewritten yet: {path} may still hold remnants.",
      hintVi: "Đóng các chương trình khác đang đọc kho, bảo đảm đủ chỗ trống, rồi chạy dossier erase scrub.",
      hintEn: "Close other programs that read the store, make room on the disk, then run dossier erase scrub."
    ),
    Entry(
      .erasureSamePerson, .error,
      vi: "Người thực hiện xóa ({found}) cũng là người ra lệnh.",
      en: "The person who carries the erasure out ({found}) is the one who ordered it.",
      hintVi: "Xóa dữ liệu cần hai người: người khác phải thực hiện.",
      hintEn: "Erasing takes two people: somebody else must carry it out."),
    Entry(
      .erasureNothing, .error,
      vi: "Không có gì để xóa: {found} không có dữ liệu {expected}, hoặc đã xóa rồi.",
      en: "There is nothing to erase: {found} has no {expected}, or it is erased already.",
      hintVi: "Xem dossier erase list; kiểm tra lại mã và các trường.",
      hintEn: "See dossier erase list; check the code and the fields."),
    Entry(
      .erasureOrderUnknown, .error,
      vi: "Không có lệnh xóa nào là {found}.",
      en: "There is no order to erase {found}.",
      hintVi: "Gõ dossier erase list để xem các lệnh.",
      hintEn: "dossier erase list shows the orders."),
    Entry(
      .erasureDone, .error,
      vi: "Lệnh xóa {found} đã được thực hiện.",
      en: "The order {found} was carried out already.",
      hintVi: "Không cần làm gì; dossier erase list cho biết khi nào và ai làm.",
      hintEn: "Nothing to do; dossier erase list says when and by whom."),
    Entry(
      .erasureEvidence, .error,
      vi: "Không xóa: nội dung tại {path} không khớp với điều nhật ký đã cam kết.",
      en: "Not erased: the content at {path} is not what the log committed to.",
      hintVi: "Nội dung đã bị sửa; xóa lúc này sẽ xóa luôn bằng chứng. Chạy dossier audit và làm rõ trước.",
      hintEn:
        "It was altered, and erasing it now would destroy the evidence. Run dossier audit and settle that first."
    ),
    Entry(
      .retentionPolicyForm, .error,
      vi: "Chính sách lưu giữ {file} có dòng không đúng mẫu: chờ {expected}.",
      en: "The retention policy {file} has a line of another form: expected {expected}.",
      hintVi: "Xem mẫu bằng dossier retention policy; mỗi cặp trường và kết thúc chỉ nêu một lần.",
      hintEn: "dossier retention policy prints an example; each pair of field and ending is named once."),
  ]
}
