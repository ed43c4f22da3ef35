extension FindingCatalogue {
  // 707x: serving
  static let servingEntries: [Entry] = [
    Entry(
      .tooManyRequests, .error,
      vi: "Quá nhiều yêu cầu; hãy đợi một lát.",
      en: "Too many requests; wait a little.",
      hintVi: "Thử lại sau thời gian ghi trong Retry-After.",
      hintEn: "Try again after the time that Retry-After says."),
    Entry(
      .addressInUse, .error,
      vi: "Địa chỉ {found} đang có chương trình khác dùng.",
      en: "Another program is using the address {found}.",
      hintVi: "Chọn cổng khác bằng --port, hoặc dừng chương trình kia.",
      hintEn: "Choose another port with --port, or stop the other program."),
    Entry(
      .addressUnusable, .error,
      vi: "Không nhận kết nối được ở địa chỉ {found}.",
      en: "Cannot listen at the address {found}.",
      hintVi: "Kiểm tra --host và --port; cổng dưới 1024 thường cần quyền riêng.",
      hintEn: "Check --host and --port; ports below 1024 often need a privilege."),
    Entry(
      .methodRefused, .error,
      vi: "Địa chỉ này không nhận phương thức đó, chỉ nhận {expected}.",
      en: "This address does not take that method, only {expected}.",
      hintVi: "Đối chiếu với /openapi.json.",
      hintEn: "Compare it with /openapi.json."),
    Entry(
      .formatRefused, .error,
      vi: "Không trả lời được ở dạng yêu cầu; có: {expected}.",
      en: "Cannot answer in the format asked for; there is: {expected}.",
      hintVi: "Sửa tiêu đề Accept.",
      hintEn: "Change the Accept header."),
    Entry(
      .packedBody, .error,
      vi: "Trạm không nhận nội dung nén bằng Content-Encoding.",
      en: "The station takes no body that is packed by Content-Encoding.",
      hintVi: "Gửi không nén; bảng kê .xml.gz gửi như tệp kiểu application/gzip.",
      hintEn: "Send it unpacked; a manifest .xml.gz is sent as a file of the type application/gzip."),
    Entry(
      .mediaTypeRefused, .error,
      vi: "Trạm không nhận nội dung kiểu này, chỉ nhận {expected}.",
      en: "The station does not take a body of this type, only {expected}.",
      hintVi: "Sửa tiêu đề Content-Type.",
      hintEn: "Change the Content-Type header."),
    Entry(
      .parameterMalformed, .error,
      vi: "Tham số {path} không đúng dạng.",
      en: "The parameter {path} has a wrong form.",
      hintVi: "Đối chiếu với /openapi.json.",
      hintEn: "Compare it with /openapi.json."),
    Entry(
      .importTimeLimit, .error,
      vi: "Việc nhập bị dừng vì quá {expected} giây; không tài liệu nào được ghi dở dang.",
      en: "The import was stopped after {expected} seconds; no document is recorded in part.",
      hintVi: "Chia nhỏ tệp, hoặc nhập bằng lệnh dossier import.",
      hintEn: "Divide the file, or import it by the command dossier import."),
    Entry(
      .importMemoryLimit, .error,
      vi: "Việc nhập bị dừng vì cần hơn {expected} MiB bộ nhớ; không tài liệu nào được ghi dở dang.",
      en:
        "The import was stopped because it needed more than {expected} MiB; no document is recorded in part.",
      hintVi: "Chia nhỏ tệp, hoặc nhập bằng lệnh dossier import.",
      hintEn: "Divide the file, or import it by the command dossier import."),
    Entry(
      .importFailed, .error,
      vi: "Tiến trình nhập gặp lỗi ({found}); không tài liệu nào được ghi dở dang.",
      en: "The importing process failed ({found}); no document is recorded in part.",
      hintVi: "Giữ lại tệp và báo người quản trị.",
      hintEn: "Keep the file and tell the administrator."),
    Entry(
      .importBusy, .error,
      vi: "Đang có nhiều tệp chờ nhập.",
      en: "Many files are waiting to be imported.",
      hintVi: "Thử lại sau một phút.",
      hintEn: "Try again in a minute."),
    Entry(
      .uploadWithoutFile, .error,
      vi: "Chưa chọn tệp nào.",
      en: "No file was chosen.",
      hintVi: "Chọn tệp .xml hoặc .xml.gz.",
      hintEn: "Choose .xml or .xml.gz files."),
    Entry(
      .stationRunning, .error,
      vi: "Một trạm khác đang phục vụ kho này ({path}).",
      en: "Another station is serving this store already ({path}).",
      hintVi:
        "Mỗi kho chỉ có một trạm: mở trạm đang chạy trong trình duyệt, hoặc dừng tiến trình đó rồi chạy lại.",
      hintEn:
        "A store has one station: open the one that runs in a browser, or end that process and start again."),
  ]
}
