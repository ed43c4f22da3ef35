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
      hintVi:
        "Quá khứ của nhật ký đã bị viết lại. Giữ nguyên kho và điểm chốt làm bằng chứng, báo đơn vị kiểm "
        + "tra; khôi phục bản đúng bằng dossier restore. Không có bản đúng: dossier log freeze, rồi mở nhật ký kế "
        + "tiếp trong thư mục mới bằng dossier init --after.",
      hintEn:
        "The log's past was rewritten. Keep the store and the checkpoint as evidence and tell the auditing "
        + "body; put the right copy back with dossier restore. Where there is none: dossier log freeze, then "
        + "dossier init --after opens a successor log in a new folder."),
    Entry(
      .rolledBack, .error,
      vi: "Nhật ký ngắn hơn điểm chốt đã ký: chờ ít nhất {expected} sự kiện, chỉ có {found}.",
      en: "The log is shorter than a signed checkpoint: expected at least {expected} events, found {found}.",
      hintVi:
        "Kho là bản cũ được khôi phục, hoặc phần cuối bị cắt. Khôi phục bản mới hơn từ bản sao lưu hoặc từ "
        + "nơi giữ bản sao (dossier restore). Không có bản mới hơn: dossier log freeze, rồi dossier log succeed "
        + "--reason restored mở nhật ký kế tiếp. Đừng đặt lại keys/head cũ.",
      hintEn:
        "The store is an old copy, or its end was cut off. Put a newer copy back from a backup or from whoever "
        + "keeps a mirror (dossier restore). Where there is none: dossier log freeze, then dossier log succeed "
        + "--reason restored opens a successor log. Never put an old keys/head back."),
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
      hintVi:
        "Gắn lại ổ đĩa có thư mục keys, hoặc chép lại log.key và log.pub đã cất riêng rồi chạy dossier log adopt "
        + "với điểm chốt mới nhất mà người khác giữ. Mất cả khóa: dossier log succeed --reason signer_lost.",
      hintEn:
        "Bring back the disk with keys; or put the kept copies of log.key and log.pub there, then dossier log "
        + "adopt with the newest checkpoint that someone kept. If the key is lost too: dossier log succeed --reason "
        + "signer_lost."),
    Entry(
      .leafCannotBeEncoded, .error,
      vi: "Sự kiện tại {path} không thể mã hóa lại để kiểm tra.",
      en: "The event at {path} cannot be encoded again for checking.",
      hintVi: "Một đoạn chữ trong dòng đã bị sửa thành ký tự không được phép. So với bản sao lưu.",
      hintEn: "A text of the row was changed to characters that are not allowed. Compare with a backup."),
    Entry(
      .checkpointClock, .error,
      vi: "Đồng hồ chỉ {found}, sớm hơn lúc ký điểm chốt trước: {expected}.",
      en: "The clock says {found}, earlier than when the last checkpoint was signed: {expected}.",
      hintVi:
        "Những gì vừa ghi vẫn còn nhưng chưa được ký. Chỉnh đúng giờ rồi chạy dossier log checkpoint. Nếu lần "
        + "trước đồng hồ chạy quá xa về tương lai: dossier log succeed --reason clock.",
      hintEn:
        "What was recorded is kept, only not yet signed. Set the clock, then run dossier log checkpoint. If the "
        + "clock was far ahead the last time: dossier log succeed --reason clock."),
    Entry(
      .signerMoved, .error,
      vi: "Tệp {path} của bộ ký đã đổi từ lúc được đọc, nên không ký gì.",
      en: "The signer's file {path} changed after it was read, so nothing was signed.",
      hintVi: "Có chương trình khác đang ký, hoặc ai đó vừa đặt lại bản cũ. Xem dossier doctor rồi ký lại.",
      hintEn:
        "Another program is signing, or someone has just put an old copy back. Look at dossier doctor, then "
        + "sign again."),
    Entry(
      .logFrozen, .error,
      vi: "Nhật ký đã được đóng băng (điểm chốt cuối: {path}), không ghi thêm được.",
      en: "The log is frozen (final checkpoint: {path}); nothing more can be recorded.",
      hintVi:
        "Kho vẫn đọc và kiểm tra được. Ghi tiếp trong kho mới: dossier init --after; hoặc nối tiếp ngay trong "
        + "kho này: dossier log succeed --reason.",
      hintEn:
        "It can be read and audited. Go on in a new store with dossier init --after, or in this one with "
        + "dossier log succeed --reason."),
    Entry(
      .signerForeign, .error,
      vi: "Bộ ký tại {path} là của nhật ký {found}, còn nhật ký của kho này là {expected}.",
      en: "The signer's store at {path} is that of log {found}; the log of this store is {expected}.",
      hintVi:
        "Đặt đúng thư mục keys của kho này. Nếu dossier log succeed bị ngắt giữa chừng, chạy lại lệnh đó.",
      hintEn: "Put this store's own keys in place. If dossier log succeed was interrupted, run it again."),
    Entry(
      .keyRotation, .error,
      vi: "Việc thay khóa không ở bước này ({path}: {detail}).",
      en: "The replacement of the key is not at this step ({path}: {detail}).",
      hintVi:
        "Đang thay khóa: kết thúc bằng dossier log rotate-key --finish. Chưa thay: bắt đầu bằng dossier log "
        + "rotate-key.",
      hintEn:
        "Under way: end it with dossier log rotate-key --finish. Not begun: begin with dossier log rotate-key."
    ),
    Entry(
      .keyUnrecorded, .error,
      vi: "Khóa tại {path} không phải khóa mà nhật ký nêu: nhật ký nêu {expected}, khóa là {found}.",
      en:
        "The key at {path} is not the one that the log names: the log names {expected}, the key is {found}.",
      hintVi:
        "Khóa bị thay mà không qua dossier log rotate-key. Tìm ai đã thay; điểm chốt ký bằng khóa này chưa đáng "
        + "tin.",
      hintEn:
        "The key was replaced without dossier log rotate-key. Find out by whom; do not trust what it signed."),
    Entry(
      .seenElsewhere, .error,
      vi:
        "Sự kiện tại {path} nêu điểm chốt {found}, mà nhật ký này chưa từng có điểm chốt như vậy: phải là {expected}.",
      en: "The event at {path} names the checkpoint {found}, which this log never had: expected {expected}.",
      hintVi: "Người ghi đã thấy một nhật ký khác mang cùng tên. Lấy điểm chốt từ thiết bị đó làm bằng chứng "
        + "và báo đơn vị kiểm tra.",
      hintEn: "Whoever recorded it saw another log under this name. Take the checkpoint from that device as "
        + "evidence and tell the auditing body."),
    Entry(
      .mapMismatch, .error,
      vi: "Mục lục bưu gửi ghi tại {path} không khớp với nhật ký: phải là {expected}, đã ghi {found}.",
      en:
        "The map of items recorded at {path} does not agree with the log: expected {expected}, recorded {found}.",
      hintVi:
        "Bằng chứng đầy đủ dựa trên mục lục này không dùng được. Ghi lại mục lục, và tìm ai đã ghi sai.",
      hintEn: "Proofs of completeness under this map are worthless. Record the map anew and find out who "
        + "recorded it wrongly."),
    Entry(
      .manifestCount, .error,
      vi: "Bảng kê tại {path} khai {expected}, trong khi nhật ký có {found}.",
      en: "The manifest at {path} states {expected}, while the log holds {found}.",
      hintVi: "Đếm lại theo bản gốc của bảng kê; số khai lúc lập và số bưu gửi đã ghi phải bằng nhau.",
      hintEn: "Count again from the original manifest; what it states and what was recorded must be equal."),
    Entry(
      .brokenBetween, .error,
      vi: "Nhật ký còn khớp với điểm chốt {expected} nhưng không còn khớp với {found}.",
      en: "The log still agrees with checkpoint {expected} and no longer with {found}.",
      hintVi:
        "Thay đổi nằm giữa hai điểm chốt này. So các sự kiện trong khoảng đó với bản sao lưu và giấy tờ.",
      hintEn: "The change lies between these two. Compare the events in between with backups and papers."),
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
    Entry(
      .mapProjection, .error,
      vi:
        "Dòng của mục lục bưu gửi tại {path} khác với nhật ký: theo nhật ký là {expected}, đang lưu {found}.",
      en:
        "The row of the map of items at {path} differs from the log: the log gives {expected}, stored is {found}.",
      hintVi: "Nhật ký là căn cứ. Dựng lại mục lục trước khi phát bằng chứng mới.",
      hintEn: "The log holds. Rebuild the map before giving out new proofs."),
  ]
}
