/// 10xx: bytes and XML; 11xx: the schema. Nothing here shows what a document says.
extension FindingCatalogue {
  static let documentEntries: [Entry] = [
    Entry(
      .tooLarge, .error,
      vi: "Tệp lớn hơn mức cho phép ({expected} byte).",
      en: "The file is larger than allowed ({expected} bytes).",
      hintVi: "Chia bảng kê thành nhiều tệp nhỏ hơn, mỗi tệp một số bảng kê.",
      hintEn: "Split it into several manifests, each with a number of its own."),
    Entry(
      .notXML, .error,
      vi: "Tệp không phải là XML.",
      en: "The file is not XML.",
      hintVi:
        "Xuất lại bảng kê dưới dạng XML; tệp Excel, PDF, ZIP hay CSV không nhập được. Tệp .xml.gz chỉ "
        + "được nén một lần.",
      hintEn:
        "Export the manifest as XML again; Excel, PDF, ZIP and CSV files cannot be imported. An .xml.gz "
        + "file is compressed once only."),
    Entry(
      .encodingNotAllowed, .error,
      vi: "Bảng mã {found} không được chấp nhận; cần {expected}.",
      en: "The encoding {found} is not accepted; {expected} is needed.",
      hintVi: "Lưu lại tệp với bảng mã UTF-8 (hoặc UTF-16 có dấu BOM) và ghi đúng bảng mã ở dòng đầu.",
      hintEn:
        "Save the file as UTF-8 (or UTF-16 with a byte order mark) and name that encoding in its first "
        + "line."),
    Entry(
      .malformedEncoding, .error,
      vi: "Có ký tự bị hỏng: các byte không đúng bảng mã của tệp.",
      en: "A character is broken: its bytes do not follow the file's encoding.",
      hintVi: "Tệp có thể bị sửa bằng công cụ không hỗ trợ tiếng Việt; hãy xuất lại từ phần mềm gốc.",
      hintEn:
        "A tool without Vietnamese support may have changed the file; export it again from its source."),
    Entry(
      .forbiddenCharacter, .error,
      vi: "Có ký tự không được phép: {found}.",
      en: "There is a character that is not allowed: {found}.",
      hintVi: "Xóa ký tự điều khiển ở dòng này trong phần mềm gốc rồi xuất lại.",
      hintEn: "Remove the control character on this line in the source software and export again."),
    Entry(
      .documentTypeForbidden, .error,
      vi: "Tệp chứa khai báo DOCTYPE, không được phép vì lý do an toàn.",
      en: "The file holds a DOCTYPE declaration, which is not allowed for safety.",
      hintVi:
        "Bảng kê không cần DOCTYPE. Nếu không rõ tệp từ đâu đến, đừng mở và hãy báo người phụ trách "
        + "công nghệ thông tin.",
      hintEn:
        "A manifest needs no DOCTYPE. If you do not know where the file comes from, do not open it and "
        + "tell the IT officer."),
    Entry(
      .tooDeep, .error,
      vi: "Các thẻ lồng nhau quá {expected} mức.",
      en: "Elements are nested more than {expected} deep.",
      hintVi: "Đây không phải cấu trúc của bảng kê; hãy xuất lại từ phần mềm gốc.",
      hintEn: "This is not the structure of a manifest; export it again from its source."),
    Entry(
      .tooManyAttributes, .error,
      vi: "Một thẻ có quá {expected} thuộc tính.",
      en: "A tag has more than {expected} attributes.",
      hintVi: "Đây không phải cấu trúc của bảng kê; hãy xuất lại từ phần mềm gốc.",
      hintEn: "This is not the structure of a manifest; export it again from its source."),
    Entry(
      .nameTooLong, .error,
      vi: "Tên thẻ hoặc thuộc tính dài quá {expected} byte.",
      en: "The name of a tag or attribute is longer than {expected} bytes.",
      hintVi: "Có thể thiếu dấu > hoặc dấu ngoặc kép ở dòng này.",
      hintEn: "A > or a quotation mark may be missing on this line."),
    Entry(
      .attributeTooLong, .error,
      vi: "Giá trị thuộc tính dài quá {expected} byte.",
      en: "An attribute's value is longer than {expected} bytes.",
      hintVi: "Có thể thiếu dấu ngoặc kép đóng ở dòng này.",
      hintEn: "The closing quotation mark may be missing on this line."),
    Entry(
      .textTooLong, .error,
      vi: "Một đoạn chữ dài quá {expected} byte.",
      en: "A text is longer than {expected} bytes.",
      hintVi: "Bảng kê chỉ ghi thông tin, không đính kèm nội dung tệp; hãy bỏ phần đính kèm.",
      hintEn: "A manifest states facts and carries no attachments; leave the attachment out."),
    Entry(
      .commentsTooLong, .error,
      vi: "Các chú thích và chỉ dẫn xử lý vượt quá {expected} byte.",
      en: "Comments and processing instructions exceed {expected} bytes.",
      hintVi: "Xóa chú thích khỏi tệp.",
      hintEn: "Remove the comments from the file."),
    Entry(
      .notWellFormed, .error,
      vi: "Tệp XML sai cú pháp; phần sau dòng này không đọc được.",
      en: "The file is not well-formed XML; what follows this line cannot be read.",
      hintVi:
        "Sửa thẻ ở dòng này (thiếu thẻ đóng, dấu < hoặc & chưa viết thành &lt; &amp;) hoặc xuất lại từ "
        + "phần mềm gốc.",
      hintEn:
        "Repair the tag on this line (a missing end tag, a < or & not written as &lt; &amp;) or export "
        + "the file again."),
    Entry(
      .truncated, .error,
      vi: "Tệp bị cắt cụt: hết tệp trước khi hết nội dung.",
      en: "The file is cut off: it ends before its content does.",
      hintVi: "Tải hoặc chép lại tệp, so dung lượng với bản gốc.",
      hintEn: "Copy or download the file again and compare its size with the original."),
    Entry(
      .compressionRatio, .error,
      vi: "Tệp nén phình to quá {expected} lần khi giải nén.",
      en: "The compressed file grows more than {expected} times when unpacked.",
      hintVi: "Không phải bảng kê bình thường. Đừng mở tệp; hãy báo người phụ trách công nghệ thông tin.",
      hintEn: "This is no ordinary manifest. Do not open the file; tell the IT officer."),
    Entry(
      .damagedCompression, .error,
      vi: "Tệp nén .gz bị hỏng hoặc bị cắt cụt.",
      en: "The compressed .gz file is damaged or cut off.",
      hintVi: "Tải hoặc chép lại tệp, hoặc nén lại từ bản gốc.",
      hintEn: "Copy the file again, or compress the original again."),
    Entry(
      .unreadableFile, .error,
      vi: "Không đọc được tệp: {detail}.",
      en: "The file cannot be read: {detail}.",
      hintVi: "Kiểm tra đường dẫn, quyền đọc và ổ đĩa.",
      hintEn: "Check the path, the permissions and the disk."),
    Entry(
      .emptyInput, .error,
      vi: "Tệp trống.",
      en: "The file is empty.",
      hintVi: "Xuất hoặc tải lại tệp.",
      hintEn: "Export or download the file again."),
    Entry(
      .unknownDocument, .error,
      vi: "Tệp XML này không phải bảng kê giao nhận, cũng không phải luồng sự kiện.",
      en: "This XML file is neither a manifest nor a feed of events.",
      hintVi: "Kiểm tra xmlns của thẻ gốc: urn:postal-dossier:manifest:1 hoặc urn:postal-dossier:events:1.",
      hintEn:
        "Check the xmlns of the root element: urn:postal-dossier:manifest:1 or "
        + "urn:postal-dossier:events:1."),
    Entry(
      .tooManyFindings, .warning,
      vi: "Có hơn {found} phát hiện cùng loại; phần còn lại không liệt kê.",
      en: "There are more than {found} findings of a kind; the rest is not listed.",
      hintVi: "Sửa những lỗi đã liệt kê rồi nhập lại.",
      hintEn: "Repair what is listed and import again."),
    Entry(
      .schemaViolation, .error,
      vi: "Nội dung không đúng mẫu bảng kê tại {path}.",
      en: "The content does not follow the form of the document at {path}.",
      hintVi:
        "Xem phần chi tiết: thẻ hoặc thuộc tính nào thiếu, thừa, sai thứ tự hoặc sai giá trị; đối chiếu "
        + "với lược đồ trong thư mục Schemas.",
      hintEn:
        "See the detail for what is missing, superfluous, out of order or wrong, and compare with the "
        + "schema in Schemas."),
  ]
}
