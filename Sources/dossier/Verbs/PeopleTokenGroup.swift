internal import ArgumentParser
internal import DossierStation
internal import DossierTracker

struct PeopleTokenGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Token cho chương trình · Tokens for programs",
    discussion: """
      EXAMPLE
        dossier people token add GDV01 --label "máy quét kho" --scope read --scope scan
      """,
    subcommands: [PeopleTokenAdd.self, PeopleTokenList.self, PeopleTokenRevoke.self])
}

struct PeopleTokenAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Tạo token, hiện một lần · Make a token, shown once",
    discussion: """
      A program that sends it as "Authorization: Bearer …" works in the name of the account, within the scopes. \
      No token signs.

      EXAMPLE
        dossier people token add KT01 --label "kho số liệu" --scope read --scope report --days 180
      """)

  @Argument(
    help: ArgumentHelp("Operator code of the account in whose name the program works.", valueName: "code"))
  var code: String

  @Option(help: "What it is for.")
  var label: String

  @Option(help: "What it may do; may be repeated.")
  var scope: [Permission]

  @Option(help: "Days after which it expires, at most 366.")
  var days = 90

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let issued = try PeopleRegister(data: store.path).addToken(
      code: code, label: label, scopes: scope, days: days, by: PeopleRegister.Actor(tracker))
    try tracker.checkpointIfPermitted()
    session.output.isPrivate = true
    try session.print(
      [
        Column("code", vi: "Mã nhân viên", en: "Code", kind: .code),
        Column("token", vi: "Token", en: "Token", kind: .code),
      ], [.text(issued.code), .text(orNone: issued.token)])
    session.say(
      vi: Talk.hint("chỉ hiện một lần; thu hồi bằng dossier people token revoke"),
      en: Talk.hint("shown once; revoke it with dossier people token revoke"))
    return .clean
  }
}

struct PeopleTokenList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Các token đã cấp · The tokens made so far",
    discussion: """
      EXAMPLE
        dossier people token list
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let now = try store.read().environment.now()
    let uses = PeopleRegister.tokenUses(data: store.path)
    let tokens = try PeopleRegister(data: store.path).tokens()
    try session.print(
      TabularDocument(
        columns: AccountTable.tokenColumns,
        rows: tokens.map { AccountTable.row($0, usedAt: uses[$0.id], now: now, labels: session.labels) }))
    return .clean
  }
}

struct PeopleTokenRevoke: Verb {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Thu hồi token · Revoke a token",
    discussion: """
      EXAMPLE
        dossier people token revoke 1f2e3d4c
      """)

  @Argument(help: ArgumentHelp("The token's identifier, as the list shows it.", valueName: "token"))
  var token: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let register = PeopleRegister(data: store.path)
    try register.revokeToken(token, by: PeopleRegister.Actor(tracker))
    try tracker.checkpointIfPermitted()
    let uses = PeopleRegister.tokenUses(data: store.path)
    let now = tracker.environment.now()
    try session.print(
      TabularDocument(
        columns: AccountTable.tokenColumns,
        rows: try register.tokens().filter { $0.id == token }.map {
          AccountTable.row($0, usedAt: uses[$0.id], now: now, labels: session.labels)
        }))
    return .clean
  }
}
