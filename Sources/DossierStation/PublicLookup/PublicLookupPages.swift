internal import DossierTracker
internal import HTTPTypes

/// The pages of a look-up: at home and on a kiosk.
struct PublicLookupPages: Sendable {
  /// Where the form is and goes to.
  enum Place: String, Sendable {
    case phone = "/look-up"
    case kiosk = "/kiosk"
  }

  let place: Place
  let language: Language
  /// Address of the style sheet.
  let sheet: String
  /// For a kiosk's form: good for one sending.
  let ticket: String

  private var say: PublicLookupVoice { PublicLookupVoice(language: language) }

  /// Seconds after which a kiosk forgets what it shows.
  static let kioskSeconds = 60
  /// Seconds after which a kiosk's empty form is fetched anew, so that it never is of a station long gone.
  static let kioskIdleSeconds = 600

  // MARK: Form

  struct Message: Sendable {
    var text: BilingualText
    var hint: BilingualText
    var isError = true
  }

  /// The form, below whatever is to be said first.
  func form(_ message: Message? = nil, number: String? = nil, coarse: PublicStatus.Coarse? = nil) -> Page {
    var page = framed(
      BilingualText(vi: "Hồ sơ của bạn đang ở đâu?", en: "Where is your dossier?"), template: "lookup")
    if let message {
      page.content["message"] = [
        "text": say(message.text), "hint": say(message.hint), "tone": message.isError ? "bad" : "warn",
      ]
    }
    if let coarse {
      page.content["coarse"] = [
        "word": say(PublicLookupWords.word(coarse)), "sentence": say(PublicLookupWords.sentence(coarse)),
        "tone": coarse == .contact ? "warn" : "good",
      ]
    }
    page.content["number"] = number
    // Digits come next when the number is there already.
    page.content["asksDigits"] = coarse != nil
    if place == .kiosk {
      let isIdle = message == nil && coarse == nil
      page.headers[.refresh] = "\(isIdle ? Self.kioskIdleSeconds : Self.kioskSeconds); url=\(home)"
    }
    return page
  }

  static let unknown = Message(
    text: BilingualText(
      vi: FindingCatalogue.entry(.lookupUnknown).message(.vi),
      en: FindingCatalogue.entry(.lookupUnknown).message(.en)),
    hint: BilingualText(
      vi: FindingCatalogue.entry(.lookupUnknown).hint(.vi),
      en: FindingCatalogue.entry(.lookupUnknown).hint(.en)))

  static func refused(_ refusal: PublicLookupLimits.Refusal) -> Message {
    let code: FindingCode = if case .numberClosed = refusal { .lookupNumberClosed } else { .lookupTooMany }
    let entry = FindingCatalogue.entry(code)
    return Message(
      text: BilingualText(vi: entry.message(.vi), en: entry.message(.en)),
      hint: BilingualText(vi: entry.hint(.vi), en: entry.hint(.en)))
  }

  // MARK: Status

  /// - Parameters:
  ///   - code: the item's look-up code.
  ///   - key: the log's public key.
  func status(_ status: PublicStatus, code: String?, key: String) -> Page {
    var page = framed(BilingualText(vi: "Hồ sơ của bạn", en: "Your dossier"), template: "lookupstatus")
    let trouble = status.troubles.last { !$0.isSettled && $0.kind != .damaged && $0.kind != .notDelivered }
    let day = status.days[status.step].map { say($0) }
    page.content["ending"] = status.ending
    page.content["tone"] = trouble != nil ? "bad" : status.step == .delivered ? "good" : ""
    page.content["word"] =
      trouble == nil
      ? say(PublicLookupWords.name(status.step)) : say("Hồ sơ có sự cố", "Something went wrong")
    page.content["sentence"] =
      trouble != nil
      ? say("Xem bên dưới đã làm gì.", "See below what was done about it.")
      : day.map { say("Ghi nhận ngày \($0).", "Recorded on \($0).") }
    page.content["troubles"] = status.troubles.map { self.trouble($0) }
    if let place = status.place {
      page.content["place"] = ["kind": say(PublicLookupWords.kind(place.kind)), "area": place.area]
    }
    if let promised = status.promised {
      page.content["promised"] = ["day": say(promised), "late": status.isLate] as [String: any Sendable]
    }
    if status.dossiers > 1 {
      page.content["several"] = ["all": "\(status.dossiers)", "delivered": "\(status.dossiersDelivered)"]
    }
    page.content["next"] = say(PublicLookupWords.sentence(status.next))
    page.content["steps"] = PublicStatus.Step.allCases.map { step(of: status, $0) }
    page.content["code"] = code
    page.content["key"] = key
    if place == .kiosk { page.headers[.refresh] = "\(Self.kioskSeconds); url=\(home)" }
    return page
  }

