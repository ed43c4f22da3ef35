internal import CustodyLog
internal import DossierTracker
internal import Foundation

/// A side of a hand-over.
enum HandOverSide: String, Codable, Hashable, Sendable, CaseIterable {
  case giver, receiver

  var other: HandOverSide { self == .giver ? .receiver : .giver }

  func label(_ language: Language) -> String {
    switch (self, language) {
    case (.giver, .vi): "bên giao"
    case (.receiver, .vi): "bên nhận"
    case (.giver, .en): "giver"
    case (.receiver, .en): "receiver"
    }
  }
}

/// The first of the two signatures under a manifest's list. It counts for that very list only.
struct FirstSignature: Codable, Hashable, Sendable {
  var manifest: String
  var side: HandOverSide
  /// Code of the person who signed.
  var by: String
  /// Milliseconds since 1970 UTC.
  var at: Int64
  /// SHA-256 of the list, hexadecimal.
  var list: String
  var isOffline: Bool

  /// Half an hour: both sides stand at one counter before a list that does not change any more. A longer wait, to the end
  /// of a shift, would let somebody sign against a person who left the bag hours ago.
  static let longest: Int64 = 30 * 60_000

  /// When it falls, if the other side has not signed.
  var until: Int64 { at + Self.longest }

  /// Whether it counts at a time. One from the future, but for a clock that was put right, does not.
  func counts(at now: Int64) -> Bool { now < until && at <= now + 60_000 }

  /// Whether somebody is the one who signed: codes are one whatever their letters' case.
  func isOf(_ code: String) -> Bool { by.lowercased() == code.lowercased() }
}

/// Keeps first signatures in the station's folder until the second comes: a station that is killed in between loses
/// nothing, and the next one on the same store sees them. The log takes the hand-over only when both have signed.
struct SignatureFolder: Sendable {
  private let folder: StationFolder

  init(data: String) { folder = StationFolder(data: data, name: "signatures") }

  /// Runs `body` while nobody else signs, in this process or another.
  func whileLocked<Value>(_ body: () throws -> Value) throws -> Value { try folder.whileLocked(body) }

  /// The signature that waits for the other side; nil when there is none, or none under this list.
  func waiting(for manifest: String, list: Digest) throws -> FirstSignature? {
    guard let bytes = try folder.read(Self.name(manifest)),
      let signature = try? JSONDecoder().decode(FirstSignature.self, from: Data(bytes)),
      signature.manifest == manifest, signature.list == list.hex
    else { return nil }
    return signature
  }

  func keep(_ signature: FirstSignature) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try folder.write([UInt8](encoder.encode(signature)), to: Self.name(signature.manifest))
  }

  func drop(_ manifest: String) throws { try folder.remove(Self.name(manifest)) }

  /// Numbers of manifests may hold slashes and dots; a file's name may not.
  static func name(_ manifest: String) -> String {
    MerkleHash.sha256(Array(manifest.utf8)).hex.prefix(32) + ".json"
  }
}

/// How often each record was put on paper, so that a sheet says whether it is the first.
struct PrintCount: Sendable {
  private let folder: StationFolder

  init(data: String) { folder = StationFolder(data: data, name: "prints") }

  /// How often the record was printed before.
  func before(_ manifest: String) throws -> Int {
    guard let bytes = try folder.read(SignatureFolder.name(manifest)) else { return 0 }
    return Int(String(decoding: bytes, as: UTF8.self)) ?? 0
  }

  /// Counts one more print.
  ///
  /// - Returns: how often it was printed before.
  func count(_ manifest: String) throws -> Int {
    try folder.whileLocked {
      let before = try before(manifest)
      try folder.write(Array("\(before + 1)".utf8), to: SignatureFolder.name(manifest))
      return before
    }
  }
}
