internal import CustodyLog
internal import DossierCore

/// Writes consignments, the bulk of an import: for each item its projection, the two events by which the manifest
/// entrusts it, what it commits to, and its dossiers.
///
/// Confined to the store's serial queue, like the statements it writes with.
final class ConsignmentWriter {
  private let insertItem: GroupedInsert
  private let insertHandOver: GroupedInsert
  private let insertContent: GroupedInsert
  private let insertDossier: GroupedInsert

  init(_ connection: Connection) throws {
    // What a newly entrusted item cannot have yet needs no binding.
    insertItem = try GroupedInsert(connection, into: "item(\(ItemRow.columns))", columns: 17) { first in
      let mark = { (offset: Int32) in "?\(first + offset)" }
      return """
        (\(mark(0)), \(mark(1)), NULL, \(mark(2)), \(mark(3)), \(mark(4)), \(mark(5)), \(mark(6)), \(mark(7)), \
        0, 0, 0, 0, \(mark(8)), \(mark(9)), \(mark(10)), \(mark(11)), \(mark(12)), \(mark(13)), \(mark(14)), \
        \(mark(15)), \(mark(16)))
        """
    }
    // ?1 recorded at, ?2 office, ?3 manifest, ?4 and ?5 time and offset of the dispatch, ?6 operator, ?7 receiver.
    insertHandOver = try GroupedInsert(
      connection, into: "event(\(EventRow.columns))", shared: 7, columns: 6
    ) { first in
      """
      (?\(first), NULL, \(EventKind.accepted.rawValue), \(EventGrade.declared.rawValue), ?\(first + 1), 0, NULL, \
      NULL, ?\(first + 2), ?\(first + 3), ?1, ?2, NULL, NULL, ?3, NULL, NULL, NULL), \
      (?\(first) + 1, NULL, \(EventKind.dispatched.rawValue), \(EventGrade.declared.rawValue), ?\(first + 1), 1, \
      ?\(first), ?\(first + 4), ?4, ?5, ?1, ?2, ?6, ?7, ?3, NULL, ?\(first + 5), NULL)
      """
    }
    insertContent = try GroupedInsert(connection, into: "content", columns: 8) {
      GroupedInsert.marks($0, 8)
    }
    insertDossier = try GroupedInsert(connection, into: "dossier", columns: 11) {
      GroupedInsert.marks($0, 11)
    }
  }

  /// Inserts the items' projections.
  ///
  /// - Returns: how many; the next one's number is known already.
  func insertItems(_ group: [Consignment]) throws -> Int {
    try insertItem.insert(group.indices) { index, statement, base in
      let item = group[index].item
      statement.bind(base + 1, item.id)
      item.subject.bind(statement, base + 2)
      statement.bind(base + 3, item.headEvent)
      statement.bind(base + 4, item.headSequence)
      statement.bind(base + 5, item.headHash)
      statement.bind(base + 6, item.state.rawValue)
      statement.bind(base + 7, item.custodian)
      statement.bind(base + 8, item.offeredTo)
      statement.bind(base + 9, item.entrustedDay.map(Int64.init))
      statement.bind(base + 10, item.entrustedBy)
      statement.bind(base + 11, item.firstReceiver)
      statement.bind(base + 12, item.leg)
      statement.bind(base + 13, item.manifest)
      statement.bind(base + 14, item.lastAt)
      statement.bind(base + 15, item.firstDossier)
      statement.bind(base + 16, item.dossiers)
      statement.bind(base + 17, item.findings)
    }
  }

