internal import CustodyLog
public import DossierCore
internal import Glibc

extension SQLiteStore: JourneySource {
  public func journeys<Accumulator: JourneyAccumulator>(
    _ query: JourneyQuery, into start: Accumulator
  ) throws -> (Accumulator, JourneyView) {
    try journeys(query, into: start, threads: Self.journeyThreads)
  }

  /// - Parameter threads: how many go through the journeys at once; the figures are the same for any number.
  public func journeys<Accumulator: JourneyAccumulator>(
    _ query: JourneyQuery, into start: Accumulator, threads: Int
  ) throws -> (Accumulator, JourneyView) {
    // A thread with less than this to read would only open files.
    let worthwhile = Int64(clamping: try head().size) / 32_768 + 1
    return try JourneyPass(threads: Int(min(Int64(threads), worthwhile))).fold(self, query, into: start)
  }

  private static let journeyThreads = min(4, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

  /// The state of the log when it had `size` events, or now.
  ///
  /// - Throws: ``StoreFault/beyondLog(size:)`` when it has fewer.
  public func journeyView(at size: UInt64? = nil) throws -> JourneyView {
    try read { try $0.journeyView(at: size) }
  }

  /// Master data of offices as known when the log had `size` events.
  public func offices(atSize size: UInt64) throws -> [Office] {
    try read { try OfficeRows.current($0.connection, before: Int64(clamping: size)) }
  }
}

extension StoreReader {
  func journeyView(at size: UInt64?) throws -> JourneyView {
    let (tree, recordedAt) = try state()
    guard let size, size != tree.size else { return JourneyView(log: tree.head, recordedAt: recordedAt) }
    guard let root = try root(atSize: size) else { throw StoreFault.beyondLog(size: size) }
    // The log's clock never runs backwards, so its last event bears its newest time.
    let last = size == 0 ? 0 : try items.event(Int64(size) - 1)?.recordedAt ?? 0
    return JourneyView(log: LogHead(size: size, root: root), recordedAt: last)
  }
}

extension SQLiteStore {
  public func texts(ofTerms terms: Set<Int32>) throws -> [Int32: String] {
    try found(terms) { reader, term in term > 0 ? try reader.terms.string(term) : nil }
  }

  public func numbers(ofItems items: Set<Int64>) throws -> [Int64: String] {
    try found(items) { reader, id in try reader.items.item(id: id)?.subject.string }
  }

  public func codes(ofDossiers dossiers: Set<Int64>) throws -> [Int64: String] {
    try found(dossiers) { reader, id in
      let select = try reader.connection.prepared("SELECT code FROM dossier WHERE id = ?1")
      select.bind(1, id)
      defer { select.reset() }
      return try select.step() ? try reader.dossierCode(select, 0) : nil
    }
  }

  public func numbers(ofManifests manifests: Set<Int64>) throws -> [Int64: String] {
    try found(manifests) { reader, manifest in
      let number = try reader.coder.manifestNumber(manifest)
      return number.isEmpty ? nil : String(decoding: number, as: UTF8.self)
    }
  }

  public func identifiers(ofEvents events: Set<Int64>) throws -> [Int64: String] {
    try found(events) { reader, index in try reader.items.event(index).map(reader.coder.identifier) }
  }

  /// What is known of each key; one that leads nowhere is left out.
  private func found<Key: Hashable & Sendable>(
    _ keys: Set<Key>, _ text: (StoreReader, Key) throws -> String?
  ) throws -> [Key: String] {
    try read { reader in
      var texts: [Key: String] = [:]
      for key in keys {
        do { texts[key] = try text(reader, key) } catch is StoreFault { continue }
      }
      return texts
    }
  }
}
