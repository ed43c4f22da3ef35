internal import CustodyLog
internal import DossierCore
internal import Glibc

/// The dictionary of codes and words that rows share, seen from one connection.
///
/// The cache holds what this connection has read or written; it is emptied when a transaction is rolled back,
/// since terms written in it are gone.
final class Terms {
  private let select: Statement
  private let selectText: Statement
  private let insert: Statement?
  private var numbers = TermIndex()
  /// For an audit, only the texts that were asked for: it tells from them which terms no row uses.
  private var texts: [[UInt8]?] = []
  private var usedBeyondCache: Set<Int32> = []
  private let notesUse: Bool
  private static let cacheLimit = 200_000

  init(_ connection: Connection, writable: Bool, notesUse: Bool = false) throws {
    self.notesUse = notesUse
    select = try Statement(connection, "SELECT id FROM term WHERE text = ?1")
    selectText = try Statement(connection, "SELECT text FROM term WHERE id = ?1")
    insert =
      writable
      ? try Statement(connection, "INSERT INTO term(text, fingerprint) VALUES(?1, ?2) RETURNING id") : nil
  }

  /// The numbers whose texts were asked for.
  var used: Set<Int32> {
    usedBeyondCache.union(texts.indices.lazy.filter { self.texts[$0] != nil }.map { Int32($0) })
  }

  func forget() {
    numbers.removeAll()
    texts.removeAll(keepingCapacity: true)
  }

  /// The number of a text, which is added when it is new; 0 for an empty text.
  func number(_ text: ArraySlice<UInt8>) throws -> Int32 {
    if text.isEmpty { return 0 }
    if let known = numbers.number(text) { return known }
    if let stored = try existing(text) { return stored }
    guard let insert else { throw SQLiteError(code: 8, message: "read-only", action: "adding a term") }
    insert.bind(text: text, 1)
    insert.bind(blob: Self.fingerprint(text), 2)
    guard try insert.step() else { throw SQLiteError(code: 1, message: "no id", action: "adding a term") }
    let number = insert.term(0)
    insert.reset()
    remember(text, number)
    return number
  }

  func number(_ text: String?) throws -> Int32 {
    guard let text, !text.isEmpty else { return 0 }
    return try number(ArraySlice(text.utf8))
  }

  /// The number of a text that is already in the dictionary.
  func existing(_ text: ArraySlice<UInt8>) throws -> Int32? {
    if let known = numbers.number(text) { return known }
    select.bind(text: text, 1)
    guard try select.step() else { return nil }
    let number = select.term(0)
    select.reset()
    remember(text, number)
    return number
  }

  /// The bytes of a term; empty for 0.
  ///
  /// - Throws: when the dictionary does not hold the number.
  func bytes(_ number: Int32) throws -> [UInt8] {
    if number == 0 { return [] }
    guard number > 0 else { throw StoreFault.malformedRow("term \(number)") }
    if Int(number) < texts.count, let text = texts[Int(number)] { return text }
    selectText.bind(1, number)
    guard try selectText.step() else { throw StoreFault.malformedRow("term \(number)") }
    let text = selectText.bytes(0)
    selectText.reset()
    remember(ArraySlice(text), number, wasAskedFor: true)
    return text
  }

  typealias Four = (first: [UInt8], second: [UInt8], third: [UInt8], fourth: [UInt8])

  /// The bytes of the terms of one event, at once: an audit asks for those of millions.
  func bytes(_ first: Int32, _ second: Int32, _ third: Int32, _ fourth: Int32) throws -> Four {
    let texts = texts
    func known(_ number: Int32) -> [UInt8]? {
      number == 0 ? [] : number > 0 && Int(number) < texts.count ? texts[Int(number)] : nil
    }
    if let first = known(first), let second = known(second), let third = known(third),
      let fourth = known(fourth)
    {
      return (first, second, third, fourth)
    }
    return (try bytes(first), try bytes(second), try bytes(third), try bytes(fourth))
  }

  func string(_ number: Int32) throws -> String { String(decoding: try bytes(number), as: UTF8.self) }

  func optionalString(_ number: Int32) throws -> String? { number == 0 ? nil : try string(number) }

  static func fingerprint(_ text: ArraySlice<UInt8>) -> [UInt8] {
    Array(text.withUnsafeBytes { MerkleHash.sha256($0) }.bytes.prefix(8))
  }

  private func remember(_ text: ArraySlice<UInt8>, _ number: Int32, wasAskedFor: Bool = false) {
    guard number >= 0, Int(number) < Self.cacheLimit else {
      if notesUse && wasAskedFor { usedBeyondCache.insert(number) }
      return
    }
    numbers.insert(text, number)
    if notesUse && !wasAskedFor { return }
    while texts.count <= Int(number) { texts.append(nil) }
    texts[Int(number)] = Array(text)
  }
}

/// From text to number: an open-addressing table over one arena of bytes. An import asks it some ten times an
/// item, where `Dictionary` with its keyed hash of single bytes takes longer than the insert it serves.
private struct TermIndex {
  private struct Slot {
    var hash: UInt64 = 0
    var offset: UInt32 = 0
    var length: UInt32 = 0
    /// -1 marks an empty slot.
    var number: Int32 = -1
  }

  private var slots = [Slot](repeating: Slot(), count: 1024)
  private var arena: [UInt8] = []
  private var count = 0

  func number(_ text: ArraySlice<UInt8>) -> Int32? {
    let hash = Self.hash(text)
    var position = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[position].number >= 0 {
      let slot = slots[position]
      if slot.hash == hash && holds(slot, text) { return slot.number }
      position = (position + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func insert(_ text: ArraySlice<UInt8>, _ number: Int32) {
    if self.number(text) != nil { return }
    if count * 2 >= slots.count { grow() }
    let slot = Slot(
      hash: Self.hash(text), offset: UInt32(arena.count), length: UInt32(text.count), number: number)
    arena.append(contentsOf: text)
    place(slot)
    count += 1
  }

  mutating func removeAll() { self = TermIndex() }

  private mutating func place(_ slot: Slot) {
    var position = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
    while slots[position].number >= 0 { position = (position + 1) & (slots.count - 1) }
    slots[position] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.number >= 0 { place(slot) }
  }

  private func holds(_ slot: Slot, _ text: ArraySlice<UInt8>) -> Bool {
    guard Int(slot.length) == text.count else { return false }
    return arena.withUnsafeBytes { arena in
      text.withUnsafeBytes { text in
        guard let kept = arena.baseAddress, let wanted = text.baseAddress else { return text.isEmpty }
        return memcmp(kept + Int(slot.offset), wanted, text.count) == 0
      }
    }
  }

  /// Eight bytes at a time, multiplied and folded; equality is always decided on the bytes themselves.
  /// Another one in every run, so that no document can be made whose texts all fall into one place.
  private static let seed = UInt64.random(in: 0...UInt64.max)

  private static func hash(_ text: ArraySlice<UInt8>) -> UInt64 {
    let seed = seed
    return text.withUnsafeBytes { bytes in
      var hash = seed ^ UInt64(bytes.count)
      var position = 0
      while position + 8 <= bytes.count {
        let (high, low) = (hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
          .multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
        hash = high ^ low
        position += 8
      }
      var rest: UInt64 = 0
      while position < bytes.count {
        rest = rest << 8 | UInt64(bytes[position])
        position += 1
      }
      let (high, low) = (hash ^ rest).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      return high ^ low
    }
  }
}
