extension FindingCatalogue {
  static let auditEntries: [Entry] = logEntries + storeEntries

  /// 30xx: the log against itself and against signed checkpoints.
  private static let logEntries: [Entry] = [
    Entry(
      .leafMismatch, .error,
      vi: "Sự kiện tại {path} không khớp với dấu băm đã ghi: phải là {expected}, tính được {found}.",
      en: "The event at {path} does not match its recorded hash: expected {expected}, computed {found}.",
      hintVi: "Dòng này đã bị sửa sau khi ghi. Giữ nguyên tệp, đối chiếu với bản sao lưu "
        + "và bằng chứng đã phát.",
      hintEn: "The row was altered after it was written. Keep the file as it is; compare "
        + "with backups and proofs."),
    Entry(
      .rootMismatch, .error,
      vi: "Dấu băm gốc tính lại từ mọi sự kiện là {found}, còn nhật ký ghi {expected}.",
      en: "The root computed from all events is {found}, the log states {expected}.",
      hintVi: "Có sự kiện bị sửa, thêm hoặc bỏ. Xem các phát hiện khác để biết chỗ; không "
        + "ghi thêm trước khi làm rõ.",
      hintEn: "An event was altered, added or removed. Other findings say where; write "
        + "nothing until it is clear."),
    Entry(
      .subtreeMismatch, .error,
      vi: "Dấu băm của khối sự kiện {path} phải là {expected}, tính được {found}.",
      en: "The hash of the block of events {path} is expected to be {expected}, computed {found}.",
      hintVi: "Thay đổi nằm trong khối này. Kiểm tra từng sự kiện của khối và đối chiếu với bản sao lưu.",
      hintEn: "The change lies within this block. Check each of its events and compare with a backup."),
    Entry(
      .eventGap, .error,
      vi: "Nhật ký thiếu sự kiện: chờ số thứ tự {expected}, gặp {found}.",
      en: "Events are absent from the log: expected index {expected}, found {found}.",
      hintVi: "Có dòng đã bị xóa. Khôi phục từ bản sao lưu đã ký gần nhất và tìm ai có quyền ghi vào tệp.",
      hintEn: "Rows were deleted. Restore from the latest signed backup and find out who "
        + "could write to the file."),
    Entry(
      .sequenceBroken, .error,
      vi: "Chuỗi sự kiện của bưu gửi {item} bị đứt: chờ lần thứ {expected}, gặp {found}.",
      en: "The chain of events of item {item} is broken: expected number {expected}, found {found}.",
      hintVi: "Một sự kiện của bưu gửi này đã bị bỏ hoặc chèn. Đối chiếu với bằng chứng mà các bên đang giữ.",
      hintEn: "An event of this item was removed or inserted. Compare with the proofs "
        + "that the parties hold."),
    Entry(
      .previousMismatch, .error,
      vi: "Sự kiện tại {path} nối vào {found}, trong khi sự kiện liền trước là {expected}.",
      en: "The event at {path} links to {found}, while the event before it is {expected}.",
      hintVi: "Sự kiện liền trước đã bị sửa hoặc thay. So cả hai với bản sao lưu.",
      hintEn: "The event before it was altered or replaced. Compare both with a backup."),
    Entry(
      .recordTimeBackwards, .error,
      vi: "Giờ ghi nhật ký chạy lùi tại {path}: từ {expected} về {found}.",
      en: "The time of recording runs backwards at {path}: from {expected} to {found}.",
      hintVi: "Chương trình không bao giờ ghi như vậy, nên dòng này đã bị sửa hoặc chèn từ bên ngoài.",
      hintEn: "The program never writes this, so the row was altered or inserted from outside."),
    Entry(
      .checkpointSignature, .error,
      vi: "Chữ ký của điểm chốt {path} không đúng với khóa của nhật ký.",
      en: "The signature of checkpoint {path} is not one of the log's key.",
      hintVi: "Điểm chốt bị sửa hoặc do khóa khác ký. Chỉ tin điểm chốt lấy từ chính đơn vị giữ nhật ký.",
      hintEn: "It was altered or signed by another key. Trust only checkpoints obtained "
        + "from the log's keeper."),
    Entry(
      .checkpointInconsistent, .error,
      vi: "Nhật ký không còn chứa điều mà điểm chốt đã ký: chờ gốc {expected}, tính được {found}.",
      en: "The log no longer contains what a signed checkpoint states: expected root "
        + "{expected}, computed {found}.",
      hintVi: "Quá khứ của nhật ký đã bị viết lại. Giữ điểm chốt làm bằng chứng và báo đơn vị kiểm tra.",
      hintEn: "The log's past was rewritten. Keep the checkpoint as evidence and tell the auditing body."),
    Entry(
      .rolledBack, .error,
      vi: "Nhật ký ngắn hơn điểm chốt đã ký: chờ ít nhất {expected} sự kiện, chỉ có {found}.",
      en: "The log is shorter than a signed checkpoint: expected at least {expected} events, found {found}.",
      hintVi: "Kho dữ liệu là bản cũ được khôi phục, hoặc phần cuối bị cắt. Dùng bản mới hơn; đừng ký lại.",
      hintEn: "The store is an old copy, or its end was cut off. Use a newer copy; never sign over it."),
    Entry(
      .eventMalformed, .error,
      vi: "Dòng sự kiện tại {path} chứa giá trị mà chương trình không bao giờ ghi.",
      en: "The event row at {path} holds a value that the program never writes.",
      hintVi: "Dòng bị sửa bằng công cụ khác hoặc ổ đĩa hỏng. Kiểm tra ổ đĩa và so với bản sao lưu.",
      hintEn: "It was altered with another tool, or the disk failed. Check the disk and "
        + "compare with a backup."),
    Entry(
      .checkpointMissing, .error,
      vi: "Không có điểm chốt đã ký, nên không thể biết nhật ký có bị cắt bớt hay không.",
      en: "There is no signed checkpoint, so nobody can tell whether the log was cut short.",
      hintVi: "Nêu tệp điểm chốt bằng --checkpoint, hoặc ký một điểm chốt mới và gửi cho trung tâm giữ.",
      hintEn: "Name a checkpoint file with --checkpoint, or sign a new one and have the center keep it."),
    Entry(
      .leafCannotBeEncoded, .error,
      vi: "Sự kiện tại {path} không thể mã hóa lại để kiểm tra.",
      en: "The event at {path} cannot be encoded again for checking.",
      hintVi: "Một đoạn chữ trong dòng đã bị sửa thành ký tự không được phép. So với bản sao lưu.",
      hintEn: "A text of the row was changed to characters that are not allowed. Compare with a backup."),
  ]

