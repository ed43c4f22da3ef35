internal import CustodyLog
internal import DossierCore

/// Turns rows into leaves and records, from one connection: knows the texts behind the numbers.
final class EventCoder {
  let terms: Terms
  private let selectManifest: Statement
  private var manifests: [Int64: KnownManifest] = [:]
  /// Neighbouring events are mostly of one manifest.
  private var latest: (id: Int64, manifest: KnownManifest)?
  /// The manifest being recorded, whose row is written last.
  private(set) var pending: PendingManifest?
  private var buffers = LeafBuffers()
  private static let cacheLimit = 4_096

  /// The leaf that was hashed last: canonical JSON.
  var leaf: [UInt8] { Array(buffers.leaf.bytes(from: 1)) }

  init(_ connection: Connection, terms: Terms) throws {
    self.terms = terms
    selectManifest = try Statement(connection, "SELECT number, first_event, leg FROM manifest WHERE id = ?1")
  }

  struct KnownManifest {
    var number: [UInt8] = []
    var firstEvent: Int64 = 0
    /// 0 for a manifest that is not recorded here.
    var leg: UInt8 = 0

    func appendIdentifier(ofEvent index: Int64, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: number)
      bytes.append(UInt8(ascii: "+"))
      CanonicalJSON.appendInteger(index &- firstEvent, to: &bytes)
    }
  }

  struct PendingManifest {
    var id: Int64
    var number: String
    var firstEvent: Int64
    var leg: Leg
  }

  func forget() {
    pending = nil
    terms.forget()
    latest = nil
    manifests.removeAll(keepingCapacity: true)
  }

  /// Makes a manifest known whose row is not yet written.
  func announce(_ manifest: PendingManifest) {
    pending = manifest
    latest = nil
    manifests[manifest.id] = KnownManifest(
      number: Array(manifest.number.utf8), firstEvent: manifest.firstEvent, leg: manifest.leg.rawValue)
  }

  /// The row of the manifest that was announced is written.
  func settle() { pending = nil }

  func manifestNumber(_ manifest: Int64) throws -> [UInt8] {
    if manifest == 0 { return [] }
    if manifest < 0 { return try terms.bytes(Int32(exactly: 0 &- manifest) ?? Int32.min) }
    return try known(manifest).number
  }

  /// What is known of a recorded manifest, or the one being recorded.
  func known(_ manifest: Int64) throws -> KnownManifest {
    if let latest, latest.id == manifest { return latest.manifest }
    let found = try manifests[manifest] ?? read(manifest)
    latest = (manifest, found)
    return found
  }

  private func read(_ manifest: Int64) throws -> KnownManifest {
    selectManifest.bind(1, manifest)
    guard try selectManifest.step() else { return KnownManifest() }
    let found = KnownManifest(
      number: selectManifest.bytes(0), firstEvent: selectManifest.int(1),
      leg: UInt8(exactly: selectManifest.int(2)) ?? 0)
    selectManifest.reset()
    if manifests.count >= Self.cacheLimit { manifests.removeAll(keepingCapacity: true) }
    manifests[manifest] = found
    return found
  }

  /// The client's identifier, or `<manifest number>+<offset of the event in its manifest>`.
  func identifier(of row: EventRow) throws -> String {
    if let given = row.identifier { return String(decoding: given, as: UTF8.self) }
    var bytes: [UInt8] = []
    try known(row.manifest).appendIdentifier(ofEvent: row.index, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Encodes the row's leaf and hashes it.
  func leafHash(_ row: EventRow) throws -> Digest {
    try row.identifier.withBytes { identifier in
      try row.more.withUnsafeBufferPointer { more in
        try leafHash(EventColumns(row, identifier: identifier, more: more))
      }
    }
  }

  /// Encodes the leaf of the row that a statement stands on and hashes it.
  func leafHash(_ row: EventColumns) throws -> Digest {
    let texts = try terms.bytes(row.office, row.operatorCode, row.to, row.reason)
    let origin =
      row.manifest > 0 || row.identifier == nil ? try known(row.manifest) : KnownManifest()
    let manifest = row.manifest > 0 ? origin.number : try manifestNumber(row.manifest)
    return buffers.leafHash(row, texts, manifest: manifest, origin: origin)
  }

  func record(_ row: EventRow) throws -> EventRecord {
    let manifest = try manifestNumber(row.manifest)
    return EventRecord(
      index: row.index, identifier: try identifier(of: row), kind: row.kind, grade: row.grade,
      item: row.subject == .none ? nil : row.subject.string, sequence: row.sequence, previous: row.previous,
      at: row.at, zone: row.zone, recordedAt: row.recordedAt, office: try terms.string(row.office),
      operatorCode: try terms.optionalString(row.operatorCode), to: try terms.optionalString(row.to),
      manifest: manifest.isEmpty ? nil : String(decoding: manifest, as: UTF8.self),
      reason: try terms.optionalString(row.reason), content: row.content,
      details: EventDetails(encoded: row.more) ?? EventDetails())
  }
}

/// Working memory for leaves, used again for each.
private struct LeafBuffers: ~Copyable {
  /// The byte that sets leaves apart from nodes, and the leaf.
  private(set) var leaf = OutputBuffer(capacity: 1024)
  private var identifier: [UInt8] = []
  private var item: [UInt8] = []

  /// - Parameters:
  ///   - manifest: number of the manifest that the event names.
  ///   - origin: the manifest that an event without an identifier of its own is named after.
  mutating func leafHash(
    _ row: EventColumns, _ texts: Terms.Four, manifest: [UInt8], origin: EventCoder.KnownManifest
  ) -> Digest {
    item.removeAll(keepingCapacity: true)
    row.subject.append(to: &item)
    identifier.removeAll(keepingCapacity: true)
    if let given = row.identifier {
      identifier.append(contentsOf: given)
    } else {
      origin.appendIdentifier(ofEvent: row.index, to: &identifier)
    }
    // Separate values, so that the encoder may read them while it writes `leaf`.
    let (identifier, item) = (identifier, item)
    leaf.removeAll()
    leaf.append(MerkleHash.leafPrefix)
    EventLeaf.append(
      to: &leaf, kind: row.kind, grade: row.grade, at: row.at, zone: row.zone, recordedAt: row.recordedAt,
      sequence: row.sequence, previous: row.previous, content: row.content,
      identifier: identifier.span, item: item.span, office: texts.first.span,
      operatorCode: texts.second.span, to: texts.third.span, manifest: manifest.span,
      reason: texts.fourth.span, more: row.more.span)
    return MerkleHash.sha256(leaf.bytes)
  }
}

extension [UInt8]? {
  /// The bytes in place, or nil.
  fileprivate func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>?) throws -> R) rethrows -> R {
    guard let self else { return try body(nil) }
    return try self.withUnsafeBufferPointer(body)
  }
}
