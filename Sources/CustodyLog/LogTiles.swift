/// One file of a published log (c2sp.org/tlog-tiles): 256 hashes of one level of the tree, or the 256 leaves below
/// one tile of level 0. At the right edge of the log a file holds fewer, and says so in its name.
///
/// A full file never changes, so a mirror copies what is new, and any proof can be made from copied files.
public struct LogTile: Hashable, Sendable {
  /// Greatest number of hashes or leaves of a file.
  public static let greatestWidth = 256

  /// What a file holds.
  public enum Content: Hashable, Sendable {
    /// Roots of complete subtrees of `256^level` leaves.
    case hashes(level: Int)
    /// The leaves themselves.
    case entries
  }

  public let content: Content
  /// Number among the files of its kind, from 0.
  public let index: UInt64
  /// How many hashes or leaves it holds, 1 to 256.
  public let width: Int

  /// - Parameters:
  ///   - content: with a level from 0 to 7.
  ///   - width: 1 to 256.
  /// - Returns: nil for numbers out of range.
  public init?(_ content: Content, index: UInt64, width: Int = LogTile.greatestWidth) {
    if case .hashes(let level) = content, !(0...7).contains(level) { return nil }
    guard (1...LogTile.greatestWidth).contains(width), index <= UInt64.max >> 8 else { return nil }
    self.content = content
    self.index = index
    self.width = width
  }

  /// Whether the file will never change.
  public var isFull: Bool { width == LogTile.greatestWidth }

  // MARK: - Paths

  /// `tile/<level>/<number>` or `tile/entries/<number>`, for a file that is not full with `.p/<width>`; the number
  /// in groups of three digits, all but the last with an `x` before them.
  public var path: String {
    var rest = index
    var number = ""
    repeat {
      let digits = String(rest % 1000)
      let group = String(repeating: "0", count: 3 - digits.count) + digits
      number = number.isEmpty ? group : "x\(group)/\(number)"
      rest /= 1000
    } while rest > 0
    let kind =
      switch content {
      case .hashes(let level): String(level)
      case .entries: "entries"
      }
    return "tile/\(kind)/\(number)" + (isFull ? "" : ".p/\(width)")
  }

  /// Reads a path; only the one spelling that ``path`` writes is accepted.
  public init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "tile" else { return nil }
    var groups = parts.dropFirst(2)
    var width = LogTile.greatestWidth
    if let last = groups.last, let before = groups.dropLast().last, before.hasSuffix(".p") {
      guard let stated = Int(last), stated < LogTile.greatestWidth else { return nil }
      width = stated
      groups = groups.dropLast(2) + [before.dropLast(2)]
    }
    let digits = groups.joined().utf8.filter { $0 != UInt8(ascii: "x") }
    guard digits.count <= 18, let index = UInt64(String(decoding: digits, as: UTF8.self)) else { return nil }
    let content: Content? = parts[1] == "entries" ? .entries : Int(parts[1]).map { .hashes(level: $0) }
    guard let content else { return nil }
    self.init(content, index: index, width: width)
    guard self.path.hasSameBytes(as: path) else { return nil }
  }

  // MARK: - Growth

  /// The files that a log needs anew when it grows: those that are new, fuller or full now. Files of a smaller width
  /// may be deleted once the full one is there; full ones of before are not touched.
  ///
  /// - Parameters:
  ///   - old: number of leaves already published.
  ///   - new: number of leaves now.
  /// - Returns: leaves first, then hashes from level 0 upwards; none unless the log has grown.
  public static func growth(from old: UInt64, to new: UInt64) -> [LogTile] {
    guard old < new else { return [] }
    var tiles = files(.entries, from: old, to: new)
    for level in 0...7 {
      let shift = UInt64(8 * level)
      if new >> shift == 0 { break }
      tiles += files(.hashes(level: level), from: old >> shift, to: new >> shift)
    }
    return tiles
  }

  /// All files of a log of this size.
  public static func all(size: UInt64) -> [LogTile] { growth(from: 0, to: size) }

  private static func files(_ content: Content, from old: UInt64, to new: UInt64) -> [LogTile] {
    guard old < new else { return [] }
    var tiles = (old >> 8..<new >> 8).compactMap { LogTile(content, index: $0) }
    if let edge = LogTile(content, index: new >> 8, width: Int(new & 255)) { tiles.append(edge) }
    return tiles
  }

  /// The file that holds entry `position` of its kind in a log, in its fullest form.
  ///
  /// - Parameters:
  ///   - position: number of the leaf, or of the hash within its level.
  ///   - size: number of leaves of the log.
  /// - Returns: nil when the log has no such entry.
  public static func holding(_ content: Content, position: UInt64, size: UInt64) -> LogTile? {
    var count = size
    if case .hashes(let level) = content {
      guard (0...7).contains(level) else { return nil }
      count >>= UInt64(8 * level)
    }
    guard position < count else { return nil }
    let index = position >> 8
    let width = index < count >> 8 ? greatestWidth : Int(count & 255)
    return LogTile(content, index: index, width: width)
  }
}

