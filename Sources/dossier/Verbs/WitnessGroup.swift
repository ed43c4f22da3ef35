internal import ArgumentParser
internal import DossierTracker
internal import WitnessService

struct WitnessGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract: "Làm chứng cho nhật ký của nơi khác · Cosign the checkpoints of others' logs",
    discussion: """
      A witness is not the log's keeper: the inspectorate, an archive, a university. He remembers the newest checkpoint \
      of each log and cosigns only what extends it, so that no log can show different histories.

      EXAMPLE
        dossier witness init lam-chung --name thanh-tra.tinh.vn
        dossier witness trust lam-chung log.pub
        dossier witness cosign lam-chung yeu-cau.txt --output tra-loi.txt
      """,
    subcommands: [WitnessInit.self, WitnessTrust.self, WitnessCosign.self, WitnessServe.self])
}

/// The folder of a witness.
struct WitnessOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Folder of the witness.", valueName: "dir"), completion: .directory)
  var folder: String
}

struct WitnessInit: Verb {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Lập bên làm chứng với khóa riêng · Make a witness with a key of its own",
    discussion: """
      Prints the public key, to be given to logs and to whoever checks their proofs.

      EXAMPLE
        dossier witness init lam-chung --name thanh-tra.tinh.vn --output thanh-tra.pub
      """)

  @OptionGroup var witness: WitnessOptions

  @Option(help: "Who the witness is, without spaces, such as thanh-tra.tinh.vn.")
  var name: String

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let made: WitnessFolder
    do { made = try WitnessFolder.create(at: witness.folder, name: name) } catch let error as LogKeyError {
      throw ValidationError("--name: \(error)")
    }
    let key = try made.verifierKey()
    if session.format == .table {
      try session.output.write(key + "\n")
    } else {
      try session.print(
        [Column("verifierKey", vi: "Khóa công khai", en: "Public key", kind: .code)], [.text(key)])
    }
    return .clean
  }
}

struct WitnessTrust: Verb {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Nhận làm chứng cho một nhật ký · Serve a log from now on",
    discussion: """
      Take the log's public key from its keeper in person, or compare it by telephone.

      EXAMPLE
        dossier witness trust lam-chung log.pub
      """)

  @OptionGroup var witness: WitnessOptions

  @Argument(help: ArgumentHelp("The log's public key.", valueName: "log.pub"), completion: .file())
  var key: String

  @Flag(help: "The log's key was replaced: the new one counts beside those known.")
  var replacing = false

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let folder = try WitnessFolder(opening: witness.folder)
    let keys = try TrustOptions.parse(key) { try TrustPolicy.parse(keys: $0) }.logs
    for key in keys { try folder.trust(key, replacing: replacing) }
    try session.print(
      TabularDocument(
        columns: [
          Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
          Column("verifierKey", vi: "Khóa công khai", en: "Public key", kind: .code),
        ],
        rows: keys.map { [.text($0.name), .text($0.encoded)] }))
    return .clean
  }
}

struct WitnessCosign: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cosign",
    abstract: "Xét và ký một yêu cầu, qua tệp · Answer one request, by files",
    discussion: """
      For a machine without a network. The answer is the cosignature, or why there is none: then exit code 1. Two \
      histories that the log signed are kept as evidence.

      EXAMPLE
        dossier witness cosign lam-chung yeu-cau.txt --output tra-loi.txt
      """)

  @OptionGroup var witness: WitnessOptions

  @Argument(
    help: ArgumentHelp("The request, or - for standard input.", valueName: "request"), completion: .file())
  var request: String

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let folder = try WitnessFolder(opening: witness.folder)
    let answer = try folder.answer(try InputFile.read(request, limit: 1 << 20))
    let body = String(decoding: answer.reply.body, as: UTF8.self)
    if session.format == .table {
      try session.output.write(body)
    } else {
      try session.print(
        [
          Column("status", vi: "Trả lời", en: "Status", kind: .integer),
          Column("reply", vi: "Nội dung", en: "Reply", kind: .code),
          Column("evidence", vi: "Chứng cứ", en: "Evidence", kind: .code),
        ],
        [.integer(answer.reply.status), .text(body), .text(orNone: answer.evidence)])
    }
    try session.output.flush()
    switch answer.reply {
    case .cosigned: return .clean
    case .conflict(let size): session.tell([Finding(.witnessElsewhere, file: request, found: "\(size)")])
    default:
      session.tell([
        Finding(.witnessRefused, file: request, detail: String(body.prefix { $0 != "\n" }))
      ])
    }
    if let evidence = answer.evidence {
      session.tell([Finding(.logForked, file: evidence, found: evidence)])
    }
    return .problems
  }
}

struct WitnessServe: Verb {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Làm chứng qua HTTP trên máy này · Answer requests over HTTP on this machine",
    discussion: """
      POST /add-checkpoint on 127.0.0.1 (C2SP tlog-witness); others reach it through a web server with TLS before it. \
      Ctrl-C ends it; nothing that was answered is lost.

      EXAMPLE
        dossier witness serve lam-chung --port 8085
        curl --data-binary @yeu-cau.txt http://127.0.0.1:8085/add-checkpoint
      """)

  @OptionGroup var witness: WitnessOptions

  @Option(help: "Port of 127.0.0.1; 0 for any that is free.")
  var port: UInt16

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let folder = try WitnessFolder(opening: witness.folder)
    let server = try WitnessServer(witness: folder, port: port)
    Talk.line("http://127.0.0.1:\(server.port)/add-checkpoint")
    try server.run { Talk.line($0) }
    return .clean
  }
}