  /// 31xx: the store's tables against the log.
  private static let storeEntries: [Entry] = [
    Entry(
      .itemProjection, .error,
      vi: "Trạng thái lưu của bưu gửi {item} khác với nhật ký: theo nhật ký là {expected}, đang lưu {found}.",
      en: "The stored state of item {item} differs from the log: the log gives "
        + "{expected}, stored is {found}.",
      hintVi: "Nhật ký mới là căn cứ. Dựng lại bảng trạng thái; nếu lặp lại, tìm ai đã sửa "
        + "trực tiếp cơ sở dữ liệu.",
      hintEn: "The log holds. Rebuild the projections; if it happens again, find who "
        + "edits the database directly."),
    Entry(
      .manifestProjection, .error,
      vi: "Dữ liệu lưu của bảng kê tại {path} khác với nhật ký: theo nhật ký là "
        + "{expected}, đang lưu {found}.",
      en: "The stored manifest at {path} differs from the log: the log gives {expected}, stored is {found}.",
      hintVi: "Lấy bản gốc của bảng kê đối chiếu; số liệu trong nhật ký là căn cứ.",
      hintEn: "Compare with the original manifest; what the log states holds."),
    Entry(
      .counterProjection, .error,
      vi: "Bộ đếm tại {path} sai: đếm lại từ nhật ký được {expected}, đang lưu {found}.",
      en: "The counter at {path} is wrong: counted from the log {expected}, stored {found}.",
      hintVi: "Đừng dùng báo cáo thất lạc cho đến khi dựng lại bộ đếm từ nhật ký.",
      hintEn: "Do not use loss reports until the counters are rebuilt from the log."),
    Entry(
      .disclosureMismatch, .error,
      vi: "Nội dung lưu tại {path} không khớp với cam kết trong nhật ký.",
      en: "The content kept at {path} does not match the commitment in the log.",
      hintVi: "Giá trị đã bị sửa sau khi ghi. Đối chiếu với bản gốc của bảng kê.",
      hintEn: "The value was altered after it was recorded. Compare with the original manifest."),
    Entry(
      .disclosureMissing, .error,
      vi: "Nội dung của sự kiện tại {path} không còn, mà không có sự kiện xóa nào được ghi.",
      en: "The content of the event at {path} is gone, and no erasure of it was recorded.",
      hintVi: "Có người xóa ngoài quy trình. Khôi phục từ bản sao lưu hoặc lập biên bản.",
      hintEn: "Somebody removed it outside the procedure. Restore it from a backup or draw up a note."),
    Entry(
      .documentMismatch, .error,
      vi: "Bản gốc lưu của bảng kê tại {path} có SHA-256 {found}, nhật ký ghi {expected}.",
      en: "The original kept of the manifest at {path} has SHA-256 {found}, the log states {expected}.",
      hintVi: "Bản lưu đã bị thay. Lấy lại tệp từ bên giao và so dấu băm.",
      hintEn: "The kept copy was replaced. Ask the giver for the file and compare the hash."),
    Entry(
      .termAltered, .error,
      vi: "Mã hoặc từ dùng chung tại {path} đã bị sửa.",
      en: "The shared code or word at {path} was altered.",
      hintVi: "Mọi sự kiện dùng mã này đều sai lệch. So bảng mã với bản sao lưu.",
      hintEn: "Every event that uses it is affected. Compare the table of codes with a backup."),
    Entry(
      .officeAltered, .error,
      vi: "Danh mục đơn vị tại {path} khác với nhật ký: chờ {expected}, tính được {found}.",
      en: "The office list at {path} differs from the log: expected {expected}, computed {found}.",
      hintVi: "Danh mục bị sửa trực tiếp. Nhập lại danh mục đúng để có dấu vết.",
      hintEn: "The list was edited directly. Import the right list again so that the change leaves a trace."),
    Entry(
      .schemaAltered, .error,
      vi: "Cấu trúc cơ sở dữ liệu bị đổi: {path}.",
      en: "The structure of the database was changed: {path}.",
      hintVi: "Các khóa chống sửa xóa có thể đã bị gỡ. Khôi phục cấu trúc rồi kiểm tra toàn bộ.",
      hintEn: "The guards against editing may have been removed. Restore the structure, "
        + "then audit everything."),
    Entry(
      .orphanRow, .error,
      vi: "Dòng tại {path} không thuộc về sự kiện nào trong nhật ký.",
      en: "The row at {path} belongs to no event of the log.",
      hintVi: "Dòng được thêm từ bên ngoài, hoặc sự kiện của nó đã bị xóa. So với bản sao lưu.",
      hintEn: "It was added from outside, or its event was removed. Compare with a backup."),
    Entry(
      .databaseDamaged, .error,
      vi: "Tệp cơ sở dữ liệu bị hỏng: {detail}.",
      en: "The database file is damaged: {detail}.",
      hintVi: "Sao chép tệp sang nơi khác, kiểm tra ổ đĩa, rồi khôi phục từ bản sao lưu gần nhất.",
      hintEn: "Copy the file elsewhere, check the disk, then restore the latest backup."),
    Entry(
      .logStateMismatch, .error,
      vi: "Dòng trạng thái của nhật ký ghi {found}, trong khi các sự kiện cho {expected}.",
      en: "The log's state row says {found}, while its events give {expected}.",
      hintVi: "Đừng ghi thêm: sự kiện mới sẽ nối sai chỗ. Khôi phục từ bản sao lưu rồi kiểm tra lại.",
      hintEn: "Write nothing more: new events would join in the wrong place. Restore a "
        + "backup and audit again."),
    Entry(
      .storedCheckpoint, .error,
      vi: "Điểm chốt lưu tại {path} không khớp với nhật ký: chờ {expected}, gặp {found}.",
      en: "The checkpoint kept at {path} does not agree with the log: expected {expected}, found {found}.",
      hintVi: "So với tệp điểm chốt ngoài cơ sở dữ liệu; tệp ngoài là căn cứ.",
      hintEn: "Compare with the checkpoint file outside the database, which holds."),
    Entry(
      .dossierProjection, .error,
      vi: "Dữ liệu hồ sơ tại {path} khác với điều bảng kê đã cam kết.",
      en: "The dossier at {path} differs from what its manifest committed to.",
      hintVi: "Dòng hồ sơ đã bị sửa. Đối chiếu với bản gốc của bảng kê.",
      hintEn: "The row was altered. Compare it with the original manifest."),
    Entry(
      .disclosureErased, .info,
      vi: "Nội dung cá nhân tại {path} đã được xóa theo yêu cầu và có ghi lại.",
      en: "The personal content at {path} was erased on request, and that is recorded.",
      hintVi: "Không cần làm gì: các bằng chứng vẫn giữ nguyên giá trị.",
      hintEn: "Nothing to do: every proof still holds."),
  ]
}
