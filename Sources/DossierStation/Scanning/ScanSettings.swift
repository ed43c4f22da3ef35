internal import DossierTracker
internal import Foundation

/// What the scan page's script is told, so that commands, keys, sounds and texts are written down once.
struct ScanSettings: Sendable {
  var manifest: String
  /// Manifests that a barcode may switch to.
  var others: [String]
  var clerk: String
  var language: Language

  var json: JSONOutput {
    let number = PageWords.encoded(manifest)
    return [
      "manifest": .string(manifest), "manifests": .array(others.map(JSONOutput.string)),
      "clerk": .string(clerk), "screen": .string("\(ScanCommand.Screen.scan.rawValue)"),
      "session": .string("/v1/manifests/\(number)/session"), "scans": .string("/v1/scans"),
      "unlock": .string("/v1/session/unlock"),
      "sign": .string(SignOffPage.path(manifest) + "/sign"),
      "keys": .object(
        ScanCommand.allCases.compactMap { command in
          guard let key = command.key, key.utf8.count > 1, let action = Self.action(command) else {
            return nil
          }
          return .init(key: key, value: .string(action))
        } + [.init(key: "Shift+F6", value: .string("print"))]),
      "commands": .object(
        ScanCommand.allCases.compactMap { command in
          Self.action(command).map {
            .init(key: String(command.code.dropFirst(3).dropLast()), value: .string($0))
          }
        }),
      "grades": .array(
        ScanCommand.allCases.compactMap { command in
          command.damage.map {
            [
              "digit": .string(command.key ?? ""), "word": .string($0.word),
              "label": .string($0.label(language)),
            ]
          }
        }),
      "causes": .array(
        ScanCommand.allCases.compactMap { command in
          command.cause.map {
            [
              "digit": .string(command.key ?? ""), "word": .string($0.rawValue),
              "label": .string($0.label(language)),
            ]
          }
        }),
      "sounds": .object(Tone.all.map { .init(key: $0.0, value: $0.1.json) }),
      "texts": .object(
        ScanTexts.all.sorted { $0.key < $1.key }.map {
          .init(key: $0.key, value: .string($0.value[language == .vi ? .vi : .en]))
        }),
    ]
  }

  /// What the script does at a command.
  private static func action(_ command: ScanCommand) -> String? {
    if let grade = command.damage { return "grade:\(grade.word)" }
    if let cause = command.cause { return "cause:\(cause.rawValue)" }
    return switch command {
    case .help: "help"
    case .field: "back"
    case .damaged: "damaged"
    case .shortList: "short"
    case .undo: "undo"
    case .acknowledge: "acknowledge"
    case .close: "close"
    case .confirm: "confirm"
    case .cancel: "cancel"
    default: nil
    }
  }

  /// Digits and what they choose.
  static func choices(_ commands: [ScanCommand], _ language: Language) -> [[String: String]] {
    commands.map { ["digit": $0.key ?? "", "label": $0.label(language)] }
  }

  /// Keys and codes with what they do, for the help panel.
  static func sheet(_ language: Language) -> [[String: String]] {
    ScanCommand.allCases.filter { $0.damage == nil && $0.cause == nil }.map { command in
      var line = ["code": command.code, "label": command.label(language)]
      line["key"] = command.key?.replacing("Escape", with: "Esc")
      return line
    }
  }
}

/// The sound of a verdict, made by the browser.
struct Tone: Sendable {
  var hertz: Int
  var milliseconds: Int
  var times = 1
  var pause = 90
  var volume = 0.15

  var json: JSONOutput {
    [
      "hertz": .integer(hertz), "milliseconds": .integer(milliseconds), "times": .integer(times),
      "pause": .integer(pause), "volume": .decimal(volume),
    ]
  }

  /// By state of the verdict.
  static let all: [(String, Tone)] = [
    ("accepted", Tone(hertz: 880, milliseconds: 90)),
    ("attention", Tone(hertz: 440, milliseconds: 130, times: 2)),
    ("wrong", Tone(hertz: 220, milliseconds: 350, times: 3)),
    ("stop", Tone(hertz: 220, milliseconds: 500, times: 2, pause: 200)),
    ("soft", Tone(hertz: 440, milliseconds: 40, volume: 0.04)),
  ]
}
