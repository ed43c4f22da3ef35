public import CustodyLog
internal import DossierCore

/// What is known of a backup, in the text file beside it: what it holds, and the digest it is recognised by.
///
/// Lines `<word> <value>`, one with the SHA-256 of each small file that goes along, an empty line, and the last checkpoint
/// that was signed before, as it stands.
public struct BackupRecord: Hashable, Sendable {
  /// Name of the copy, without its folder.
  public var file: String
  public var bytes: Int64
  public var sha256: Digest
  /// Name of the log.
  public var origin: String
  /// Who keeps the store.
  public var office: String
  /// Size and root of the log in the copy, hashed from its rows.
  public var head: LogHead
  /// When it was begun: RFC 3339.
  public var taken: String
  public var program: String
  /// SHA-256 of the small files that go along.
  public var companions: [BackupCompanion: Digest]
  /// The last signed checkpoint, for information; empty when there was none.
  public var checkpoint: String

  private static let title = "postal-dossier backup 1"

  /// The record of a backup file.
  public static func path(of file: String) -> String { file + ".txt" }

  var text: String {
    """
    \(Self.title)
    file \(file)
    bytes \(bytes)
    sha256 \(sha256.hex)
    origin \(origin)
    office \(office)
    size \(head.size)
    root \(head.root.base64)
    taken \(taken)
    program \(program)
    \(companionLines)
    \(checkpoint)
    """
  }

  private var companionLines: String {
    BackupCompanion.allCases.map { kind in companions[kind].map { "\(kind.word) \($0.hex)\n" } ?? "" }
      .joined()
  }

  init(
    file: String, bytes: Int64, sha256: Digest, origin: String, office: String, head: LogHead, taken: String,
    program: String, companions: [BackupCompanion: Digest] = [:], checkpoint: String
  ) {
    self.file = file
    self.bytes = bytes
    self.sha256 = sha256
    self.origin = origin
    self.office = office
    self.head = head
    self.taken = taken
    self.program = program
    self.companions = companions
    self.checkpoint = checkpoint
  }

  /// - Returns: nil when the text is no record, or one of another kind.
  init?(_ bytes: [UInt8]) {
    guard let whole = String(validating: bytes, as: UTF8.self) else { return nil }
    var lines = whole.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    guard lines.popFirst().map({ $0.elementsEqual(Self.title.utf8) }) == true else { return nil }
    var values: [String: String] = [:]
    while let line = lines.popFirst(), !line.isEmpty {
      guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
      values[String(decoding: line[..<space], as: UTF8.self)] =
        String(decoding: line[line.index(after: space)...], as: UTF8.self)
    }
    guard let file = values["file"], let count = values["bytes"].flatMap({ Int64($0) }),
      let sha256 = values["sha256"].flatMap({ Digest(hex: $0) }), let origin = values["origin"],
      let office = values["office"], let size = values["size"].flatMap({ UInt64($0) }),
      let root = values["root"].flatMap({ Digest(base64: $0) }), let taken = values["taken"],
      let program = values["program"]
    else { return nil }
    let rest = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    self.init(
      file: file, bytes: count, sha256: sha256, origin: origin, office: office,
      head: LogHead(size: size, root: root), taken: taken, program: program, checkpoint: rest)
    for kind in BackupCompanion.allCases { companions[kind] = values[kind.word].flatMap { Digest(hex: $0) } }
    // A line that is missing, changed or added makes another text.
    guard text.utf8.elementsEqual(whole.utf8) else { return nil }
  }
}
