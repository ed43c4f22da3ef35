internal import ArgumentParser
internal import DossierTracker

struct LogWitnessRequest: Verb {
  static let configuration = CommandConfiguration(
    commandName: "witness-request",
    abstract: "Lập yêu cầu bên làm chứng ký điểm chốt · Ask a witness to cosign the newest checkpoint",
    discussion: """
      A text of a few lines (C2SP tlog-witness, add-checkpoint) to send by HTTP, e-mail or on a stick. The size at which \
      the witness is comes from the last checkpoint that it cosigned here, or from --old.

      EXAMPLE
        dossier log witness-request --witness thanh-tra.pub --output yeu-cau.txt
        dossier log add-cosignature tra-loi.txt --witness thanh-tra.pub
      """)

  @Option(
    help: ArgumentHelp("The witness's public key: whose last cosignature counts.", valueName: "vkey-file"),
    completion: .file())
  var witness: String?

  @Option(
    help: ArgumentHelp(
      "Size that the witness is at, when it is known better; 0 for a new one.", valueName: "n"))
  var old: UInt64?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let key = try witness.flatMap { try WitnessKeys.read($0).first }
    let request = try store.write().witnessRequest(for: key, oldSize: old)
    let text = String(decoding: request.bytes, as: UTF8.self)
    if session.format == .table {
      try session.output.write(text)
    } else {
      try session.print(
        [
          Column("oldSize", vi: "Từ", en: "From", kind: .integer),
          Column("size", vi: "Đến", en: "To", kind: .integer),
          Column("root", vi: "Gốc", en: "Root", kind: .code),
          Column("request", vi: "Yêu cầu", en: "Request", kind: .code),
        ],
        [
          .integer(Int(clamping: request.oldSize)), .integer(Int(clamping: request.head.size)),
          .text(request.head.root.base64), .text(text),
        ])
    }
    return .clean
  }
}

struct LogAddCosignature: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add-cosignature",
    abstract: "Nhận chữ ký của bên làm chứng · Take a witness's cosignature",
    discussion: """
      The line is checked with the witness's key and put under the kept checkpoint; proofs and the next publication \
      bear it.

      EXAMPLE
        dossier log add-cosignature tra-loi.txt --witness thanh-tra.pub
        dossier log publish cong-bo
      """)

  @Argument(
    help: ArgumentHelp("The witness's answer, or - for standard input.", valueName: "reply"),
    completion: .file())
  var reply: String

  @Option(
    help: ArgumentHelp("Public keys of witnesses, one a line.", valueName: "vkey-file"), completion: .file())
  var witness: String?

  @Option(
    help: ArgumentHelp("File with witnesses (C2SP tlog-policy).", valueName: "policy"), completion: .file())
  var policy: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard (witness == nil) != (policy == nil) else {
      throw ValidationError("Either --witness or --policy says whose cosignatures count.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    var keys: [WitnessVerifierKey] = []
    if let witness { keys = try WitnessKeys.read(witness) }
    if let policy {
      keys = try TrustOptions.parse(policy) { try TrustPolicy.parse($0) }.witnesses.map(\.key)
    }
    let added = try store.write().addCosignatures(try InputFile.read(reply), of: keys, name: reply)
    try session.print(
      TabularDocument(
        columns: [
          Column("size", vi: "Điểm chốt", en: "Checkpoint", kind: .integer),
          Column("witness", vi: "Bên làm chứng", en: "Witness", kind: .code),
          Column("time", vi: "Ký lúc", en: "Cosigned at", kind: .time),
        ],
        rows: added.map {
          [
            .integer(Int(clamping: $0.size)), .text($0.witness),
            .text(orNone: EvidenceTime.text(seconds: $0.time)),
          ]
        }))
    return .clean
  }
}

/// A file of witnesses' public keys.
enum WitnessKeys {
  /// - Throws: wrong usage when it is none.
  static func read(_ file: String) throws -> [WitnessVerifierKey] {
    try TrustOptions.parse(file) { bytes in
      let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      guard !lines.isEmpty else { throw LogKeyError.malformedKey }
      return try lines.map { try WitnessVerifierKey(encoded: String($0)) }
    }
  }
}
