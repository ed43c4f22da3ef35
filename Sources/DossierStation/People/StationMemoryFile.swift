internal import Dispatch
internal import DossierTracker
internal import Foundation
internal import Synchronization

/// Writes ``StationMemory`` to the disk, on a thread of its own.
final class StationMemoryFile: Sendable {
  private let file: PrivateFile
  private let queue = DispatchQueue(label: "station.memory")

  init(data: String) { file = PrivateFile(folder: PeopleFile.folder(data), name: "sessions.json") }

  /// - Returns: nil when there is none, or one that cannot be read: then everybody signs in again.
  func read() -> StationMemory? {
    guard let bytes = try? file.read() else { return nil }
    let memory = try? JSONDecoder().decode(StationMemory.self, from: Data(bytes))
    return memory?.version == 1 ? memory : nil
  }

  /// Writes what `memory` gives at the time of writing, so that the newest is always the last.
  func write(_ memory: @escaping @Sendable () -> StationMemory) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      queue.async { [file] in
        continuation.resume(with: Result { try file.write(Self.encode(memory())) })
      }
    }
  }

  /// The same, when nobody has to wait for it: what is lost by a failure is when somebody was last seen.
  func writeSoon(_ memory: @escaping @Sendable () -> StationMemory) {
    queue.async { [file] in try? file.write(Self.encode(memory())) }
  }

  private static func encode(_ memory: StationMemory) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return [UInt8](try encoder.encode(memory)) + [0x0A]
  }
}

extension PeopleRegister {
  /// When each token was last used, as the running station noted it: milliseconds since 1970 UTC by identifier.
  public static func tokenUses(data: String) -> [String: Int64] {
    StationMemoryFile(data: data).read()?.tokenUses ?? [:]
  }
}
