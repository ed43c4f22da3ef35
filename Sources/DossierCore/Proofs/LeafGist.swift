public import CustodyLog

/// What a check of a whole log needs of each leaf: to which item it belongs and after which event it comes.
///
/// Nearly all leaves are plain: nothing but ASCII, no escapes, no rare attributes. Those are read in one pass; whatever
/// looks different is left to ``LeafText``, and both give the same answer.
public struct LeafGist: Sendable {
  /// nil for a kind that this version does not know.
  public var kind: EventKind?
  public var item: [UInt8]?
  public var sequence: Int64
  public var previous: Digest?
  /// The whole leaf, where it had to be read whole.
  public var text: LeafText?
}

/// Reads leaf after leaf of one log.
public struct LeafGistReader {
  /// Kinds met so far, by their words: a log has few.
  private var kinds: [(word: [UInt8], kind: EventKind)] = []

  public init() {}

  /// - Throws: what ``LeafText`` says of the leaf.
  public mutating func read(_ leaf: [UInt8]) throws(LeafText.Problem) -> LeafGist {
    if let plain = plain(leaf) { return plain }
    guard let string = String(validating: leaf, as: UTF8.self) else { throw .format("UTF-8") }
    let text = try LeafText(string)
    return LeafGist(
      kind: text.kind, item: text.item.map { Array($0.utf8) }, sequence: text.sequence,
      previous: text.previous, text: text)
  }

  /// Members in the order in which they stand; the required ones are marked.
  private static let members: [(key: [UInt8], isText: Bool, isRequired: Bool)] = [
    ("at", false, true), ("by", true, false), ("c", true, false), ("grade", true, true), ("id", true, true),
    ("item", true, false), ("kind", true, true), ("manifest", true, false), ("office", true, true),
    ("prev", true, false), ("reason", true, false), ("rt", false, true), ("seq", false, true),
    ("to", true, false), ("v", false, true), ("z", false, true),
  ].map { (Array($0.0.utf8), $0.1, $0.2) }

  /// - Returns: nil for a leaf that is not plain, whatever is the matter with it.
  private mutating func plain(_ leaf: [UInt8]) -> LeafGist? {
    guard leaf.count > 2, leaf.count <= CanonicalJSON.greatestByteCount, leaf[0] == UInt8(ascii: "{") else {
      return nil
    }
    var gist = LeafGist(kind: .accepted, item: nil, sequence: 0, previous: nil, text: nil)
    var position = 1
    for (place, member) in Self.members.enumerated() {
      guard Self.matches(member.key, leaf, position) else {
        if member.isRequired { return nil }
        continue
      }
      position += member.key.count + 3
      if member.isText {
        guard let text = Self.text(leaf, &position) else { return nil }
        switch place {
        case 2: guard Self.digest(leaf[text]) != nil else { return nil }
        case 5: gist.item = Array(leaf[text])
        case 6:
          guard let kind = kind(leaf[text]) else { return nil }
          gist.kind = kind
        case 9:
          guard let digest = Self.digest(leaf[text]) else { return nil }
          gist.previous = digest
        default: break
        }
      } else {
        guard let number = Self.number(leaf, &position) else { return nil }
        if place == 12 { gist.sequence = number }
        if place == 14, number != Int64(EventLeaf.version) { return nil }
      }
      guard position < leaf.count else { return nil }
      if leaf[position] == UInt8(ascii: "}") {
        return place == Self.members.count - 1 && position == leaf.count - 1 ? gist : nil
      }
      guard leaf[position] == UInt8(ascii: ",") else { return nil }
      position += 1
    }
    return nil
  }

  private static func matches(_ key: [UInt8], _ leaf: [UInt8], _ position: Int) -> Bool {
    guard position + key.count + 3 < leaf.count, leaf[position] == UInt8(ascii: "\""),
      leaf[position + key.count + 1] == UInt8(ascii: "\""),
      leaf[position + key.count + 2] == UInt8(ascii: ":")
    else { return false }
    for offset in key.indices where leaf[position + 1 + offset] != key[offset] { return false }
    return true
  }

  /// Range of a string's characters; `position` is set behind it.
  private static func text(_ leaf: [UInt8], _ position: inout Int) -> Range<Int>? {
    guard leaf[position] == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    var end = start
    while end < leaf.count, leaf[end] != UInt8(ascii: "\"") {
      let byte = leaf[end]
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
      end += 1
    }
    position = end + 1
    return start..<end
  }

  private static func number(_ leaf: [UInt8], _ position: inout Int) -> Int64? {
    let isNegative = leaf[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let start = position
    var value: Int64 = 0
    while position < leaf.count, (0x30...0x39).contains(leaf[position]), position - start < 15 {
      value = value * 10 + Int64(leaf[position] - 0x30)
      position += 1
    }
    let count = position - start
    guard count > 0, count == 1 || leaf[start] != 0x30, !(isNegative && value == 0) else { return nil }
    return isNegative ? -value : value
  }

  private static func digest(_ text: ArraySlice<UInt8>) -> Digest? {
    Digest(base64URL: String(decoding: text, as: UTF8.self))
  }

  private mutating func kind(_ word: ArraySlice<UInt8>) -> EventKind? {
    if let known = kinds.first(where: { $0.word.elementsEqual(word) }) { return known.kind }
    guard let kind = EventKind(word: String(decoding: word, as: UTF8.self)) else { return nil }
    kinds.append((Array(word), kind))
    return kind
  }
}
