internal import DossierTracker

/// What the look-up pages say.
enum PublicLookupWords {
  static func name(_ step: PublicStatus.Step) -> BilingualText {
    switch step {
    case .handedIn: BilingualText(vi: "Đã gửi tại bưu cục", en: "Handed in")
    case .onItsWay: BilingualText(vi: "Đang chuyển đến nơi giải quyết", en: "On its way to the office")
    case .atCenter: BilingualText(vi: "Đã đến nơi giải quyết", en: "At the office")
    case .resultOnItsWay: BilingualText(vi: "Kết quả đang chuyển về", en: "Result on its way")
    case .delivered: BilingualText(vi: "Đã phát kết quả", en: "Result delivered")
    }
  }

  static func sentence(_ next: PublicStatus.Next) -> BilingualText {
    switch next {
    case .willBeSent:
      BilingualText(
        vi: "Bưu cục chuyển hồ sơ đến nơi giải quyết.", en: "The post sends the dossier to the office.")
    case .willArrive:
      BilingualText(
        vi: "Nơi giải quyết nhận và đối chiếu từng bưu gửi.", en: "The office receives and counts the items.")
    case .willBeDecided:
      BilingualText(
        vi: "Cơ quan giải quyết; kết quả được gửi trả qua bưu chính.",
        en: "The agency decides; the result is sent back by mail.")
    case .willBeDelivered:
      BilingualText(
        vi: "Bưu tá phát đến bạn; chuẩn bị giấy tờ tùy thân.",
        en: "The post delivers it to you; have your identity card ready.")
    case .isOutForDelivery:
      BilingualText(vi: "Bưu tá đang đi phát.", en: "The postman is on the way.")
    case .waitsToBeCollected:
      BilingualText(
        vi: "Đến bưu cục để nhận; mang giấy tờ tùy thân.",
        en: "Collect it at the post office; bring your identity card.")
    case .nothing: BilingualText(vi: "Không cần làm gì thêm.", en: "Nothing more to do.")
    case .askTheOffice:
      BilingualText(
        vi: "Hỏi nơi bạn đã gửi hồ sơ; mang theo phiếu tra cứu.",
        en: "Ask where you handed the dossier in; bring the look-up slip.")
    }
  }

  static func kind(_ kind: Office.Kind?) -> BilingualText {
    switch kind {
    case .post: BilingualText(vi: "Bưu cục", en: "Post office")
    case .transport: BilingualText(vi: "Trên đường vận chuyển", en: "In transport")
    case .center:
      BilingualText(vi: "Trung tâm Phục vụ hành chính công", en: "Public administration service center")
    case .agency: BilingualText(vi: "Cơ quan giải quyết", en: "Deciding agency")
    case nil: BilingualText(vi: "Một đơn vị khác", en: "Another office")
    }
  }

  static func word(_ coarse: PublicStatus.Coarse) -> BilingualText {
    switch coarse {
    case .inTransit: BilingualText(vi: "Đang vận chuyển", en: "In transit")
    case .arrived: BilingualText(vi: "Đã đến", en: "Arrived")
    case .contact: BilingualText(vi: "Liên hệ", en: "Please ask")
    }
  }

  static func sentence(_ coarse: PublicStatus.Coarse) -> BilingualText {
    switch coarse {
    case .inTransit: BilingualText(vi: "Bưu gửi đang trên đường.", en: "The item is on its way.")
    case .arrived: BilingualText(vi: "Bưu gửi đã đến nơi.", en: "The item has arrived.")
    case .contact:
      BilingualText(
        vi: "Kiểm tra lại mã; nếu đúng, hỏi nơi bạn đã gửi hồ sơ và mang theo phiếu tra cứu.",
        en:
          "Check the number; if it is right, ask where you handed the dossier in and bring the look-up slip.")
    }
  }