  /// Writes `accepted` and `dispatched` of each: all have both.
  ///
  /// - Parameter dispatched: what the dispatches of the manifest have in common.
  func insertHandOvers(_ group: ArraySlice<Consignment>, _ dispatched: EventRow) throws {
    let count = try insertHandOver.insert(group.indices) { statement in
      statement.bind(1, dispatched.recordedAt)
      statement.bind(2, dispatched.office)
      statement.bind(3, dispatched.manifest)
      statement.bind(4, dispatched.at)
      statement.bind(5, dispatched.zone)
      statement.bind(term: dispatched.operatorCode, 6)
      statement.bind(term: dispatched.to, 7)
    } bind: { index, statement, base in
      let consignment = group[index]
      statement.bind(base + 1, consignment.firstEvent)
      consignment.item.subject.bind(statement, base + 2)
      statement.bind(base + 3, consignment.accepted?.at ?? 0)
      statement.bind(base + 4, consignment.accepted?.zone ?? 0)
      statement.bind(base + 5, consignment.accepted?.hash)
      statement.bind(base + 6, consignment.content)
    }
    if count != group.count { throw StoreFault.malformedRow("event \(dispatched.index)") }
  }

  /// Writes what each commits to.
  ///
  /// - Parameter secrets: the vault's bytes of the consignment at a position of `group`.
  func insertContents(_ group: ArraySlice<Consignment>, secrets: (Int) -> ArraySlice<UInt8>) throws {
    let count = try insertContent.insert(group.indices) { index, statement, base in
      Self.bindContent(
        statement, base, event: group[index].dispatchedEvent, group[index].facts, secrets: secrets(index))
    }
    if count != group.count { throw StoreFault.malformedRow("content") }
  }

  /// Writes the content row of one event.
  func insertContent(event: Int64, _ facts: ConsignmentFacts, secrets: ArraySlice<UInt8>) throws {
    let count = try insertContent.insert(0..<1) { _, statement, base in
      Self.bindContent(statement, base, event: event, facts, secrets: secrets)
    }
    if count != 1 { throw StoreFault.malformedRow("content \(event)") }
  }

  private static func bindContent(
    _ statement: Statement, _ base: Int32, event: Int64, _ facts: ConsignmentFacts, secrets: ArraySlice<UInt8>
  ) {
    statement.bind(base + 1, event)
    statement.bind(base + 2, facts.container.map(Int64.init))
    statement.bind(base + 3, facts.weight.map(Int64.init))
    statement.bind(base + 4, facts.condition.map { Int64($0.rawValue) })
    statement.bind(base + 5, facts.fee)
    statement.bind(base + 6, facts.dossiers?.lowerBound)
    statement.bind(base + 7, facts.dossiers.map { Int64($0.count) })
    statement.bind(blob: secrets, base + 8)
  }

  /// Writes dossiers.
  ///
  /// - Parameters:
  ///   - texts: the batch that holds codes kept as text.
  ///   - documents: the arena of their documents.
  ///   - taken: called with each dossier that stands in the manifest already, and is not written.
  func insertDossiers(
    _ rows: ArraySlice<DossierRow>, manifest: Int64, texts: ManifestBatch, documents: [UInt8],
    taken: (DossierRow) -> Void
  ) throws {
    var rest = rows
    while !rest.isEmpty {
      let count = try insertDossier.insert(rest.indices) { index, statement, base in
        let row = rest[index]
        statement.bind(base + 1, row.id)
        statement.bind(base + 2, row.event)
        statement.bind(base + 3, manifest)
        if let packed = row.packedCode {
          statement.bind(base + 4, packed)
        } else {
          statement.bind(text: texts.bytes(row.code), base + 4)
        }
        statement.bind(term: row.procedure, base + 5)
        statement.bind(term: row.facts.field, base + 6)
        statement.bind(term: row.facts.agency, base + 7)
        statement.bind(day: row.received, base + 8)
        statement.bind(day: row.due, base + 9)
        statement.bind(day: row.result, base + 10)
        if row.documents.isEmpty {
          statement.bindNull(base + 11)
        } else {
          statement.bind(blob: documents[row.documents], base + 11)
        }
      }
      if count == rest.count { return }
      taken(rest[rest.startIndex + count])
      rest = rest.dropFirst(count + 1)
    }
  }
}
