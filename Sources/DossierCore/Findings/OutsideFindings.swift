extension FindingCatalogue {
  /// 32xx: what leaves the store: the published log, proofs, witnesses.
  static let outsideEntries: [Entry] = [
    Entry(
      .publishedForeign, .error,
      vi: "Thư mục {path} đang giữ nhật ký khác: {found}, không phải {expected}.",
      en: "The folder {path} holds another log: {found}, not {expected}.",
      hintVi: "Chọn thư mục khác, trống; mỗi nhật ký công bố vào một thư mục riêng.",
      hintEn: "Choose another, empty folder; every log is published into a folder of its own."),
    Entry(
      .publishedAltered, .error,
      vi: "Tệp đã công bố {path} không còn là tệp mà nhật ký cho ra.",
      en: "The published file {path} is not what the log gives.",
      hintVi:
        "Có người sửa tệp, ổ đĩa hỏng, hoặc kho bị sửa. Chạy dossier audit; nếu kho nguyên vẹn thì xóa tệp đó "
        + "rồi công bố lại, và cho các bên giữ bản sao biết.",
      hintEn:
        "Someone altered it, the disk is damaged, or the store was altered. Run dossier audit; if the store is "
        + "intact, delete that file, publish again, and tell whoever keeps mirrors."),
    Entry(
      .proofNotCovered, .error,
      vi: "Chưa có điểm chốt công bố nào phủ hết các sự kiện của {found}.",
      en: "No published checkpoint covers all events of {found} yet.",
      hintVi: "Chạy dossier log publish hoặc dossier log prove ở nơi có khóa ký.",
      hintEn: "Run dossier log publish, or dossier log prove where the signing key is."),
    Entry(
      .proofRefuted, .error,
      vi: "Bằng chứng vừa lập cho {found} không tự kiểm được ({detail}), nên không được đưa ra.",
      en: "The proof made for {found} does not verify ({detail}) and is not handed out.",
      hintVi: "Kho dữ liệu không khớp với nhật ký đã ký. Chạy dossier audit trước khi làm gì khác.",
      hintEn: "The store does not agree with the signed log. Run dossier audit before anything else."),
    Entry(
      .logForked, .error,
      vi: "Nhật ký {found} đã ký hai điểm chốt trái ngược nhau.",
      en: "The log {found} signed two checkpoints that contradict each other.",
      hintVi:
        "Giữ tệp chứng cứ và cả hai điểm chốt, gửi cho đơn vị kiểm tra; ai có khóa công khai cũng tự kiểm được.",
      hintEn:
        "Keep the evidence and both checkpoints, hand them to the auditing body; anyone with the public key can "
        + "check them."),
    Entry(
      .forkUndecided, .error,
      vi:
        "Chưa so được hai điểm chốt: không có nhật ký nào ở đây ứng với điểm chốt lớn hơn ({expected} sự kiện).",
      en:
        "The two checkpoints cannot be compared: no log at hand is that of the larger one ({expected} events).",
      hintVi: "Nêu kho (--data) hoặc thư mục đã công bố (--tiles) mà điểm chốt lớn hơn thuộc về.",
      hintEn:
        "Name the store (--data) or the published folder (--tiles) that the larger checkpoint belongs to."),
    Entry(
      .cosignatureUnknown, .error,
      vi: "Trong {file} không có chữ ký đúng của bên làm chứng đã biết cho một điểm chốt đang giữ.",
      en: "{file} has no good cosignature of a known witness for a checkpoint that is kept here.",
      hintVi:
        "Kiểm tra khóa của bên làm chứng (--witness, --policy), và trả lời này có phải cho yêu cầu vừa gửi không.",
      hintEn:
        "Check the witness's key (--witness, --policy) and that the reply belongs to the request that was sent."
    ),
    Entry(
      .witnessElsewhere, .error,
      vi: "Bên làm chứng đang ở {found} sự kiện, không phải ở số mà yêu cầu nêu.",
      en: "The witness is at {found} events, not where the request says.",
      hintVi:
        "Lập yêu cầu mới: dossier log witness-request --old với số đó. Nếu số đó lớn hơn nhật ký của anh chị, "
        + "kho này là bản cũ.",
      hintEn:
        "Make a new request: dossier log witness-request --old with that number. If it is larger than your log, "
        + "this store is an old copy."),
    Entry(
      .witnessRefused, .error,
      vi: "Bên làm chứng không ký: {detail}.",
      en: "The witness does not cosign: {detail}.",
      hintVi:
        "Nếu nhật ký chưa được bên làm chứng nhận: dossier witness trust. Nếu là chứng minh sai hoặc gốc khác: "
        + "coi như nhật ký bị tách nhánh, giữ mọi điểm chốt và chạy dossier log compare.",
      hintEn:
        "If the witness does not serve the log yet: dossier witness trust. If the proof is wrong or the root "
        + "differs: take it for a fork, keep every checkpoint and run dossier log compare."),
    Entry(
      .witnessAbsent, .error,
      vi: "Không có bên làm chứng tại {path}.",
      en: "There is no witness at {path}.",
      hintVi: "Nêu đúng thư mục, hoặc lập mới bằng dossier witness init.",
      hintEn: "Name the right folder, or make one with dossier witness init."),
    Entry(
      .witnessExists, .error,
      vi: "Tại {path} đã có bên làm chứng.",
      en: "There is a witness at {path} already.",
      hintVi: "Dùng bên đó, hoặc chọn thư mục khác; trí nhớ của bên làm chứng không bao giờ bị ghi đè.",
      hintEn: "Use it or choose another folder; a witness's memory is never overwritten."),
    Entry(
      .witnessKeyConflict, .error,
      vi: "Bên làm chứng đã biết nhật ký {found} với khóa khác.",
      en: "The witness knows the log {found} with another key.",
      hintVi:
        "Hỏi người giữ nhật ký vì sao có khóa mới. Nếu đúng là thay khóa, thêm bằng dossier witness trust "
        + "--replacing.",
      hintEn:
        "Ask the log's keeper why there is a new key. If the key was replaced, add it with dossier witness trust "
        + "--replacing."),
  ]
}
