internal import DossierTracker

/// Writes rows as they come, in memory that does not grow with their number.
///
/// A table needs its widest cell before its first line, so it comes in pieces of a thousand rows, each with its
/// own header. A JSON array that ends in the middle is no JSON: what broke off cannot be taken for the whole.
final class RowStream {
  private let columns: [Column]
  private let session: Session
  private let writer: RowWriter
  private var waiting: [[Cell]] = []
  private var count = 0

  private static let tableRows = 1_000

  init(_ columns: [Column], _ session: Session) {
    self.columns = columns
    self.session = session
    writer = RowWriter(columns: columns, format: session.format.lineFormat ?? .ndjson)
  }

  func add(_ row: [Cell]) throws {
    switch session.format {
    case .table:
      waiting.append(row)
      if waiting.count == Self.tableRows { try writeTable() }
    case .json:
      try session.output.write((count == 0 ? "[\n  " : ",\n  ") + writer.line(row).dropLast())
    case .ndjson, .csv, .tsv:
      try session.output.write((count == 0 ? writer.header() : "") + writer.line(row))
    }
    count += 1
  }

  func end() throws {
    switch session.format {
    case .table: if count == 0 || !waiting.isEmpty { try writeTable() }
    case .json: try session.output.write(count == 0 ? "[]\n" : "\n]\n")
    case .ndjson, .csv, .tsv: if count == 0 { try session.output.write(writer.header()) }
    }
  }

  private func writeTable() throws {
    try session.print(TabularDocument(columns: columns, rows: waiting))
    waiting.removeAll(keepingCapacity: true)
  }
}