// MARK: - Contents

extension LogTile {
  /// Hashes of a tile from kept roots of subtrees.
  ///
  /// - Parameter subtree: asked for the roots of the tile's own level only, ``MerkleProof/SubtreeRoot``.
  /// - Returns: none for a file of leaves.
  /// - Throws: what `subtree` throws.
  public func hashes<Failure: Error>(
    subtree: MerkleProof.SubtreeRoot<Failure>
  ) throws(Failure) -> [Digest] {
    guard case .hashes(let level) = content else { return [] }
    var hashes: [Digest] = []
    for position in 0..<UInt64(width) { hashes.append(try subtree(8 * level, index << 8 | position)) }
    return hashes
  }

  /// The bytes of a tile of hashes.
  public static func encode(_ hashes: [Digest]) -> [UInt8] { hashes.flatMap(\.bytes) }

  /// Reads the bytes of this tile of hashes.
  ///
  /// - Returns: nil unless there are exactly ``width`` hashes.
  public func parseHashes(_ bytes: [UInt8]) -> [Digest]? {
    guard bytes.count == width * Digest.byteCount else { return nil }
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(bytes[$0..<($0 + Digest.byteCount)])
    }
  }

  /// The bytes of a file of leaves: each with its length before it in two bytes, big-endian.
  ///
  /// - Returns: nil when a leaf is longer than 65,535 bytes.
  public static func encode(entries: [[UInt8]]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for entry in entries {
      guard let count = UInt16(exactly: entry.count) else { return nil }
      bytes.append(UInt8(count >> 8))
      bytes.append(UInt8(count & 255))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }

  /// Reads the bytes of this file of leaves.
  ///
  /// - Returns: nil unless there are exactly ``width`` leaves and nothing after them.
  public func parseEntries(_ bytes: [UInt8]) -> [[UInt8]]? {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while let high = rest.popFirst() {
      guard let low = rest.popFirst() else { return nil }
      let count = Int(high) << 8 | Int(low)
      guard rest.count >= count else { return nil }
      entries.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return entries.count == width ? entries : nil
  }

  /// Root of a complete subtree, folded from the tile that holds its hashes: for ``MerkleProof`` over files.
  ///
  /// - Parameters:
  ///   - level: the subtree has `2^level` leaves, 0 to 63.
  ///   - index: it covers the leaves from `index * 2^level`.
  ///   - size: number of leaves of the log whose files are read.
  ///   - read: the hashes of a tile, as ``parseHashes(_:)`` gives them.
  /// - Returns: nil when the log has no such subtree, or `read` gave too few hashes.
  /// - Throws: what `read` throws.
  public static func subtree<Failure: Error>(
    level: Int, index: UInt64, size: UInt64, read: (LogTile) throws(Failure) -> [Digest]
  ) throws(Failure) -> Digest? {
    guard (0...63).contains(level), index < size >> UInt64(level) else { return nil }
    let within = level % 8
    let first = index << UInt64(within)
    guard let tile = holding(.hashes(level: level / 8), position: first, size: size) else { return nil }
    var hashes = try read(tile)
    let start = Int(first & 255)
    let count = 1 << within
    guard hashes.count == tile.width, start + count <= hashes.count else { return nil }
    hashes = Array(hashes[start..<(start + count)])
    while hashes.count > 1 {
      hashes = stride(from: 0, to: hashes.count, by: 2).map { MerkleHash.node(hashes[$0], hashes[$0 + 1]) }
    }
    return hashes.first
  }
}
