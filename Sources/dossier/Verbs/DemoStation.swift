internal import DossierStation
internal import DossierTracker

/// The demo's store opened as a station, with one account a role. Nobody of them exists.
struct DemoStation {
  private static let people: [(code: String, name: String, office: String, role: Role)] = [
    ("GDV01", "Lý Thị Mẫu", "H48.25", .clerk), ("VC01", "Đinh Văn Thử", "590900", .clerk),
    ("TC01", "Hồ Thị Ví Dụ", "H48.25", .shiftLead), ("KT01", "Mai Văn Giả", "H48.25", .auditor),
    ("BCV01", "Tô Thị Nháp", "H48.25", .reporter), ("QT01", "Vũ Văn Tạm", "H48.25", .administrator),
  ]

  let session: Session
  let data: String
  let port: Int

  func open() throws {
    let tracker = try Tracker(opening: data)
    let register = PeopleRegister(data: data)
    let actor = PeopleRegister.Actor(tracker)
    // One password and one PIN for all, made up anew each time: the demo is to be walked through by one person.
    let (password, pin) = try PeopleRegister.madeUpSecrets()
    for person in Self.people {
      _ = try register.add(
        code: person.code, name: person.name, office: person.office, role: person.role, password: password,
        pin: pin, by: actor)
    }
    session.say(
      vi: "\nTài khoản để thử (mật khẩu \(password), PIN \(pin)):",
      en: "\nAccounts to try it with (password \(password), PIN \(pin)):")
    for person in Self.people {
      session.say(
        vi: "  \(person.code)  \(person.role.label(.vi)), \(person.office)",
        en: "  \(person.code)  \(person.role.label(.en)), \(person.office)")
    }
    session.say(
      vi:
        "GDV01 quét BK-590620-260119-001 rồi ký bên nhận; VC01 ký bên giao. Túi của tháng 1 nên báo trễ hạn.",
      en: "GDV01 scans BK-590620-260119-001 and signs for the receiver; VC01 signs for the giver. "
        + "The bag is January's, so it is late.")
    let options = StationOptions(
      data: data, port: port, program: Surroundings.program, language: session.language)
    try StationRun.serve(options, session)
  }
}
