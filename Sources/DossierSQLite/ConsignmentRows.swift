internal import CustodyLog
internal import DossierCore

/// One item as its manifest entrusts it, worked out as rows: for a number that nothing made known before.
struct Consignment {
  /// The item's projection after its two events; its id is given when it is written.
  var item: ItemRow
  /// Index of its first event: `accepted` when the acceptance is stated, else `dispatched`.
  var firstEvent: Int64
  /// Time, offset and leaf hash of `accepted`.
  var accepted: (at: Int64, zone: Int16, hash: Digest)?
  var facts: ConsignmentFacts
  /// Commitment of `dispatched`.
  var content: Digest?
  /// Its rows among the group's dossiers.
  var dossiers: Range<Int>

  var dispatchedEvent: Int64 { item.headEvent }
}

/// What an event's content row says of the item: the facts of a consignment; all absent for other events.
struct ConsignmentFacts {
  var container: Int32?
  var weight: Int32?
  var condition: ItemCondition?
  var fee: Int64?
  var dossiers: Range<Int64>?

  init() {}

  init(_ item: ItemRecord, dossiers: Range<Int64>) {
    container = item.container < 0 ? nil : item.container
    weight = item.weight < 0 ? nil : item.weight
    condition = item.condition
    fee = item.fee < 0 ? nil : item.fee
    self.dossiers = dossiers
  }
}

/// One row of the `dossier` table.
struct DossierRow {
  var id: Int64
  var event: Int64
  /// Packed (``DossierCodePacking``), or nil when the code is kept as text.
  var packedCode: Int64?
  var code: TextRange
  var procedure: Int32
  var facts: DossierFacts
  /// Days since 1970-01-01, or ``DossierRecord/noDay``.
  var received: Int32
  var due: Int32
  var result: Int32
  /// Its documents' bytes in the group's arena.
  var documents: Range<Int>
  var line: UInt32
}

/// Inserts rows of one table, eight to a statement: half the work of eight statements.
///
/// OR FAIL instead of the default: no statement journal, and a failure that is not about a number that is taken
/// undoes the whole transaction anyhow.
final class GroupedInsert {
  static let groupSize = 8
  private let group: Statement
  private let single: Statement
  private let shared: Int32
  private let columns: Int32
  private let connection: Connection

  /// - Parameters:
  ///   - shared: number of parameters, ?1 and following, that all rows have in common.
  ///   - columns: number of parameters of one row.
  ///   - row: the row's values, given the position of its first parameter.
  init(
    _ connection: Connection, into table: String, shared: Int32 = 0, columns: Int32,
    row: (_ first: Int32) -> String
  ) throws {
    self.connection = connection
    self.shared = shared
    self.columns = columns
    let rows = (0..<Int32(Self.groupSize)).map { row(shared + 1 + $0 * columns) }
    group = try Statement(
      connection, "INSERT OR FAIL INTO \(table) VALUES " + rows.joined(separator: ", "))
    single = try Statement(connection, "INSERT OR FAIL INTO \(table) VALUES " + row(shared + 1))
  }

  /// The values `?first … ?first+count-1`.
  static func marks(_ first: Int32, _ count: Int32) -> String {
    "(" + (first..<(first + count)).map { "?\($0)" }.joined(separator: ", ") + ")"
  }

  /// Inserts the rows in order.
  ///
  /// - Parameters:
  ///   - bindShared: binds the common parameters.
  ///   - bind: binds one row, given its number and the position before its first parameter.
  /// - Returns: how many rows stand now; fewer than `rows` when a unique value of the next one is taken.
  func insert(
    _ rows: Range<Int>, bindShared: (Statement) -> Void = { _ in },
    bind: (Int, Statement, Int32) throws -> Void
  ) throws -> Int {
    var next = rows.lowerBound
    while next < rows.upperBound {
      let isGroup = rows.upperBound - next >= Self.groupSize
      let statement = isGroup ? group : single
      let count = isGroup ? Self.groupSize : 1
      bindShared(statement)
      for offset in 0..<count { try bind(next + offset, statement, shared + Int32(offset) * columns) }
      guard try statement.runUnlessTaken() else { return next + Int(connection.changes) - rows.lowerBound }
      next += count
    }
    return rows.count
  }
}
