extension FindingCatalogue {
  /// 40xx: running the program.
  static let operationEntries: [Entry] = [
    Entry(
      .storeAbsent, .error,
      vi: "Không có kho dữ liệu tại {path}.",
      en: "There is no store at {path}.",
      hintVi: "Nêu đúng thư mục bằng --data, hoặc tạo kho mới bằng dossier init.",
      hintEn: "Name the right folder with --data, or create a store with dossier init."),
    Entry(
      .storeExists, .error,
      vi: "Tại {path} đã có kho dữ liệu.",
      en: "There is a store at {path} already.",
      hintVi: "Dùng kho đó, hoặc chọn thư mục khác; chương trình không bao giờ ghi đè một kho.",
      hintEn: "Use that store or choose another folder; the program never overwrites a store."),
    Entry(
      .keyAbsent, .error,
      vi: "Không tìm thấy khóa ký của nhật ký tại {path}.",
      en: "The log's signing key is not at {path}.",
      hintVi: "Khôi phục khóa từ nơi cất giữ; nếu mất khóa, kho vẫn đọc và kiểm tra được "
        + "nhưng không ký thêm được.",
      hintEn: "Restore the key from where it is kept; without it the store can be read and "
        + "audited but not signed."),
    Entry(
      .keyPermissions, .warning,
      vi: "Người khác trên máy này đọc được khóa ký tại {path}.",
      en: "Others on this machine can read the signing key at {path}.",
      hintVi: "Đặt quyền 0600 cho tệp khóa (chmod 600) và xét xem có cần đổi khóa.",
      hintEn: "Give the file mode 0600 (chmod 600) and consider replacing the key."),
    Entry(
      .storeUnwritable, .error,
      vi: "Không ghi được vào kho dữ liệu tại {path}.",
      en: "The store at {path} cannot be written.",
      hintVi: "Kiểm tra quyền của thư mục và ổ đĩa có bị gắn ở chế độ chỉ đọc không.",
      hintEn: "Check the folder's permissions and whether the disk is mounted read-only."),
    Entry(
      .storeBusy, .error,
      vi: "Kho dữ liệu tại {path} đang bị chương trình khác giữ quá lâu.",
      en: "Another program is holding the store at {path} for too long.",
      hintVi: "Đợi chương trình kia xong rồi làm lại; việc vừa rồi chưa được ghi, làm lại không bị trùng.",
      hintEn: "Wait for the other program and repeat; nothing was recorded, and a repeat does no harm."),
    Entry(
      .clockWrong, .warning,
      vi: "Đồng hồ của máy chỉ {found}, sớm hơn sự kiện cuối đã ghi lúc {expected}.",
      en: "The machine's clock says {found}, earlier than the last recorded event at {expected}.",
      hintVi: "Chỉnh lại giờ và bật đồng bộ giờ; nhật ký không bao giờ ghi lùi giờ.",
      hintEn: "Set the clock and turn on time synchronisation; the log's time never runs backwards."),
    Entry(
      .libraryTooOld, .error,
      vi: "Thư viện hệ thống {path} quá cũ: cần {expected}, đang có {found}.",
      en: "The system library {path} is too old: {expected} is needed, {found} is installed.",
      hintVi: "Nhờ quản trị hệ thống cập nhật thư viện rồi chạy lại dossier doctor.",
      hintEn: "Ask the administrator to update the library, then run dossier doctor again."),
    Entry(
      .spaceLow, .warning,
      vi: "Ổ đĩa chứa kho dữ liệu sắp đầy: còn {found}, nên có ít nhất {expected}.",
      en: "The store's disk is nearly full: {found} is free, at least {expected} is advised.",
      hintVi: "Giải phóng chỗ trước khi nhập tiếp; khi đầy đĩa, việc nhập bị dừng nhưng "
        + "không mất dữ liệu đã ghi.",
      hintEn: "Free space before importing more; a full disk stops an import but loses nothing recorded."),
    Entry(
      .officesForm, .error,
      vi: "Danh mục đơn vị {file} không đúng mẫu: {detail}.",
      en: "The office list {file} is not of the expected form: {detail}.",
      hintVi: "Tệp CSV cần các cột code, name, kind, province, parent; kind là post, "
        + "transport, center hoặc agency.",
      hintEn: "The CSV needs the columns code, name, kind, province, parent; kind is post, "
        + "transport, center, agency."),
    Entry(
      .unknownCode, .error,
      vi: "Không có bưu gửi, hồ sơ, bảng kê hay mã phát hiện nào là {found}.",
      en: "There is no item, dossier, manifest or finding code {found}.",
      hintVi: "Kiểm tra lại mã; gõ dossier list items để xem những gì đã ghi.",
      hintEn: "Check the code; dossier list items shows what is recorded."),
    Entry(
      .outputUnwritable, .error,
      vi: "Không ghi được kết quả vào {path}.",
      en: "The result cannot be written to {path}.",
      hintVi: "Kiểm tra thư mục, quyền ghi và chỗ trống; những gì kho dữ liệu đã ghi thì vẫn còn.",
      hintEn: "Check the folder, its permissions and the free space; what the store recorded is kept."),
    Entry(
      .signerExists, .error,
      vi: "Tại {path} đã có bộ ký (khóa và điểm chốt cuối) của một nhật ký.",
      en: "There is a signer's store (key and last checkpoint) of a log at {path} already.",
      hintVi:
        "Mỗi nhật ký có bộ ký riêng: chọn thư mục khác. Nếu đó là bộ ký của kho đã mất, khôi phục kho bằng "
        + "dossier restore.",
      hintEn:
        "Every log has a signer's store of its own: choose another folder. If it belongs to a store that was "
        + "lost, put that back with dossier restore."),
    Entry(
      .backupRecord, .error,
      vi: "Không có bản ghi hay tệp kèm của bản sao lưu tại {path}, hoặc bản ghi bị sửa.",
      en: "The record of the backup, or a file that goes along, is not at {path}, or the record was altered.",
      hintVi:
        "Bản sao lưu gồm tệp dữ liệu, tệp .txt bên cạnh và các tệp kèm .people.json, .lookup.key nếu bản ghi "
        + "có nêu. Chép tất cả về cùng một thư mục; tệp kèm đã mất hẳn thì bỏ dòng people hay lookup khỏi .txt.",
      hintEn:
        "A backup is the copy, the .txt beside it, and .people.json and .lookup.key if the record names them. "
        + "Bring all into one folder; for one that is lost for good, take its line people or lookup out of the .txt."
    ),
    Entry(
      .backupDamaged, .error,
      vi: "Bản sao lưu {path} hỏng hoặc bị sửa, nên không được dùng.",
      en: "The backup {path} is damaged or altered and is not used.",
      hintVi: "Dùng bản sao lưu khác; giữ tệp này lại nếu nghi có người sửa. Kiểm tra ổ đĩa.",
      hintEn: "Use another backup; keep this file if you suspect someone. Check the disk."),
  ]
}
