internal import ArgumentParser
internal import DossierStation
internal import DossierTracker

struct PeopleGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people",
    abstract: "Tài khoản của trạm · Accounts of the station",
    discussion: """
      Passwords and PINs are never arguments: they are read from a file, or from standard input as -, or made up and \
      printed once.

      EXAMPLE
        dossier people add QT01 --name "Lê Thị Hà" --office H48.25 --role administrator
        dossier people list
      """,
    subcommands: [
      PeopleAdd.self, PeopleList.self, PeopleDisable.self, PeopleEnable.self, PeoplePassword.self,
      PeoplePIN.self, PeopleRole.self, PeopleTokenGroup.self,
    ])
}

/// What the verbs share that change an account.
struct AccountOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Operator code, as events name it.", valueName: "code"))
  var code: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  /// Changes the register and prints the account, with what was made up for it.
  func change(
    _ session: Session, _ body: (PeopleRegister, PeopleRegister.Actor) throws -> PeopleRegister.Issued?
  ) throws -> Outcome {
    let tracker = try store.write()
    let register = PeopleRegister(data: store.path)
    let issued = try body(register, PeopleRegister.Actor(tracker))
    try tracker.checkpointIfPermitted()
    let folded = (issued?.code ?? code).lowercased()
    guard let account = try register.accounts().first(where: { $0.code.lowercased() == folded }) else {
      throw TrackerRefusal(Finding(.accountUnknown, found: code))
    }
    var columns = AccountTable.columns
    var row = AccountTable.row(account, labels: session.labels)
    for (column, secret) in [
      (Column("password", vi: "Mật khẩu", en: "Password", kind: .code), issued?.password),
      (Column("pin", vi: "Mã PIN", en: "PIN", kind: .code), issued?.pin),
    ] {
      guard let secret else { continue }
      columns.append(column)
      row.append(.text(secret))
    }
    // A file with secrets in it is its owner's alone.
    session.output.isPrivate = issued?.password != nil || issued?.pin != nil
    try session.print(columns, row)
    if session.output.isPrivate {
      session.say(
        vi: Talk.hint("chỉ hiện một lần; phải đổi ở lần đăng nhập đầu"),
        en: Talk.hint("shown once; to be changed at the first sign-in"))
    }
    return .clean
  }
}

/// A secret out of a file: its first line.
enum SecretFile {
  static func read(_ file: String?) throws -> String? {
    guard let file else { return nil }
    let bytes = try InputFile.read(file, limit: 4096).prefix { $0 != 0x0A && $0 != 0x0D }
    guard let secret = String(validating: bytes, as: UTF8.self) else {
      throw TrackerRefusal(Finding(.malformedEncoding, file: file))
    }
    return secret
  }
}

struct PeopleAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Tạo tài khoản · Make an account",
    discussion: """
      Without a file a password or a PIN is made up and printed once; whoever signs in with it must change it.

      EXAMPLE
        dossier people add GDV01 --name "Nguyễn Văn An" --office H48.25 --role clerk
        dossier people add GDV02 --name "Trần Thị Bình" --office H48.25 --role clerk --password-file mat-khau.txt
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  @Option(help: "Display name: for greeting; the log never gets it.")
  var name: String

  @Option(help: ArgumentHelp("Code of the office where the person works.", valueName: "code"))
  var office: String

  @Option(help: "What the person does.")
  var role: Role

  @Option(
    help: ArgumentHelp("File whose first line is the password; - for standard input.", valueName: "file"),
    completion: .file())
  var passwordFile: String?

  @Option(
    help: ArgumentHelp("File whose first line is the PIN of 6 digits.", valueName: "file"),
    completion: .file())
  var pinFile: String?

  func perform(_ session: Session) throws -> Outcome {
    let password = try SecretFile.read(passwordFile)
    let pin = try SecretFile.read(pinFile)
    return try account.change(session) { register, actor in
      try register.add(
        code: account.code, name: name, office: office, role: role, password: password, pin: pin, by: actor)
    }
  }
}

struct PeopleList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Các tài khoản · The accounts",
    discussion: """
      EXAMPLE
        dossier people list --format csv
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    _ = try store.read()
    let accounts = try PeopleRegister(data: store.path).accounts().sorted { $0.code < $1.code }
    try session.print(
      TabularDocument(
        columns: AccountTable.columns, rows: accounts.map { AccountTable.row($0, labels: session.labels) }))
    return .clean
  }
}

struct PeopleDisable: Verb {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Khóa tài khoản, kết thúc mọi phiên · Disable an account and end its sessions",
    discussion: """
      EXAMPLE
        dossier people disable GDV01
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  func perform(_ session: Session) throws -> Outcome {
    try account.change(session) { register, actor in
      try register.setDisabled(true, code: account.code, by: actor)
      return nil
    }
  }
}

struct PeopleEnable: Verb {
  static let configuration = CommandConfiguration(
    commandName: "enable",
    abstract: "Mở lại tài khoản · Enable an account again",
    discussion: """
      EXAMPLE
        dossier people enable GDV01
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  func perform(_ session: Session) throws -> Outcome {
    try account.change(session) { register, actor in
      try register.setDisabled(false, code: account.code, by: actor)
      return nil
    }
  }
}

struct PeoplePassword: Verb {
  static let configuration = CommandConfiguration(
    commandName: "password",
    abstract: "Cấp mật khẩu mới · Give an account another password",
    discussion: """
      EXAMPLE
        dossier people password GDV01
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  @Option(
    help: ArgumentHelp("File whose first line is the password; - for standard input.", valueName: "file"),
    completion: .file())
  var passwordFile: String?

  func perform(_ session: Session) throws -> Outcome {
    let password = try SecretFile.read(passwordFile)
    return try account.change(session) { try $0.setPassword(password, code: account.code, by: $1) }
  }
}

struct PeoplePIN: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Cấp mã PIN mới · Give an account another PIN",
    discussion: """
      EXAMPLE
        dossier people pin GDV01
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  @Option(
    help: ArgumentHelp(
      "File whose first line is the PIN of 6 digits; - for standard input.", valueName: "file"),
    completion: .file())
  var pinFile: String?

  func perform(_ session: Session) throws -> Outcome {
    let pin = try SecretFile.read(pinFile)
    return try account.change(session) { try $0.setPIN(pin, code: account.code, by: $1) }
  }
}

struct PeopleRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "role",
    abstract: "Đổi vai trò · Give an account another role",
    discussion: """
      EXAMPLE
        dossier people role GDV01 --role shiftLead
      """)

  @OptionGroup var account: AccountOptions
  var rows: RowOptions { account.rows }
  var talk: TalkOptions { account.talk }

  @Option(help: "What the person does from now on.")
  var role: Role

  func perform(_ session: Session) throws -> Outcome {
    try account.change(session) { register, actor in
      try register.setRole(role, code: account.code, by: actor)
      return nil
    }
  }
}
