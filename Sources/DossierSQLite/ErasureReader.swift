internal import CustodyLog
internal import DossierCore

/// One row of the `erasure` table.
struct ErasureRow {
  var ordered: Int64
  var request: Int64
  var event: Int64?
  var manifest: Int64?
  var carriedOut: Int64?

  static let columns = "ordered, request, event, manifest, carried_out"

  init(_ row: Statement) {
    ordered = row.int(0)
    request = row.int(1)
    event = row.optionalInt(2)
    manifest = row.optionalInt(3)
    carriedOut = row.optionalInt(4)
  }
}

/// Reads orders to erase and what became of them.
struct ErasureReader {
  private let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  /// A store of an earlier version that is only read has no such table, and no erasures.
  var hasTable: Bool {
    get throws {
      let select = try reader.connection.prepared("SELECT 1 FROM sqlite_master WHERE name = 'erasure'")
      defer { select.reset() }
      return try select.step()
    }
  }

  /// - Parameter condition: an SQL condition with one parameter.
  func rows(_ condition: String, _ value: Int64, limit: Int = Int.max) throws -> [ErasureRow] {
    guard try hasTable else { return [] }
    let select = try reader.connection.prepared(
      "SELECT \(ErasureRow.columns) FROM erasure WHERE \(condition) ORDER BY ordered LIMIT ?2")
    select.bind(1, value)
    select.bind(2, limit)
    var rows: [ErasureRow] = []
    while try select.step() { rows.append(ErasureRow(select)) }
    return rows
  }

  /// All rows of the order that begins with an event: they were written together.
  func rows(ofOrder request: Int64) throws -> [ErasureRow] {
    guard try hasTable else { return [] }
    let select = try reader.connection.prepared(
      "SELECT \(ErasureRow.columns) FROM erasure WHERE ordered >= ?1 ORDER BY ordered")
    select.bind(1, request)
    defer { select.reset() }
    var rows: [ErasureRow] = []
    while try select.step(), select.int(1) == request { rows.append(ErasureRow(select)) }
    return rows
  }

  func record(_ row: ErasureRow) throws -> ErasureRecord {
    guard let event = try reader.items.event(row.ordered), let details = EventDetails(encoded: event.more)
    else {
      throw StoreFault.malformedRow("erasure \(row.ordered)")
    }
    return ErasureRecord(
      order: details.reference ?? "", index: row.ordered, at: event.at,
      by: try reader.terms.string(event.operatorCode), basis: details.basis ?? "",
      erases: details.erases ?? "", fields: details.fields ?? [], carriedOut: try row.carriedOut.map(deed))
  }

  private func deed(_ index: Int64) throws -> ErasureRecord.Deed {
    guard let event = try reader.items.event(index), let details = EventDetails(encoded: event.more) else {
      throw StoreFault.malformedRow("event \(index)")
    }
    return ErasureRecord.Deed(
      index: index, at: event.at, by: try reader.terms.string(event.operatorCode),
      fields: details.fields ?? [])
  }

  /// What was erased, or ordered to be, of events and of the originals of the manifests that they are of.
  func records(ofEvents rows: [EventRow]) throws -> [ErasureRecord] {
    guard try hasTable else { return [] }
    var found: [ErasureRow] = []
    for row in rows where row.content != nil { found += try self.rows("event = ?1", row.index) }
    for manifest in Set(rows.filter(\.isConsignment).map(\.manifest)).sorted() where manifest > 0 {
      found += try records(ofManifest: manifest)
    }
    return try found.sorted { $0.ordered < $1.ordered }.map(record)
  }

  /// Of a manifest's own event and of its original.
  func records(ofManifest id: Int64) throws -> [ErasureRow] {
    var found = try rows("manifest = ?1", id)
    let select = try reader.connection.prepared("SELECT recorded_event FROM manifest WHERE id = ?1")
    select.bind(1, id)
    guard try select.step() else { return found }
    let event = select.int(0)
    select.reset()
    found += try rows("event = ?1", event)
    return found
  }
}
