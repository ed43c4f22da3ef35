internal import DossierTracker
internal import Foundation
internal import HTTPTypes

/// Reads what an address says beside the path, by the rules that the command's options have.
struct PageWords: Sendable {
  let query: [String: String]

  /// Where the next page is, for programs (RFC 8288).
  static let link = HTTPField.Name("Link") ?? .location

  /// Rows of a page unless the address says otherwise, and at most.
  static let rows = 50
  static let mostRows = 1_000

  /// nil when the word is absent or empty.
  subscript(name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// - Throws: ``Problem`` 400 that names the word and what it may be.
  func read<Value>(_ name: String, expecting: String, _ value: (String) -> Value?) throws -> Value? {
    guard let text = self[name] else { return nil }
    guard let value = value(text) else {
      throw Problem(
        .badRequest,
        Finding(.pageWordWrong, path: name, expected: expecting, found: Self.short(text)))
    }
    return value
  }

  func limit() throws -> Int {
    try read("limit", expecting: "1…\(Self.mostRows)") { text in
      Int(text).flatMap { (1...Self.mostRows).contains($0) ? $0 : nil }
    } ?? Self.rows
  }

  func flag(_ name: String) throws -> Bool {
    try read(name, expecting: "1") { $0 == "1" ? true : nil } ?? false
  }

  /// The number of the row after which a page begins.
  func after() throws -> String? {
    try read("after", expecting: "…") { $0.utf8.count <= 64 ? $0 : nil }
  }

  /// As much of a text from outside as a message repeats.
  static func short(_ text: String) -> String { String(text.prefix(40)) }

  /// A path or query value.
  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
  }
  /// A path as a query value, which slashes leave readable.
  static func encoded(path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { encoded(String($0)) }.joined(
      separator: "/")
  }
  private static let allowed = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

  /// `path?a=b`, of the words that have a value.
  static func address(_ path: String, _ words: KeyValuePairs<String, String?>) -> String {
    let parts = words.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
    return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
  }

  /// A command with options, as a POSIX shell reads it back.
  static func command(_ verb: String, _ options: KeyValuePairs<String, String?>) -> String {
    options.reduce("dossier " + verb) { text, option in
      option.value.map { "\(text) --\(option.key)" + ($0.isEmpty ? "" : " \(quoted($0))") } ?? text
    }
  }

  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/._-+,:=@%".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
