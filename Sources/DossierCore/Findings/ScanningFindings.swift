extension FindingCatalogue {
  // 701x: scanning at the station
  static let scanningEntries: [Entry] = [
    Entry(
      .scanMalformed, .error,
      vi: "Lần quét gửi lên không đúng dạng.",
      en: "A scan that was sent does not have the form of one.",
      hintVi: "Tải lại trang quét; các lần quét chưa gửi vẫn được giữ.",
      hintEn: "Load the scan page again; what was not sent is kept."),
    Entry(
      .inputMethodDamage, .error,
      vi: "Bộ gõ tiếng Việt ({expected}) đã làm hỏng mã quét: {found}.",
      en: "A Vietnamese input method ({expected}) damaged the code: {found}.",
      hintVi: "Tắt bộ gõ cho trình duyệt này, quét mã hiệu chuẩn, rồi quét lại bưu gửi.",
      hintEn: "Switch the input method off for this browser, scan the calibration code, then the item again."),
    Entry(
      .barcodeIncomplete, .error,
      vi: "Mã {found} giống mã bưu gửi S10 nhưng thừa hoặc thiếu ký tự.",
      en: "The code {found} resembles an S10 number with a character too many or too few.",
      hintVi: "Quét lại; nếu lặp lại, tăng độ trễ giữa các ký tự của đầu đọc.",
      hintEn: "Scan it again; if it happens again, raise the reader's inter-character delay."),
    Entry(
      .manifestAsItem, .error,
      vi: "Đây là số bảng kê {found}, đang chờ mã bưu gửi.",
      en: "This is the number of manifest {found}; an item's code is expected.",
      hintVi: "Quét mã trên bưu gửi. Để đổi bảng kê, quét mã bảng kê ở trang quét.",
      hintEn: "Scan the code on the item. To change the manifest, scan its code at the scan page."),
    Entry(
      .ownCodeAsItem, .error,
      vi: "Đây là mã lệnh hoặc mã quầy {found}, không phải mã bưu gửi.",
      en: "This is the code of a command or a counter, {found}, not of an item.",
      hintVi: "Quét mã trên bưu gửi; mã lệnh chỉ có tác dụng ở đúng màn hình của nó.",
      hintEn: "Scan the code on the item; a command acts only on its own screen."),
    Entry(
      .scanAfterClosing, .error,
      vi: "Bảng kê {found} đã chốt; lần quét này không được ghi.",
      en: "Manifest {found} is closed; this scan was not recorded.",
      hintVi: "Để riêng bưu gửi và báo trưởng ca; ghi nhận tìm thấy bằng dossier record found.",
      hintEn: "Set the item apart and tell the shift lead; record it as found by dossier record found."),
    Entry(
      .scanAtOtherOffice, .error,
      vi: "Bảng kê {found} giao cho {expected}, không phải đơn vị của bạn.",
      en: "Manifest {found} is handed over to {expected}, which is not your office.",
      hintVi: "Kiểm tra túi thư; chuyển tiếp túi đến đúng đơn vị.",
      hintEn: "Check the bag, and forward it to that office."),
    Entry(
      .damageOfUnscanned, .error,
      vi: "Bưu gửi {item} không có trong bảng kê và chưa được quét, nên chưa ghi được hư hỏng.",
      en: "Item {item} is not on the manifest and was not scanned here, so its damage cannot be stated.",
      hintVi: "Quét bưu gửi trước, rồi ghi hư hỏng.",
      hintEn: "Scan the item first, then state its damage."),
    Entry(
      .voidUnknown, .error,
      vi: "Không có lần quét {found} để hoàn tác.",
      en: "There is no scan {found} to take back.",
      hintVi: "Tải lại danh sách; lần quét có thể chưa được gửi.",
      hintEn: "Load the list again; the scan may not have been sent yet."),
    Entry(
      .voidedAlready, .error,
      vi: "Lần quét {found} đã được hoàn tác từ trước.",
      en: "The scan {found} was taken back before.",
      hintVi: "Không cần làm gì; nếu bưu gửi có thật thì quét lại.",
      hintEn: "Nothing needs to be done; if the item is there, scan it again."),
    Entry(
      .voidOfOther, .error,
      vi: "Sự kiện {found} không phải của bảng kê hay đơn vị này nên không hoàn tác được ở đây.",
      en: "The event {found} is not of this manifest or office and cannot be taken back here.",
      hintVi: "Đính chính bằng dossier record corrected.",
      hintEn: "Correct it by dossier record corrected."),
    Entry(
      .jsonMalformed, .error,
      vi: "Nội dung gửi lên không phải JSON hợp lệ ({detail}).",
      en: "What was sent is not well-formed JSON ({detail}).",
      hintVi: "Gửi JSON mã hóa UTF-8, mỗi tên một lần; đối chiếu /openapi.json.",
      hintEn: "Send JSON in UTF-8, each name once; compare it with /openapi.json."),
    Entry(
      .memberUnknown, .error,
      vi: "Không có thành phần tên này: {path}.",
      en: "There is no member of this name: {path}.",
      hintVi: "Đối chiếu tên với /openapi.json.",
      hintEn: "Compare the names with /openapi.json."),
    Entry(
      .memberMissing, .error,
      vi: "Thiếu thành phần bắt buộc: {path}.",
      en: "A required member is missing: {path}.",
      hintVi: "Đối chiếu với /openapi.json.",
      hintEn: "Compare with /openapi.json."),
    Entry(
      .memberForm, .error,
      vi: "Giá trị của {path} không đúng dạng (cần: {expected}).",
      en: "The value of {path} does not have the right form (expected: {expected}).",
      hintVi: "Đối chiếu với /openapi.json.",
      hintEn: "Compare with /openapi.json."),
    Entry(
      .tooManyScans, .error,
      vi: "Một yêu cầu mang nhiều nhất {expected} lần quét (có {found}).",
      en: "One request carries at most {expected} scans ({found} were sent).",
      hintVi: "Chia thành nhiều yêu cầu, hoặc gửi application/x-ndjson.",
      hintEn: "Divide it, or send application/x-ndjson."),
    Entry(
      .idempotencyKeyReused, .error,
      vi: "Idempotency-Key này đã dùng cho một nội dung khác.",
      en: "This Idempotency-Key was used with another body.",
      hintVi: "Dùng khóa mới cho nội dung mới.",
      hintEn: "Use a new key for a new body."),
    Entry(
      .requestRunning, .error,
      vi: "Yêu cầu cùng Idempotency-Key này đang được xử lý.",
      en: "The request with this Idempotency-Key is still running.",
      hintVi: "Gửi lại sau ít giây; khi đó sẽ nhận được cùng câu trả lời.",
      hintEn: "Send it again in some seconds; it then gets the same answer."),
    Entry(
      .scanQueueFull, .error,
      vi: "Trạm đang nhận nhiều lần quét hơn mức ghi kịp; lần quét này chưa được ghi.",
      en: "The station receives more scans than it can record; this one was not recorded.",
      hintVi: "Trang quét tự gửi lại; không cần quét lại.",
      hintEn: "The scan page sends it again by itself; no need to scan again."),
  ]
}
