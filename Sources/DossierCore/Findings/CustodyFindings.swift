extension FindingCatalogue {
  static let custodyEntries: [Entry] = chainEntries + receivingEntries

  /// 20xx: what contradicts the chain of custody of one item.
  private static let chainEntries: [Entry] = [
    Entry(
      .noAcceptance, .warning,
      vi: "Bưu gửi {item} được {expected} giao chuyến khi chưa có đơn vị nào chấp nhận.",
      en: "Item {item} was dispatched by {expected} before any office had accepted it.",
      hintVi: "Tìm phiếu chấp nhận của bưu gửi, rồi ghi bổ sung sự kiện chấp nhận với "
        + "đúng giờ và đúng đơn vị.",
      hintEn: "Find its acceptance slip and record the acceptance with its true time and office."),
    Entry(
      .dispatchedByOther, .warning,
      vi: "Bưu gửi {item} do {found} giao chuyến, trong khi bên đang giữ là {expected}.",
      en: "Item {item} was dispatched by {found} while {expected} was answerable for it.",
      hintVi: "Hỏi bên đang giữ đã bàn giao cho ai; nếu có biên bản, ghi bổ sung sự kiện nhận còn thiếu.",
      hintEn: "Ask the custodian to whom it was handed; record the absent receipt if "
        + "there is a hand-over note."),
    Entry(
      .receivedWithoutDispatch, .warning,
      vi: "Bưu gửi {item} được nhận tại {found} mà không có sự kiện giao chuyến nào trước đó.",
      en: "Item {item} was received at {found} without any dispatch before it.",
      hintVi: "Tìm bảng kê đã chuyển bưu gửi đến đây và nhập bảng kê đó, hoặc ghi sự "
        + "kiện giao chuyến còn thiếu.",
      hintEn: "Find the manifest that brought it here and import it, or "
        + "record the missing dispatch."),
    Entry(
      .misrouted, .warning,
      vi: "Bưu gửi {item} được giao cho {expected} nhưng lại đến {found}.",
      en: "Item {item} was dispatched to {expected} but arrived at {found}.",
      hintVi: "Chuyển tiếp bằng bảng kê mới; đơn vị đã nhận nhầm chịu trách nhiệm "
        + "cho đến khi bên nhận ký.",
      hintEn: "Forward it on a new manifest; the office that has it answers for it "
        + "until the receiver accepts."),
    Entry(
      .acceptedTwice, .warning,
      vi: "Bưu gửi {item} đang do {expected} giữ lại được {found} chấp nhận lần nữa.",
      en: "Item {item}, in the custody of {expected}, was accepted again by {found}.",
      hintVi: "Kiểm tra có phải hai bưu gửi trùng số hay không; nếu ghi nhầm, hãy đính "
        + "chính sự kiện chấp nhận sai.",
      hintEn: "Check whether two items bear one number; if one acceptance is a mistake, correct that event."),
    Entry(
      .eventAfterEnd, .error,
      vi: "Bưu gửi {item} đã kết thúc hành trình tại {expected} nhưng vẫn có sự kiện tại {found} sau đó.",
      en: "Item {item} had ended its journey at {expected}, yet an event at {found} came after.",
      hintVi: "Xem dòng thời gian của bưu gửi: đính chính sự kiện kết thúc nếu ghi nhầm, hoặc "
        + "sự kiện sau nếu quét nhầm.",
      hintEn: "Look at its timeline: correct the ending if it was a mistake, or "
        + "the later event if it was."),
    Entry(
      .actedWithoutCustody, .warning,
      vi: "{found} ghi sự kiện cho bưu gửi {item} khi không phải là bên đang giữ.",
      en: "{found} acted on item {item} without having it in custody.",
      hintVi: "Ghi bổ sung sự kiện nhận của đơn vị đó với đúng giờ, hoặc đính chính nếu đơn vị bị ghi nhầm.",
      hintEn: "Record that office's receipt with its true time, or correct the event "
        + "if the office is wrong."),
    Entry(
      .foundWithoutLoss, .info,
      vi: "Bưu gửi {item} được báo tìm thấy dù chưa từng bị báo thiếu hay thất lạc.",
      en: "Item {item} was reported found although it was never missing or lost.",
      hintVi: "Không cần làm gì nếu báo cáo thiếu đến sau; nếu quét nhầm mã, hãy đính chính.",
      hintEn: "Nothing to do if the report of its absence is still to come; correct it if "
        + "the wrong code was scanned."),
    Entry(
      .deliveredWithoutEvidence, .warning,
      vi: "Bưu gửi {item} được ghi là phát thành công nhưng không có bằng chứng người nhận.",
      en: "Item {item} is recorded as delivered without any evidence of the recipient.",
      hintVi: "Tìm chữ ký hoặc phiếu phát, rồi ghi lại sự kiện phát với số tham chiếu và "
        + "đính chính sự kiện cũ.",
      hintEn: "Find the signature or delivery slip, record the delivery again with its "
        + "reference, correct the old one."),
    Entry(
      .lostWithoutDecision, .warning,
      vi: "Bưu gửi {item} được ghi là thất lạc nhưng không có số quyết định.",
      en: "Item {item} is recorded as lost without the reference of a decision.",
      hintVi: "Ghi lại sự kiện thất lạc với số quyết định hoặc biên bản, rồi đính chính sự kiện thiếu số.",
      hintEn: "Record the loss again with the reference of the decision, then correct "
        + "the event that lacks it."),
    Entry(
      .itemMissing, .warning,
      vi: "Bưu gửi {item} được báo thiếu và đến nay chưa tìm thấy.",
      en: "Item {item} was expected, was not found, and has not turned up since.",
      hintVi: "Tìm lại trong túi và trên xe, hỏi bên giao; khi thấy thì ghi tìm thấy, khi có "
        + "quyết định thì ghi thất lạc.",
      hintEn: "Search bags and vehicle, ask the giver; record it as found when it turns "
        + "up, as lost once decided."),
    Entry(
      .itemLost, .error,
      vi: "Bưu gửi {item} đã thất lạc.",
      en: "Item {item} is lost.",
      hintVi: "Báo cho công dân và cơ quan giải quyết để cấp lại giấy tờ; nếu tìm "
        + "thấy, ghi sự kiện tìm thấy.",
      hintEn: "Tell the citizen and the agency so that papers can be reissued; record it "
        + "as found if it turns up."),
    Entry(
      .itemDamaged, .warning,
      vi: "Bưu gửi {item} bị hư hỏng.",
      en: "Item {item} is damaged.",
      hintVi: "Lập biên bản, chụp ảnh, kiểm tra từng giấy tờ và ghi số giấy tờ bị ảnh hưởng.",
      hintEn: "Draw up a note, take photographs, check every paper and record how many are affected."),
    Entry(
      .itemSurplus, .warning,
      vi: "Bưu gửi {item} có mặt tại {found} nhưng không có trong bảng kê.",
      en: "Item {item} was found at {found} but stands on no manifest there.",
      hintVi: "Giữ riêng bưu gửi, hỏi bên giao, rồi nhập bảng kê bổ sung hoặc chuyển trả.",
      hintEn: "Keep the item apart, ask the giver, then import a supplementary manifest or send it back."),
    Entry(
      .correctionTargetUnknown, .warning,
      vi: "Một đính chính của bưu gửi {item} nêu sự kiện không có trong hồ sơ của bưu gửi này.",
      en: "A correction of item {item} names an event that this item does not have.",
      hintVi: "Kiểm tra mã sự kiện trong đính chính; có thể sự kiện gốc chưa được nhập "
        + "hoặc thuộc bưu gửi khác.",
      hintEn: "Check the event identifier; the original may not be imported yet or may "
        + "belong to another item."),
    Entry(
      .correctionOfCorrection, .warning,
      vi: "Một sự kiện của bưu gửi {item} muốn đính chính một đính chính; điều này không có hiệu lực.",
      en: "An event of item {item} tries to correct a correction, which has no effect.",
      hintVi: "Nếu đính chính trước là sai, hãy ghi lại sự kiện ban đầu như một sự kiện mới.",
      hintEn: "If the earlier correction was wrong, record the original event anew."),
    Entry(
      .seenAfterLoss, .error,
      vi: "Bưu gửi {item} đã được tuyên bố thất lạc nhưng lại có sự kiện tại {found}.",
      en: "Item {item} was declared lost, yet an event at {found} came after.",
      hintVi: "Xác minh bưu gửi có thật ở đơn vị đó: nếu có thì ghi tìm thấy, nếu quét nhầm thì đính chính.",
      hintEn: "Verify that the item is there: record it as found if so, correct the "
        + "event if it was a mistake."),
    Entry(
      .clockSkew, .warning,
      vi: "Sự kiện của bưu gửi {item} mang giờ {found}, muộn hơn lúc nhật ký ghi nó ({expected}).",
      en: "An event of item {item} bears the time {found}, later than when the log recorded it ({expected}).",
      hintVi:
        "Đồng hồ của nơi gửi chạy nhanh, hoặc đồng hồ của nhật ký chạy chậm. Chỉnh giờ; xem lại thứ tự các "
        + "sự kiện gần nhau của nơi này.",
      hintEn:
        "The reporter's clock is fast, or the log's is slow. Set it; look again at the order of events that "
        + "it reported close together."),
    Entry(
      .offerSuperseded, .warning,
      vi: "Bưu gửi {item} đã giao cho {expected} chưa ai nhận thì lại được giao cho {found}.",
      en: "Item {item} was offered to {expected}, who never accepted it, and then to {found}.",
      hintVi: "Hỏi đơn vị thứ nhất đã nhận hay chưa; ghi bổ sung sự kiện nhận hoặc đính "
        + "chính lần giao chuyến sai.",
      hintEn: "Ask the first office whether it arrived; record its receipt, or correct the "
        + "dispatch that was wrong."),
    Entry(
      .relabelConflict, .warning,
      vi: "Bưu gửi {item} được đổi sang một số đã có hành trình riêng.",
      en: "Item {item} was relabelled to a number that already has a journey of its own.",
      hintVi: "Kiểm tra hai số có thật là một bưu gửi; nếu không, đính chính sự kiện đổi mã.",
      hintEn: "Check that both numbers are one item; if they are not, correct the relabelling."),
    Entry(
      .recordedLate, .info,
      vi: "Sự kiện của bưu gửi {item} xảy ra lúc {found} nhưng đến {expected} mới được ghi vào nhật ký.",
      en: "An event of item {item} happened at {found} and was recorded only at {expected}.",
      hintVi: "Bình thường khi thiết bị mất mạng lâu; nếu xảy ra thường xuyên ở một đơn vị, "
        + "hãy nhắc ghi ngay khi làm.",
      hintEn: "Normal when a device was offline for long; if one office does it often, "
        + "ask for recording at once."),
    Entry(
      .backDated, .warning,
      vi:
        "Sự kiện của bưu gửi {item} khai giờ {found}, nhưng người khai đã biết một điểm chốt chỉ có từ {expected}.",
      en:
        "An event of item {item} claims the time {found}, but whoever stated it knew a checkpoint that exists "
        + "only since {expected}.",
      hintVi:
        "Giờ khai không thể đúng. Hỏi người ghi và đối chiếu sổ giao nhận; nếu gõ nhầm, đính chính sự kiện.",
      hintEn:
        "The claimed time cannot be true. Ask the operator and compare with the paper; if it was a slip, "
        + "correct the event."),
    Entry(
      .dispatchedToSelf, .warning,
      vi: "Bưu gửi {item} được {found} giao cho chính mình: không có bên nhận nào chịu trách nhiệm.",
      en: "Item {item} was dispatched by {found} to itself: no receiver answers for it.",
      hintVi: "Tìm bảng kê để biết bên nhận thật, đính chính sự kiện này rồi ghi lại với đúng bên nhận.",
      hintEn:
        "Find the true receiver on the manifest, correct this event and record it again with that receiver."),
    Entry(
      .offerUnanswered, .info,
      vi: "Bưu gửi {item} đã giao cho {expected} được {found} ngày mà chưa có sự kiện nhận.",
      en: "Item {item} was offered to {expected} {found} days ago and its receipt was never recorded.",
      hintVi:
        "Hỏi bên nhận: nếu đã nhận thì ghi bổ sung, nếu không thấy thì ghi thiếu. Bên giao còn chịu trách nhiệm.",
      hintEn:
        "Ask the receiver: record the receipt if it arrived, or that it is missing. The giver still answers."),
    Entry(
      .lastProvenCustodian, .info,
      vi: "Trước chỗ chuỗi bị đứt, bên giữ bưu gửi {item} được chứng minh lần cuối là {found} (tại {path}).",
      en: "Before its chain breaks, the last proven custodian of item {item} is {found} (at {path}).",
      hintVi: "Bắt đầu hỏi từ đơn vị này: những gì ghi sau đó về bưu gửi chưa được chứng minh.",
      hintEn: "Begin with that office: what is recorded of the item afterwards is not proven."),
  ]

  /// 21xx: what a receiving session runs into.
  private static let receivingEntries: [Entry] = [
    Entry(
      .unreadableBarcode, .warning,
      vi: "Mã vạch vừa quét không đọc được thành một số bưu gửi.",
      en: "What was scanned cannot be read as an item number.",
      hintVi: "Quét lại, hoặc gõ số in dưới mã vạch; chữ số kiểm tra sẽ phát hiện gõ nhầm.",
      hintEn: "Scan again or type the number below the bars; the check digit reveals a typing slip."),
    Entry(
      .itemShort, .warning,
      vi: "Bưu gửi {item} có trong bảng kê nhưng không thấy khi nhận.",
      en: "Item {item} stands on the manifest but was not there when it was received.",
      hintVi: "Tìm lại trong túi trước khi chốt; khi chốt bảng kê, bưu gửi được ghi là thiếu và "
        + "bên giao còn chịu trách nhiệm.",
      hintEn: "Search the bag before closing; closing records the item as missing and "
        + "the giver still answers."),
    Entry(
      .manifestUnknown, .error,
      vi: "Không có bảng kê số {found} trong kho dữ liệu.",
      en: "There is no manifest {found} in the store.",
      hintVi: "Kiểm tra lại số bảng kê, hoặc nhập tệp bảng kê trước khi nhận.",
      hintEn: "Check the manifest number, or import the manifest's file before receiving."),
    Entry(
      .sameSigner, .error,
      vi: "Người ký và người chứng kiến là cùng một người ({found}).",
      en: "The signer and the witness are the same person ({found}).",
      hintVi: "Mời người thứ hai đối chiếu và ký; biên bản một người ký không có giá trị đối chứng.",
      hintEn: "Ask a second person to check and sign; a record signed by one person proves nothing."),
    Entry(
      .alreadyClosed, .info,
      vi: "Bảng kê {found} đã được chốt trước đó; không có gì thay đổi.",
      en: "Manifest {found} was closed before; nothing changed.",
      hintVi: "Nếu tìm thấy bưu gửi sau khi chốt, ghi nhận từng bưu gửi; không cần chốt lại.",
      hintEn: "If items turn up after closing, record each of them; the manifest need not be closed again."),
    Entry(
      .signersRequired, .error,
      vi: "Chốt bảng kê cần mã của người ký và mã của người chứng kiến.",
      en: "Closing a manifest needs the code of the signer and the code of the witness.",
      hintVi: "Nêu cả hai mã nhân viên, ví dụ --by GDV01 --witness GDV02.",
      hintEn: "Give both operator codes, for example --by GDV01 --witness GDV02."),
  ]
}