  private func trouble(_ trouble: PublicStatus.Trouble) -> [String: any Sendable] {
    let day = trouble.day.map { say(" (ngày \(say($0)))", " (\(say($0)))") } ?? ""
    return [
      "word": say(PublicLookupWords.word(trouble)) + day,
      "sentence": say(PublicLookupWords.sentence(trouble)),
      "tone": trouble.isSettled ? "good" : "warn",
    ]
  }

  private func step(of status: PublicStatus, _ step: PublicStatus.Step) -> [String: any Sendable] {
    let isDone = step < status.step || step == status.step && step == .delivered
    let isCurrent = step == status.step
    var content: [String: any Sendable] = [
      "name": say(PublicLookupWords.name(step)), "current": isCurrent,
      "state": isDone ? "done" : isCurrent ? "current" : "ahead",
      "stateName": isDone
        ? say("đã qua", "done") : isCurrent ? say("hiện tại", "now") : say("chưa tới", "not yet"),
    ]
    content["day"] = status.days[step].map { say($0) }
    return content
  }

  // MARK: Frame

  private var home: String { "\(place.rawValue)?lang=\(language.rawValue)" }

  private func framed(_ title: BilingualText, template: String) -> Page {
    var page = Page(title: title, template: template, content: ["sheet": sheet, "home": place.rawValue])
    page.content["kiosk"] = place == .kiosk
    if place == .kiosk {
      page.content["ticket"] = ticket
      // Two forms on one page, of which each may be sent.
      page.content["more"] = ticket + "-more"
    }
    page.headers = PublicLookupPages.headers
    return page
  }

  /// Nothing of a look-up is kept by browsers, proxies or search engines, or told to the next site.
  static var headers: HTTPFields {
    var headers: HTTPFields = [.cacheControl: "no-store, max-age=0", .referrerPolicy: "no-referrer"]
    headers[.robots] = "noindex, nofollow"
    return headers
  }
}

extension HTTPField.Name {
  fileprivate static let refresh = named("Refresh")
  fileprivate static let robots = named("X-Robots-Tag")
  fileprivate static let referrerPolicy = named("Referrer-Policy")

  /// These are tokens as HTTP wants names to be.
  private static func named(_ name: String) -> Self { Self(name) ?? .accept }
}

extension PublicStatus {
  /// The `.json` twin.
  var json: JSONOutput {
    [
      "item": .string(ending), "step": .string(step.rawValue),
      "steps": .array(
        Step.allCases.map {
          [
            "step": .string($0.rawValue), "reached": .bool($0 <= step),
            "day": .string(orNull: days[$0]?.text),
          ]
        }),
      "place": place.map { ["kind": .string(orNull: $0.kind?.rawValue), "area": .string(orNull: $0.area)] }
        ?? .null,
      "promised": .string(orNull: promised?.text), "late": .bool(isLate), "next": .string(next.rawValue),
      "troubles": .array(
        troubles.map {
          [
            "kind": .string($0.kind.rawValue), "day": .string(orNull: $0.day?.text),
            "settled": .bool($0.isSettled),
            "damage": .string(orNull: $0.damage?.word),
          ]
        }),
      "dossiers": .integer(dossiers), "dossiersDelivered": .integer(dossiersDelivered),
    ]
  }
}
