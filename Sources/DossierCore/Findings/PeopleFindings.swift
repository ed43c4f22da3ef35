extension FindingCatalogue {
  // 703x: people at the station
  static let peopleEntries: [Entry] = [
    Entry(
      .signInFailed, .error,
      vi: "Mã nhân viên, mật khẩu hoặc mã PIN không đúng.",
      en: "The operator code, the password or the PIN is wrong.",
      hintVi: "Kiểm tra Caps Lock và bộ gõ, rồi thử lại.",
      hintEn: "Check Caps Lock and the input method, then try again."),
    Entry(
      .sessionLocked, .error,
      vi: "Phiên đã khóa.",
      en: "The session is locked.",
      hintVi: "Nhập mã PIN để mở khóa; các lần quét chưa gửi vẫn được giữ.",
      hintEn: "Unlock it with the PIN; scans that were not sent yet are kept."),
    Entry(
      .signInDelayed, .error,
      vi: "Thử sai quá nhiều lần; hãy đợi {expected} giây.",
      en: "Too many failed attempts; wait {expected} seconds.",
      hintVi: "Hết thời gian đó có thể thử lại. Quên mật khẩu: hỏi người quản trị.",
      hintEn: "After that you can try again. If the password is forgotten, ask the administrator."),
    Entry(
      .signInBusy, .error,
      vi: "Quá nhiều người đăng nhập cùng lúc.",
      en: "Too many people sign in at once.",
      hintVi: "Thử lại sau vài giây.",
      hintEn: "Try again in a few seconds."),
    Entry(
      .peopleFileDamaged, .error,
      vi: "Không đọc được tệp tài khoản {path}.",
      en: "The file of accounts {path} cannot be read.",
      hintVi: "Trạm không chạy với danh sách tài khoản hỏng. Khôi phục tệp này từ bản sao, không xóa nó.",
      hintEn:
        "The station does not run on a damaged list of accounts. Restore the file from a copy; do not delete it."
    ),
    Entry(
      .accountUnknown, .error,
      vi: "Không có tài khoản {found}.",
      en: "There is no account {found}.",
      hintVi: "Xem các tài khoản bằng dossier people list.",
      hintEn: "See the accounts with dossier people list."),
    Entry(
      .accountExists, .error,
      vi: "Đã có tài khoản {found}.",
      en: "There is an account {found} already.",
      hintVi: "Chọn mã khác; mã chỉ khác chữ hoa, chữ thường cũng là trùng.",
      hintEn: "Choose another code; codes that differ in capitals only are the same."),
    Entry(
      .passwordWeak, .error,
      vi: "Mật khẩu mới này không dùng được.",
      en: "This new password cannot be used.",
      hintVi:
        "Ít nhất 12 ký tự hoặc 4 từ, nhập hai lần như nhau, khác mật khẩu cũ; không phải dãy số hay từ ai cũng đoán ra.",
      hintEn:
        "At least 12 characters or 4 words, the same both times, not the old one; no run of digits, no word that everybody tries."
    ),
    Entry(
      .pinWeak, .error,
      vi: "Mã PIN này không dùng được.",
      en: "This PIN cannot be used.",
      hintVi: "Đúng 6 chữ số, không phải dãy liên tiếp hay lặp lại.",
      hintEn: "Exactly 6 digits, no run and no repetition."),
    Entry(
      .requestForeign, .error,
      vi: "Yêu cầu không đến từ trang của trạm.",
      en: "The request does not come from a page of the station.",
      hintVi: "Mở lại trang rồi gửi lại.",
      hintEn: "Open the page again and send it from there."),
    Entry(
      .hostForeign, .error,
      vi: "Trạm không trả lời dưới tên này.",
      en: "The station does not answer to this name.",
      hintVi: "Dùng địa chỉ của trạm, hoặc khai báo địa chỉ công khai khi khởi động.",
      hintEn: "Use the station's address, or state the public address when it is started."),
    Entry(
      .tokenUnusable, .error,
      vi: "Token không dùng được: không có, đã hết hạn hoặc đã thu hồi.",
      en: "The token cannot be used: unknown, expired or revoked.",
      hintVi: "Xem các token bằng dossier people token list.",
      hintEn: "See the tokens with dossier people token list."),
    Entry(
      .tokenScope, .error,
      vi: "Token không thể có quyền này: {found}.",
      en: "A token cannot have this scope: {found}.",
      hintVi: "Ký giao nhận chỉ do người làm; các quyền khác phải là quyền của chính tài khoản.",
      hintEn: "Only people sign; any other scope must be one that the account itself has."),
    Entry(
      .secretMustChange, .error,
      vi: "Cần đổi mật khẩu và mã PIN được cấp trước khi làm việc.",
      en: "The password and the PIN that were given out must be changed first.",
      hintVi: "Mở trang /password.",
      hintEn: "Open the page /password."),
    Entry(
      .plainConnection, .error,
      vi: "Không phục vụ {found} mà không mã hóa.",
      en: "Nothing is served at {found} without encryption.",
      hintVi: "Thêm --certificate và --key, hoặc chỉ nghe trên máy này (127.0.0.1).",
      hintEn: "Give --certificate and --key, or listen on this machine only (127.0.0.1)."),
    Entry(
      .certificateUnusable, .error,
      vi: "Không dùng được chứng thư hoặc khóa {path}.",
      en: "The certificate or key {path} cannot be used.",
      hintVi: "Cần hai tệp PEM: chứng thư (cả chuỗi) và khóa riêng của nó, không có mật khẩu.",
      hintEn:
        "Two PEM files are needed: the certificate (its whole chain) and its private key, no passphrase."),
    Entry(
      .tokenUnknown, .error,
      vi: "Không có token {found}.",
      en: "There is no token {found}.",
      hintVi: "Xem các token bằng dossier people token list.",
      hintEn: "See the tokens with dossier people token list."),
    Entry(
      .ownAccount, .error,
      vi: "Không được tự làm việc này với tài khoản của chính mình.",
      en: "You cannot do this to your own account.",
      hintVi: "Nhờ người quản trị khác, hoặc dùng lệnh dossier people trên máy chủ.",
      hintEn: "Ask another administrator, or use the command dossier people at the server."),
    Entry(
      .accountNameForm, .error,
      vi: "Tên hiển thị không dùng được.",
      en: "The display name cannot be used.",
      hintVi: "Từ 1 đến 100 ký tự, không có ký tự điều khiển.",
      hintEn: "1 to 100 characters, no control characters."),
    Entry(
      .clerkForeign, .error,
      vi: "Không nhận lần quét dưới mã nhân viên {found}.",
      en: "Scans under the operator code {found} are not taken.",
      hintVi:
        "Lần quét được gửi bằng phiên của người đã quét, hoặc của đồng nghiệp có tài khoản tại trạm này.",
      hintEn:
        "Scans are sent in the session of whoever scanned, or of a colleague with an account at this station."
    ),
  ]
}
