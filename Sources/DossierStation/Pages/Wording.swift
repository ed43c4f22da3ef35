internal import DossierTracker

extension Language {
  /// The same for what reports are written in.
  var output: OutputLanguage { self == .vi ? .vi : .en }
}

/// Words, times and durations as people read them on the pages; programs read ``MachineTime``.
struct Wording: Sendable {
  let language: Language

  init(_ language: Language) { self.language = language }

  func text(vi: String, en: String) -> String { language == .vi ? vi : en }

  // MARK: Times, always those of Viet Nam

  /// `10:04 ngày 05/01/2026`.
  func time(_ milliseconds: Int64?) -> String {
    let zone = OffsetDateTime.vietNamOffsetMinutes
    guard let milliseconds, let time = OffsetDateTime(milliseconds: milliseconds, offsetMinutes: zone) else {
      return "–"
    }
    let clock = time.localTime
    let hours = "\(Self.pair(clock.hour)):\(Self.pair(clock.minute))"
    return text(vi: "\(hours) ngày \(day(time.localDate))", en: "\(hours), \(day(time.localDate))")
  }

  /// `05/01/2026`; English names the month, whose place in figures differs from country to country.
  ///
  /// - Parameter isSpelledOut: whether English writes the whole name of the month.
  func day(_ date: CalendarDate, isSpelledOut: Bool = false) -> String {
    let month = Self.months[(date.month - 1) % 12]
    return text(
      vi: "\(Self.pair(date.day))/\(Self.pair(date.month))/\(date.year)",
      en: "\(date.day) \(isSpelledOut ? month : String(month.prefix(3))) \(date.year)")
  }

  private static func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]

  /// `1 ngày 3 giờ`: the two greatest units.
  func duration(_ milliseconds: Int64) -> String {
    let minutes = max(milliseconds, 0) / 60_000
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
    func part(_ count: Int64, _ vi: String, _ en: String) -> String? {
      count == 0 ? nil : text(vi: "\(count) \(vi)", en: "\(count) \(en)\(count == 1 ? "" : "s")")
    }
    let parts = [
      part(days, "ngày", "day"), part(hours, "giờ", "hour"), days > 0 ? nil : part(rest, "phút", "minute"),
    ]
    let said = parts.compactMap(\.self).prefix(2).joined(separator: " ")
    return said.isEmpty ? text(vi: "dưới 1 phút", en: "less than a minute") : said
  }

  func count(_ number: some BinaryInteger) -> String {
    let digits = String(number)
    var output = ""
    for (index, digit) in digits.enumerated() {
      let rest = digits.count - index
      if index > 0, rest % 3 == 0 { output += language == .vi ? "." : "," }
      output.append(digit)
    }
    return output
  }

  // MARK: Words of the model

  /// `outForDelivery` is a word for programs; people read `out for delivery`.
  static func spaced(_ word: String) -> String {
    word.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
  }

  func kind(_ kind: EventKind) -> String { Self.spaced(kind.label(language)) }
  func state(_ state: StateWord) -> String { Self.spaced(state.label(language)) }
  func grade(_ grade: EventGrade) -> String { grade.label(language) }

  func leg(_ leg: Leg) -> String {
    switch leg {
    case .intake: text(vi: "tiếp nhận", en: "intake")
    case .result: text(vi: "trả kết quả", en: "result")
    case .supplement: text(vi: "bổ sung", en: "supplement")
    case .circulation: text(vi: "luân chuyển", en: "circulation")
    case .return: text(vi: "hoàn", en: "return")
    }
  }

  func lane(_ lane: RouteLane) -> String {
    switch lane {
    case .citizen: text(vi: "Công dân", en: "Citizen")
    case .post: text(vi: "Bưu cục", en: "Post office")
    case .transport: text(vi: "Vận chuyển", en: "Transport")
    case .center: text(vi: "Trung tâm", en: "Center")
    }
  }

  func damage(_ grade: DamageGrade) -> String {
    switch grade {
    case .wrapper: text(vi: "hỏng vỏ ngoài", en: "wrapper damaged")
    case .readable: text(vi: "giấy tờ hỏng, còn đọc được", en: "documents damaged, readable")
    case .partlyReadable: text(vi: "giấy tờ hỏng, đọc được một phần", en: "documents partly unreadable")
    case .unreadable: text(vi: "giấy tờ không đọc được", en: "documents unreadable")
    }
  }

  func severity(_ severity: Finding.Severity) -> String {
    switch severity {
    case .error: text(vi: "lỗi", en: "error")
    case .warning: text(vi: "cảnh báo", en: "warning")
    case .info: text(vi: "lưu ý", en: "remark")
    }
  }
}

/// Offices by their codes, as pages name them.
struct OfficeNames: Sendable {
  private let offices: [String: Office]

  init(_ offices: [Office]) {
    self.offices = Dictionary(offices.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The name; the code for an office that the master data do not name.
  func name(_ code: String) -> String { offices[code]?.name ?? code }
  func kind(_ code: String) -> Office.Kind? { offices[code]?.kind }

  /// What a template needs of an office; nil for none.
  func content(_ code: String?) -> [String: any Sendable]? {
    guard let code else { return nil }
    var content: [String: any Sendable] = ["officeCode": code]
    if let office = offices[code] { content["officeName"] = office.name }
    return content
  }
}
