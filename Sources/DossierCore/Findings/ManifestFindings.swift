/// 12xx: rules about one manifest or feed; 13xx: identifiers; 14xx: a document against the store.
extension FindingCatalogue {
  static let manifestEntries: [Entry] = [
    Entry(
      .itemTotal, .error,
      vi: "Bảng kê khai {expected} bưu gửi nhưng liệt kê {found}.",
      en: "The manifest declares {expected} items but lists {found}.",
      hintVi: "Đếm lại bưu gửi; bên giao sửa tổng số hoặc danh sách rồi gửi lại bảng kê.",
      hintEn: "Count the items; the giver corrects the total or the list and sends the manifest again."),
    Entry(
      .dossierTotal, .error,
      vi: "Bảng kê khai {expected} hồ sơ nhưng liệt kê {found}.",
      en: "The manifest declares {expected} dossiers but lists {found}.",
      hintVi: "Đếm lại hồ sơ; bên giao sửa tổng số hoặc danh sách rồi gửi lại bảng kê.",
      hintEn: "Count the dossiers; the giver corrects the total or the list and sends the manifest again."),
    Entry(
      .weightTotal, .warning,
      vi: "Bảng kê khai tổng {expected} gam nhưng các bưu gửi cộng lại là {found} gam.",
      en: "The manifest declares {expected} grams but its items add up to {found} grams.",
      hintVi: "Cân lại túi khi nhận; chênh lệch có thể do thiếu bưu gửi.",
      hintEn: "Weigh the bag on receipt; a difference may mean a missing item."),
    Entry(
      .duplicateItem, .error,
      vi: "Bưu gửi {item} có hai lần trong bảng kê.",
      en: "Item {item} is listed twice in the manifest.",
      hintVi: "Mỗi bưu gửi ghi một lần; hồ sơ cùng phong bì ghi chung một bưu gửi.",
      hintEn: "List each item once; dossiers in one envelope belong to one item."),
    Entry(
      .duplicateDossier, .error,
      vi: "Một hồ sơ có hai lần trong bảng kê (mã không nêu ở đây: dữ liệu cá nhân).",
      en: "A dossier is listed twice in the manifest (its code is not shown: personal data).",
      hintVi: "Kiểm tra hồ sơ nằm ở bưu gửi nào và xóa dòng thừa.",
      hintEn: "Check which item holds the dossier and remove the other line."),
    Entry(
      .unknownContainer, .error,
      vi: "Túi {found} không có trong danh sách túi của bảng kê.",
      en: "Container {found} is not among the manifest's containers.",
      hintVi: "Thêm túi vào danh sách hoặc sửa số túi của bưu gửi.",
      hintEn: "Add the container to the list or correct the item's container number."),
    Entry(
      .duplicateContainer, .error,
      vi: "Túi {found} được khai hai lần.",
      en: "Container {found} is declared twice.",
      hintVi: "Mỗi túi khai một lần với một số niêm phong.",
      hintEn: "Declare each container once, with one seal."),
    Entry(
      .duplicateSeal, .error,
      vi: "Số niêm phong {found} được khai cho hai túi.",
      en: "Seal {found} is declared for two containers.",
      hintVi: "Đọc lại số trên từng niêm phong; mỗi số chỉ dùng một lần.",
      hintEn: "Read the number on each seal again; a seal number is used once."),
    Entry(
      .sameGiverAndReceiver, .error,
      vi: "Bên giao và bên nhận là cùng một đơn vị ({found}).",
      en: "Giver and receiver are the same office ({found}).",
      hintVi: "Sửa mã đơn vị giao hoặc nhận.",
      hintEn: "Correct the code of the giver or the receiver."),
    Entry(
      .acceptedAfterDispatch, .error,
      vi: "Bưu gửi được chấp nhận lúc {found}, sau thời điểm giao bảng kê {expected}.",
      en: "The item was accepted at {found}, after the manifest was handed over at {expected}.",
      hintVi: "Kiểm tra giờ chấp nhận, giờ giao và múi giờ.",
      hintEn: "Check the time of acceptance, the time of hand-over and the zone."),
    Entry(
      .dueBeforeReceived, .warning,
      vi: "Ngày hẹn trả {found} trước ngày tiếp nhận {expected}.",
      en: "The result is due on {found}, before the reception on {expected}.",
      hintVi: "Kiểm tra hai ngày trên giấy tiếp nhận; ngày hẹn sai làm báo cáo trễ hạn sai.",
      hintEn: "Check both days on the receipt; a wrong due day makes reports of delay wrong."),
    Entry(
      .invalidDateTime, .error,
      vi: "Ngày hoặc giờ không hợp lệ, thiếu múi giờ, hoặc ngoài khoảng cho phép ({expected}).",
      en: "A date or time does not exist, lacks its zone, or is out of range ({expected}).",
      hintVi: "Ghi đầy đủ như 2026-01-05T16:30:00+07:00; ngày như 2026-01-05.",
      hintEn: "Write it in full, as 2026-01-05T16:30:00+07:00, or a day as 2026-01-05."),
    Entry(
      .numberOutOfRange, .error,
      vi: "Con số không hợp lệ hoặc ngoài khoảng cho phép ({expected}).",
      en: "A number is not one or is out of range ({expected}).",
      hintVi: "Chỉ ghi chữ số, không có dấu chấm, dấu cộng hay khoảng trắng.",
      hintEn: "Write digits only, without dots, plus signs or blanks."),
    Entry(
      .duplicateEvent, .error,
      vi: "Mã sự kiện {found} xuất hiện hai lần với nội dung khác nhau.",
      en: "Event identifier {found} appears twice with different content.",
      hintVi: "Bên gửi phải đặt mã mới cho sự kiện mới; đính chính thì dùng sự kiện corrected.",
      hintEn: "The sender gives a new event a new identifier; a correction is a corrected event."),
    Entry(
      .eventInFuture, .warning,
      vi: "Thời điểm {found} ở tương lai so với đồng hồ của máy này.",
      en: "The time {found} lies in the future by this machine's clock.",
      hintVi: "Kiểm tra đồng hồ của máy gửi, của máy này và múi giờ.",
      hintEn: "Check the clocks of the sender and of this machine, and the zone."),
    Entry(
      .noDocuments, .info,
      vi: "{found} hồ sơ không liệt kê giấy tờ nào.",
      en: "{found} dossiers list no documents.",
      hintVi: "Nếu mất giấy tờ thì không có căn cứ đối chiếu; nên ghi danh mục giấy tờ.",
      hintEn: "Without a list nothing proves which documents were inside; better list them."),
    Entry(
      .missingReason, .error,
      vi: "Sự kiện {found} phải có lý do.",
      en: "An event of kind {found} needs a reason.",
      hintVi: "Thêm thẻ reason với một từ quy ước.",
      hintEn: "Add a reason element with one of the agreed words."),
    Entry(
      .missingReceiver, .error,
      vi: "Sự kiện {found} phải nêu đơn vị nhận.",
      en: "An event of kind {found} must name the receiving office.",
      hintVi: "Thêm thuộc tính to với mã đơn vị nhận.",
      hintEn: "Add the attribute to with the receiver's code."),
    Entry(
      .missingCorrectedEvent, .error,
      vi: "Sự kiện {found} phải nêu sự kiện bị đính chính.",
      en: "An event of kind {found} must name the event it corrects.",
      hintVi: "Thêm thuộc tính corrects với mã sự kiện đó.",
      hintEn: "Add the attribute corrects with that event's identifier."),
    Entry(
      .missingNewNumber, .error,
      vi: "Sự kiện {found} phải nêu mã bưu gửi mới.",
      en: "An event of kind {found} must give the new item number.",
      hintVi: "Thêm thuộc tính newNumber.",
      hintEn: "Add the attribute newNumber."),
    Entry(
      .missingAmount, .error,
      vi: "Sự kiện {found} phải nêu số tiền.",
      en: "An event of kind {found} must state the amount.",
      hintVi: "Thêm amount: số tiền bằng đồng, từ 1 trở lên.",
      hintEn: "Add amount: how much in dong, 1 or more."),
    Entry(
      .amountOfNoFee, .error,
      vi: "Sự kiện {found} không nói về tiền nên không được nêu số tiền.",
      en: "An event of kind {found} is not about money and cannot state an amount.",
      hintVi: "Ghi việc thu bằng feeCollected và việc nộp bằng feeRemitted, tách khỏi việc phát.",
      hintEn: "Record the taking as feeCollected and the handing on as feeRemitted, apart from the delivery."),
    Entry(
      .emptyManifest, .warning,
      vi: "Tệp không có bưu gửi hay sự kiện nào.",
      en: "The file holds no items and no events.",
      hintVi: "Kiểm tra kỳ xuất dữ liệu của bên gửi.",
      hintEn: "Check the period that the sender exported."),
    Entry(
      .itemCheckDigit, .error,
      vi: "Mã bưu gửi {item} sai số kiểm tra: phải là {expected}, ghi {found}.",
      en: "Item number {item} has the wrong check digit: {expected} is right, {found} is written.",
      hintVi: "Quét lại mã vạch hoặc đọc lại từng số; có thể nhầm một chữ số.",
      hintEn: "Scan the barcode again or read it digit by digit; one digit is likely wrong."),
    Entry(
      .itemNumberForm, .error,
      vi: "Mã bưu gửi không đúng dạng.",
      en: "The item number does not have the form of one.",
      hintVi:
        "Mã S10 gồm 2 chữ, 9 số, 2 chữ (RR473124829VN); mã riêng gồm chữ không dấu và số, tối đa 32 ký "
        + "tự.",
      hintEn:
        "An S10 number is 2 letters, 9 digits, 2 letters (RR473124829VN); a local number has plain "
        + "letters and digits, at most 32."),
    Entry(
      .unusualServicePrefix, .warning,
      vi: "Mã bưu gửi {item} có chữ đầu {found} không thuộc dịch vụ nào đã biết.",
      en: "Item number {item} begins with {found}, which no known service uses.",
      hintVi: "Kiểm tra hai chữ đầu; nếu đúng thì bỏ qua cảnh báo này.",
      hintEn: "Check the first two letters; if they are right, ignore this warning."),
    Entry(
      .dossierCodeForm, .error,
      vi: "Mã hồ sơ không đúng dạng.",
      en: "The dossier code does not have the form of one.",
      hintVi: "Mã đúng dạng như H48.25-260105-0001; chép từ giấy tiếp nhận hoặc quét mã QR.",
      hintEn: "A code looks like H48.25-260105-0001; copy it from the receipt or scan its QR code."),
    Entry(
      .dossierCodeDate, .error,
      vi: "Ngày trong mã hồ sơ không có trong lịch.",
      en: "The day inside the dossier code is not in the calendar.",
      hintVi: "Sáu số giữa là năm, tháng, ngày tiếp nhận; đọc lại mã trên giấy tiếp nhận.",
      hintEn: "The six digits in the middle are year, month and day of reception; read the receipt again."),
    Entry(
      .foreignDossierCode, .warning,
      vi: "Mã hồ sơ không theo mẫu quốc gia; được giữ nguyên như đã ghi.",
      en: "The dossier code follows neither national form; it is kept as written.",
      hintVi: "Đúng nếu là mã riêng của bộ, ngành; nếu không, kiểm tra lại mã.",
      hintEn: "Right for a ministry's own numbers; otherwise check the code."),
    Entry(
      .procedureCodeForm, .error,
      vi: "Mã thủ tục hành chính không đúng dạng.",
      en: "The procedure code does not have the form of one.",
      hintVi: "Mã đúng dạng như 1.004199 hoặc 1.000656.000.00.00.H56; nếu không biết thì bỏ trống.",
      hintEn: "A code looks like 1.004199 or 1.000656.000.00.00.H56; leave it out when unknown."),
    Entry(
      .officeCodeForm, .error,
      vi: "Mã đơn vị không đúng dạng.",
      en: "The office code does not have the form of one.",
      hintVi: "Bưu cục: 6 chữ số; cơ quan: mã định danh như H48.25.",
      hintEn: "A post office has 6 digits; an agency a code like H48.25."),
    Entry(
      .phoneNumberForm, .warning,
      vi: "Số điện thoại không đúng dạng (không hiển thị vì là dữ liệu cá nhân).",
      en: "A telephone number does not have the form of one (not shown: personal data).",
      hintVi: "Kiểm tra số trong phần mềm gốc; bưu tá cần số đúng để phát.",
      hintEn: "Check the number at its source; the postman needs it to deliver."),
    Entry(
      .operatorCodeForm, .error,
      vi: "Mã nhân viên không đúng dạng (không hiển thị vì có thể là họ tên).",
      en: "The operator code does not have the form of one (not shown: it may be a name).",
      hintVi: "Ghi mã nhân viên gồm chữ không dấu, số, dấu chấm, gạch; không ghi họ tên.",
      hintEn: "Write the person's code of plain letters, digits, dots and hyphens, never a name."),
    Entry(
      .sealForm, .error,
      vi: "Số túi hoặc số niêm phong không đúng dạng.",
      en: "The number of a container or seal does not have the form of one.",
      hintVi: "Chỉ gồm chữ không dấu, số và gạch ngang, tối đa 24 ký tự.",
      hintEn: "Plain letters, digits and hyphens only, at most 24."),
    Entry(
      .manifestNumberForm, .error,
      vi: "Số bảng kê không đúng dạng.",
      en: "The manifest number does not have the form of one.",
      hintVi: "Chỉ gồm chữ không dấu, số và các dấu . / _ - , tối đa 40 ký tự.",
      hintEn: "Plain letters, digits and . / _ - only, at most 40."),
    Entry(
      .eventIdentifierForm, .error,
      vi: "Mã sự kiện không đúng dạng.",
      en: "The event identifier does not have the form of one.",
      hintVi: "Chỉ gồm chữ không dấu, số và các dấu . _ : - , tối đa 64 ký tự.",
      hintEn: "Plain letters, digits and . _ : - only, at most 64."),
    Entry(
      .alreadyRecorded, .info,
      vi: "Bảng kê {found} đã được ghi trước đây với cùng nội dung; không ghi thêm gì.",
      en: "Manifest {found} was recorded before with the same content; nothing was added.",
      hintVi: "Không cần làm gì.",
      hintEn: "Nothing needs to be done."),
    Entry(
      .manifestConflict, .error,
      vi: "Số bảng kê này đã được ghi với nội dung khác: SHA-256 đã ghi {expected}, tệp này {found}.",
      en: "This manifest number was recorded with other content: SHA-256 {expected}, this file has {found}.",
      hintVi: "Bên giao phải lập bảng kê mới với số mới; bảng kê đã ghi không sửa được.",
      hintEn: "The giver makes a new manifest with a new number; a recorded one is never changed."),
    Entry(
      .unknownOffice, .warning,
      vi: "Đơn vị {found} không có trong danh mục.",
      en: "Office {found} is not in the master data.",
      hintVi: "Kiểm tra mã; nếu đúng, bổ sung bằng lệnh offices import.",
      hintEn: "Check the code; if it is right, add it with offices import."),
    Entry(
      .eventConflict, .error,
      vi: "Một sự kiện mang mã này đã được ghi với nội dung khác: {found}.",
      en: "An event with this identifier was recorded with other content: {found}.",
      hintVi: "Sự kiện đã ghi không sửa được; gửi sự kiện corrected rồi gửi sự kiện đúng với mã mới.",
      hintEn:
        "A recorded event is never changed; send a corrected event, then the right one with a new "
        + "identifier."),
    Entry(
      .sealReused, .warning,
      vi: "Niêm phong {found} đã được dùng trong một bảng kê khác.",
      en: "Seal {found} was used in another manifest.",
      hintVi: "Kiểm tra túi trước khi mở: có thể niêm phong bị tháo và dùng lại.",
      hintEn: "Inspect the bag before opening it: the seal may have been taken off and used again."),
    Entry(
      .unknownItem, .warning,
      vi: "Bưu gửi {item} chưa có trong bảng kê nào đã ghi.",
      en: "Item {item} is in no manifest recorded so far.",
      hintVi: "Nhập bảng kê còn thiếu; sự kiện vẫn được giữ.",
      hintEn: "Import the missing manifest; the event is kept."),
    Entry(
      .dossiersDiffer, .warning,
      vi: "Bưu gửi {item} có danh sách hồ sơ khác với lần khai trước.",
      en: "Item {item} lists other dossiers than it did before.",
      hintVi: "Mở bưu gửi trước người chứng kiến và đối chiếu hồ sơ.",
      hintEn: "Open the item before a witness and compare its dossiers."),
    Entry(
      .itemNumberReused, .warning,
      vi: "Mã bưu gửi {item} đã được dùng cho một bưu gửi khác đã kết thúc.",
      en: "Item number {item} was used for another item that has ended.",
      hintVi: "Kiểm tra nhãn; bưu chính chỉ dùng lại số sau thời gian dài.",
      hintEn: "Check the label; the post uses a number again only after a long time."),
  ]
}