  /// What went wrong.
  static func word(_ trouble: PublicStatus.Trouble) -> BilingualText {
    switch trouble.kind {
    case .missing: BilingualText(vi: "Chưa thấy khi đối chiếu", en: "Not found when counted")
    case .lost: BilingualText(vi: "Đã xác định thất lạc", en: "Declared lost")
    case .damaged: BilingualText(vi: "Bị hư hỏng", en: "Damaged")
    case .misrouted: BilingualText(vi: "Đến nhầm nơi", en: "Came to the wrong place")
    case .destroyed: BilingualText(vi: "Đã hủy", en: "Destroyed")
    case .returned: BilingualText(vi: "Đã chuyển hoàn", en: "Sent back")
    case .disputed: BilingualText(vi: "Các nơi ghi nhận khác nhau", en: "Records contradict each other")
    case .notDelivered: BilingualText(vi: "Phát chưa thành công", en: "Could not be delivered yet")
    }
  }

  /// What was done about it, as far as the log says so.
  static func sentence(_ trouble: PublicStatus.Trouble) -> BilingualText {
    switch (trouble.kind, trouble.isSettled) {
    case (.missing, false):
      BilingualText(
        vi: "Đã ghi vào sổ giao nhận; bưu gửi chưa được tìm thấy.",
        en: "Put on record; the item has not been found yet.")
    case (.lost, false):
      BilingualText(
        vi: "Đã ghi vào sổ giao nhận. Hỏi nơi bạn đã gửi về việc cấp lại giấy tờ và bồi thường.",
        en: "Put on record. Ask where you handed it in about new papers and compensation.")
    case (.missing, true), (.lost, true):
      BilingualText(vi: "Sau đó đã tìm thấy và chuyển tiếp.", en: "It was found afterwards and went on.")
    case (.damaged, _): damage(trouble.damage)
    case (.misrouted, false):
      BilingualText(
        vi: "Đã ghi nơi đang giữ; phải chuyển về đúng nơi.",
        en: "It is on record who has it; it has to go to the right place.")
    case (.misrouted, true):
      BilingualText(vi: "Sau đó đã được chuyển tiếp.", en: "It has gone on since.")
    case (.destroyed, _):
      BilingualText(
        vi: "Hỏi nơi bạn đã gửi để biết căn cứ.", en: "Ask where you handed it in on what grounds.")
    case (.returned, _):
      BilingualText(
        vi: "Không phát được nên bưu gửi được trả về nơi gửi. Hãy liên hệ để nhận lại.",
        en: "It could not be delivered and went back to where it came from. Ask there for it.")
    case (.disputed, _):
      BilingualText(
        vi: "Ghi nhận của các nơi trái nhau; phải được xác minh.",
        en: "What offices recorded does not agree and has to be looked into.")
    case (.notDelivered, false):
      BilingualText(
        vi: "Bưu tá chưa phát được. Hỏi bưu cục về lần phát sau.",
        en: "It could not be handed over. Ask the post office when it comes again.")
    case (.notDelivered, true): BilingualText(vi: "Sau đó đã phát được.", en: "It was delivered afterwards.")
    }
  }

  private static func damage(_ grade: DamageGrade?) -> BilingualText {
    switch grade {
    case .readable:
      BilingualText(
        vi: "Đã ghi mức độ: giấy tờ bị hư hỏng nhưng còn đọc được hết.",
        en: "On record: papers are damaged, all can be read.")
    case .partlyReadable:
      BilingualText(
        vi: "Đã ghi mức độ: một phần giấy tờ không đọc được. Hỏi nơi nhận cần nộp lại gì.",
        en: "On record: papers can be read in part. Ask the office what to hand in again.")
    case .unreadable:
      BilingualText(
        vi: "Đã ghi mức độ: giấy tờ không đọc được. Hỏi nơi nhận cần nộp lại gì.",
        en: "On record: papers cannot be read. Ask the office what to hand in again.")
    case .wrapper, nil:
      BilingualText(
        vi: "Đã ghi mức độ: chỉ hỏng bao bì.", en: "On record: only the wrapper is damaged.")
    }
  }
}

/// Says things in one language.
struct PublicLookupVoice: Sendable {
  let language: Language

  func callAsFunction(_ text: BilingualText) -> String { language == .vi ? text.vi : text.en }
  func callAsFunction(_ vi: String, _ en: String) -> String { language == .vi ? vi : en }
  func callAsFunction(_ day: CalendarDate) -> String {
    Wording(language).day(day, isSpelledOut: true)
  }
}
