/// A word as a POSIX shell reads it back.
enum CommandWord {
  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "/._-+,:=@%".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// A file by its own name: folders above it may bear people's names, and lie elsewhere for whoever repeats the command.
  static func file(_ path: String) -> String {
    quoted(path.split(separator: "/").last.map(String.init) ?? path)
  }
}
