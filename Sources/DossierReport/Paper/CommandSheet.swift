internal import DossierCore

/// The sheet of A4 beside a scanner: every command of the scan page as a code, for hands that hold no mouse.
public struct CommandSheet: Sendable {
  public struct Command: Sendable {
    public var code: String
    public var label: BilingualText
    /// The key that does the same; nil when there is none.
    public var key: String?
    /// Whether it needs the confirming code as well.
    public var isGrave: Bool

    public init(code: String, label: BilingualText, key: String? = nil, isGrave: Bool = false) {
      self.code = code
      self.label = label
      self.key = key
      self.isGrave = isGrave
    }
  }

  public struct Group: Sendable {
    public var title: BilingualText
    public var commands: [Command]

    public init(title: BilingualText, commands: [Command]) {
      self.title = title
      self.commands = commands
    }
  }

  public var groups: [Group]

  public init(groups: [Group]) { self.groups = groups }

  /// - Throws: ``RenderingRefusal`` D-7053 when a code cannot be printed.
  public func document(language: OutputLanguage) throws -> PaperDocument {
    let other: OutputLanguage = language == .vi ? .en : .vi
    let groups = try groups.map { group -> [String: Any] in
      [
        "title": Markup.escaped(group.title[language]),
        "entries": try group.commands.map { try entry($0, language, other) },
      ]
    }
    let context: [String: Any] = [
      "vi": language == .vi, "en": language == .en, "groups": groups, "otherLanguage": other.rawValue,
    ]
    return PaperDocument(
      title: language == .vi ? "Tờ lệnh quầy quét" : "Command sheet", language: language, sheet: .wall,
      body: try PaperDocument.render(PackageResources.commands_mustache, context))
  }

  private func entry(
    _ command: Command, _ language: OutputLanguage, _ other: OutputLanguage
  ) throws -> [String: Any] {
    let code = try Barcode(command.code, as: .code128)
    // The calibration code is long; it has a line to itself.
    let isWide = code.module(fitting: 45, preferred: 0.33) == nil
    guard let module = code.module(fitting: isWide ? 180 : 45, preferred: 0.33) else {
      throw RenderingRefusal(Finding(.barcodeRefused, found: command.code))
    }
    var context: [String: Any] = [
      "label": Markup.escaped(command.label[language]), "other": Markup.escaped(command.label[other]),
      "picture": code.svg(module: module, height: 10), "code": Markup.escaped(command.code),
      "grave": command.isGrave, "wide": isWide,
    ]
    if let key = command.key { context["key"] = Markup.escaped(key) }
    return context
  }
}
