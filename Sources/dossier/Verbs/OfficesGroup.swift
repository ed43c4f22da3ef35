internal import ArgumentParser
internal import DossierTracker

struct OfficesGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offices",
    abstract: "Danh mục bưu cục, trung tâm, cơ quan · Master data of offices",
    discussion: """
      EXAMPLE
        dossier offices import SampleData/offices.csv
      """,
    subcommands: [OfficesImport.self, OfficesList.self])
}

struct OfficesImport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Nhập danh mục từ tệp CSV · Import offices from a CSV file",
    discussion: """
      Columns: code,name,kind,province,parent; kind is post, transport, center or agency. A file with an \
      error is not recorded at all; offices that it does not name stay as they are.

      EXAMPLE
        dossier offices import SampleData/offices.csv
      """)

  @Argument(
    help: ArgumentHelp("CSV file, or - for standard input.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var file: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let bytes = try InputFile.read(file)
    let tracker = try store.write()
    let (offices, findings) = OfficesFile.read(bytes, name: file)
    let isRejected = findings.contains { $0.severity == .error }
    let changed = isRejected ? 0 : try tracker.record(offices: offices)
    let signing = Result { try tracker.checkpointIfPermitted() }
    let columns = [
      Column("file", vi: "Tệp", en: "File", kind: .code),
      Column("status", vi: "Kết quả", en: "Status", kind: .code),
      Column("offices", vi: "Đơn vị", en: "Offices", kind: .integer),
      Column("changed", vi: "Mới hoặc đổi", en: "New or changed", kind: .integer),
    ]
    let status: DocumentOutcome.Status =
      isRejected ? .rejected : changed > 0 ? .recorded : .alreadyRecorded
    let row: [Cell] = [
      .text(file), .text(session.labels.map { status.label($0) } ?? status.rawValue),
      .integer(offices.count), .integer(changed),
    ]
    guard case .object(let members) = JSONOutput.row(columns, row) else { return .problems }
    try session.print(
      columns, row,
      json: .object(members + [.init(key: "findings", value: findings.json(session.language))]))
    try session.output.flush()
    if session.format != .json { session.tell(findings) }
    _ = try signing.get()
    return Outcome(clean: !isRejected)
  }
}

struct OfficesList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Các đơn vị đã ghi · The offices recorded",
    discussion: """
      EXAMPLE
        dossier offices list --format csv --output donvi.csv
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let offices = try store.read().offices()
    try session.print(TabularDocument(columns: OfficeTable.columns, rows: offices.map(OfficeTable.row)))
    return .clean
  }
}
