internal import DossierTracker
internal import Foundation

/// The accounts and tokens of a station: `station/people.json` in the folder of the store.
///
/// The command and a running station change it side by side: every change is made under a lock on what the file says
/// then, and whoever reads sees by its stamp that it changed.
struct PeopleFile: Sendable {
  struct Content: Hashable, Sendable, Codable {
    var version = 1
    var accounts: [Account] = []
    var tokens: [ProgramToken] = []

    func account(_ code: String) -> Account? {
      let folded = code.lowercased()
      return accounts.first { $0.foldedCode == folded }
    }
  }

  private let file: PrivateFile

  init(data: String) { file = .people(data: data) }

  /// Where a station keeps what is not in the store.
  static func folder(_ data: String) -> String { "\(data)/station" }

  var stamp: PrivateFile.Stamp? { file.stamp }

  /// What the file says.
  ///
  /// - Returns: no accounts when there is no file.
  /// - Throws: ``TrackerRefusal`` when there is one that is not whole: an empty or cut file is never "nobody".
  func read() throws -> Content {
    guard let bytes = try file.read() else { return Content() }
    let refusal = TrackerRefusal(Finding(.peopleFileDamaged, path: file.path))
    guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.version == 1,
      Set(content.accounts.map(\.foldedCode)).count == content.accounts.count,
      Set(content.tokens.map(\.id)).count == content.tokens.count,
      content.accounts.allSatisfy({ $0.password.hasPrefix("$argon2id$") && $0.pin.hasPrefix("$argon2id$") })
    else { throw refusal }
    return content
  }

  /// Changes the file.
  ///
  /// - Parameter body: runs while nobody else changes it; when it throws, the file stays as it was.
  func change<T>(_ body: (inout Content) throws -> T) throws -> T {
    try file.whileLocked {
      var content = try read()
      let before = content
      let result = try body(&content)
      if content != before {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try file.write([UInt8](try encoder.encode(content)) + [0x0A])
      }
      return result
    }
  }
}
