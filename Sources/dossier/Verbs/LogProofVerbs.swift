internal import ArgumentParser
internal import DossierTracker

struct LogProve: Verb {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract:
      "Bằng chứng giao nhận trong một tệp cho người ngoài · One file that proves an item's custody to outsiders",
    discussion: """
      The file shows all events of an item under all its numbers, or of every item that carried a dossier, and that \
      none is missing. Whoever has the log's public key checks it without this program's store: dossier log verify, \
      Scripts/verify_bundle.py, Scripts/verify.html. Personal fields stay out unless revealed; a file is readable by \
      its owner alone.

      EXAMPLE
        dossier log prove RM473195480VN --output RM473195480VN.custody.json
        dossier log prove H48.25-260112-0001 --reveal dossier.code,recipient --output ho-so.custody.json
      """)

  @Argument(help: "Item number or dossier code, as typed or scanned.")
  var code: String

  @Option(
    help: ArgumentHelp(
      "Fields to show in clear: \(RevealedFields.names.joined(separator: ", ")).", valueName: "field,…"))
  var reveal: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws { _ = try fields() }

  private func fields() throws -> RevealedFields {
    let names = (reveal ?? "").split(separator: ",").map { $0.trimming() }
    guard let fields = RevealedFields(names: names) else {
      throw ValidationError(
        "--reveal takes \(RevealedFields.names.joined(separator: ", ")), separated by commas.")
    }
    return fields
  }

  func perform(_ session: Session) throws -> Outcome {
    let proof = try proof(try fields())
    let bundle = proof.bundle
    session.output.isPrivate = true
    let file = String(decoding: proof.file, as: UTF8.self)
    if session.format == .table {
      try session.output.write(file)
    } else {
      try session.print(
        [
          Column("items", vi: "Bưu gửi", en: "Items"),
          Column("events", vi: "Sự kiện", en: "Events", kind: .integer),
          Column("size", vi: "Điểm chốt", en: "Checkpoint", kind: .integer),
          Column("root", vi: "Gốc", en: "Root", kind: .code),
          Column("cosigned", vi: "Có làm chứng", en: "Cosigned", kind: .flag),
          Column("proof", vi: "Bằng chứng", en: "Proof", kind: .code),
        ],
        [
          .list(bundle.items.map(\.number)), .integer(bundle.events.count), .integer(Int(proof.head.size)),
          .text(proof.head.root.base64), .flag(proof.isCosigned), .text(file),
        ])
    }
    try session.output.flush()
    if rows.output != nil {
      session.say(
        vi:
          "\(bundle.events.count) sự kiện của \(bundle.items.map(\.number).joined(separator: ", ")), điểm chốt "
          + "\(proof.head.size), \(proof.file.count) byte",
        en:
          "\(bundle.events.count) events of \(bundle.items.map(\.number).joined(separator: ", ")), checkpoint "
          + "\(proof.head.size), \(proof.file.count) bytes")
    }
    if !proof.isCosigned {
      session.say(
        vi: Talk.hint("chưa có bên làm chứng nào ký điểm chốt này: dossier log witness-request"),
        en: Talk.hint("no witness has cosigned this checkpoint: dossier log witness-request"))
    }
    return .clean
  }

  /// Without writing where a kept checkpoint covers everything: a store on read-only storage can prove its past.
  private func proof(_ fields: RevealedFields) throws -> CustodyProof {
    do { return try store.read().prove(code, reveal: fields, publishing: false) } catch let refusal
      as TrackerRefusal
      where refusal.finding.code == .proofNotCovered
    {
      return try store.write().prove(code, reveal: fields)
    }
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

struct LogPublish: Verb {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract:
      "Công bố nhật ký thành tệp để ai cũng sao và kiểm được · Publish the log as files to mirror and check",
    discussion: """
      Tiles, entries and the signed checkpoint (C2SP tlog-tiles), without personal data. Run again it adds what is new; \
      full files never change, so a file copy (rsync) of the folder is a mirror. If it is interrupted, run it again.

      EXAMPLE
        dossier log publish cong-bo
        dossier log verify cong-bo --key log.pub
      """)

  @Argument(
    help: ArgumentHelp("The folder, made when it is not there.", valueName: "dir"), completion: .directory)
  var folder: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let progress = Progress()
    defer { progress.clear() }
    let tracker = try store.write()
    let done = try tracker.publish(to: folder) { done, all in
      progress.show("\(all == 0 ? 100 : done * 100 / all) %")
    }
    progress.clear()
    try session.print(
      LogVerify.columns + [
        Column("newEntries", vi: "Sự kiện mới", en: "New events", kind: .integer),
        Column("newFiles", vi: "Tệp mới", en: "New files", kind: .integer),
      ],
      [
        .text(tracker.origin), .integer(Int(done.head.size)), .text(done.head.root.base64),
        .integer(Int(done.newEntries)), .integer(done.newFiles),
      ])
    return .clean
  }
}

struct LogCompare: Verb {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "So hai điểm chốt của một nhật ký · Compare two checkpoints of one log",
    discussion: """
      If the log signed two histories, the result is a file that proves it to anybody who has its public key: exit \
      code 1. Checkpoints of different sizes need the larger one's log: the store, or a published folder.

      EXAMPLE
        dossier log compare cua-toi.txt cua-ban.txt --tiles cong-bo --output tach-nhanh.evidence.json
        dossier log verify tach-nhanh.evidence.json --key log.pub
      """)

  @Argument(help: ArgumentHelp("A checkpoint.", valueName: "file"), completion: .file())
  var first: String

  @Argument(help: ArgumentHelp("Another one.", valueName: "file"), completion: .file())
  var second: String

  @Option(
    help: ArgumentHelp(
      "A published folder with the larger checkpoint's log; may be repeated.", valueName: "dir"),
    completion: .directory)
  var tiles: [String] = []

  @OptionGroup var trust: TrustOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    guard let policy = try trust.read(orOf: store) else {
      throw TrackerRefusal(Finding(.keyAbsent, path: store.path + "/keys/log.pub"))
    }
    var logs = tiles.map(LogAtHand.folder)
    if let tracker = try? store.read() { logs.append(.store(tracker)) }
    let comparison = try CheckpointComparison.make(
      (first, try InputFile.read(first)), (second, try InputFile.read(second)), policy: policy, logs: logs)
    let evidence = comparison.evidence.map { String(decoding: $0, as: UTF8.self) }
    let verdict = evidence == nil ? "consistent" : "contradiction"
    if session.format == .table {
      if let evidence {
        try session.output.write(evidence)
      } else if rows.output == nil {
        try session.output.write("\(verdict)\n")
      } else {
        Talk.line(verdict)
      }
    } else {
      try session.print(
        [
          Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
          Column("firstSize", vi: "Điểm chốt 1", en: "First", kind: .integer),
          Column("secondSize", vi: "Điểm chốt 2", en: "Second", kind: .integer),
          Column("verdict", vi: "Kết luận", en: "Verdict", kind: .code),
          Column("evidence", vi: "Chứng cứ", en: "Evidence", kind: .code),
        ],
        [
          .text(comparison.first.origin), .integer(Int(clamping: comparison.first.size)),
          .integer(Int(clamping: comparison.second.size)), .text(verdict), .text(orNone: evidence),
        ])
    }
    try session.output.flush()
    guard evidence != nil else { return .clean }
    session.tell([Finding(.logForked, found: comparison.first.origin)])
    return .problems
  }
}
