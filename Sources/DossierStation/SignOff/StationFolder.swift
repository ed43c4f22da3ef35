internal import DossierTracker

/// A folder of small files in the station's own, each there whole or not at all.
struct StationFolder: Sendable {
  /// The station's own folder.
  private let station: String
  private let name: String

  /// Longer files are none that a station wrote.
  private static let limit = 1 << 16

  init(data: String, name: String) {
    station = PeopleFile.folder(data)
    self.name = name
  }

  /// Runs `body` while nobody else does, in this process or another.
  func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
    try PrivateFile(folder: station, name: name).whileLocked(body)
  }

  /// - Returns: nil when there is no such file, or one that is too long.
  func read(_ name: String) throws -> [UInt8]? {
    do { return try file(name).read() } catch let refusal as TrackerRefusal
      where refusal.finding.code == .tooLarge
    { return nil }
  }

  func write(_ bytes: [UInt8], to name: String) throws { try file(name).write(bytes) }

  /// A file that is not there is no fault.
  func remove(_ name: String) throws { try file(name).remove() }

  private func file(_ name: String) -> PrivateFile {
    PrivateFile(folder: "\(station)/\(self.name)", name: name, above: station, limit: Self.limit)
  }
}
