import DossierTesting
import Foundation
import GRDB

/// One row as an attacker finds it, with its key.
struct TamperedRow {
  var table: String
  var key: [String]
  var values: [String: DatabaseValue]

  var keyValues: [DatabaseValue] { key.map { values[$0] ?? .null } }
  var place: String { keyValues.map { "\($0)" }.joined(separator: "/") }
  var condition: String { key.map { "\"\($0)\" IS ?" }.joined(separator: " AND ") }

  func integer(_ column: String) -> Int64? { values[column].flatMap { Int64.fromDatabaseValue($0) } }
}

/// One change of one table, and the rows that it concerns as they were before and are after.
struct Tampering {
  var name: String
  var table: String
  /// Nil for changes of whole rows.
  var column: String?
  var rows: [TamperedRow]
  var apply: (Database) throws -> Void
}

/// Every change that the suite makes to a table: each column by several kinds, and whole rows.
struct TamperPlan {
  let table: String
  let columns: [String]
  let key: [String]
  let rows: [TamperedRow]
  private var random: SplitMix64

  init(_ db: Database, table: String, seed: UInt64) throws {
    self.table = table
    columns = try db.columns(in: table).map(\.name)
    let key = try db.primaryKey(table).columns
    self.key = key
    let order = key.map { "\"\($0)\"" }.joined(separator: ", ")
    rows = try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\" ORDER BY \(order)").map { row in
      TamperedRow(
        table: table, key: key,
        values: Dictionary(
          row.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }))
    }
    random = SplitMix64(seed: seed)
  }

  mutating func all() -> [Tampering] { cells() + deletions() + insertions() + swaps() }

  private var ends: [TamperedRow] {
    [rows.first, rows[rows.count / 2], rows.last].compactMap { $0 }
  }

  // MARK: One value of one row

  private mutating func cells() -> [Tampering] {
    var found: [Tampering] = []
    for column in columns {
      let filled = rows.filter { !($0.values[column] ?? .null).isNull }
      let empty = rows.filter { ($0.values[column] ?? .null).isNull }
      for candidates in [filled, empty] where !candidates.isEmpty {
        for kind in Self.kinds(of: candidates[0].values[column] ?? .null) {
          // Another row for every kind: in the end all parts of the table are touched.
          guard let victim = random.pick(candidates), let old = victim.values[column] else { continue }
          guard let new = value(kind, old, column), new != old else { continue }
          found.append(update(victim, [column: new], "\(table).\(column) \(kind)", column: column))
        }
      }
    }
    return found
  }

  private func update(
    _ row: TamperedRow, _ values: [String: DatabaseValue], _ name: String, column: String?
  ) -> Tampering {
    let mark = name.hasSuffix("NUL inside") || name.hasSuffix("not UTF-8") ? "CAST(? AS TEXT)" : "?"
    var after = row
    after.values.merge(values) { _, new in new }
    let names = values.keys.sorted()
    let sql =
      "UPDATE \"\(table)\" SET \(names.map { "\"\($0)\" = \(mark)" }.joined(separator: ", ")) WHERE \(row.condition)"
    let arguments = names.map { values[$0] ?? .null } + row.keyValues
    return Tampering(name: "\(name) of \(row.place)", table: table, column: column, rows: [row, after]) {
      db in
      try db.execute(sql: sql, arguments: StatementArguments(arguments))
    }
  }

  private static func kinds(of value: DatabaseValue) -> [String] {
    switch value.storage {
    case .null: ["zero", "one", "empty text", "empty blob", "other"]
    case .int64:
      ["+1", "-1", "null", "other", "1<<40", "greatest", "least", "zero", "negated", "as text", "flipped"]
    case .string:
      [
        "null", "other", "empty", "longer", "shorter", "flipped", "NUL inside", "not UTF-8", "as blob",
        "case",
      ]
    case .blob: ["null", "other", "empty", "longer", "shorter", "first bit", "last bit", "zeros", "as text"]
    case .double: ["null"]
    }
  }

  private mutating func value(_ kind: String, _ old: DatabaseValue, _ column: String) -> DatabaseValue? {
    if kind == "null" { return .null }
    if kind == "other" {
      return random.pick(rows.compactMap { $0.values[column] }.filter { $0 != old && !$0.isNull })
    }
    switch old.storage {
    case .null:
      switch kind {
      case "zero": return Int64(0).databaseValue
      case "one": return Int64(1).databaseValue
      case "empty text": return "".databaseValue
      default: return Data().databaseValue
      }
    case .int64(let number):
      switch kind {
      case "+1": return number == .max ? nil : (number + 1).databaseValue
      case "-1": return number == .min ? nil : (number - 1).databaseValue
      case "1<<40": return Int64(1 << 40).databaseValue
      case "greatest": return Int64.max.databaseValue
      case "least": return Int64.min.databaseValue
      case "zero": return Int64(0).databaseValue
      case "negated": return (0 &- number).databaseValue
      case "as text": return String(number).databaseValue
      default: return (number ^ (1 << Int64.random(in: 0..<40, using: &random))).databaseValue
      }
    case .string(let text):
      switch kind {
      case "empty": return "".databaseValue
      case "longer": return (text + "1").databaseValue
      case "shorter": return String(text.dropLast()).databaseValue
      case "NUL inside": return Data(Array(text.utf8) + [0, 0x41]).databaseValue
      case "not UTF-8": return Data(Array(text.utf8) + [0xff]).databaseValue
      case "as blob": return Data(text.utf8).databaseValue
      case "case": return (text == text.uppercased() ? text.lowercased() : text.uppercased()).databaseValue
      default:
        guard !text.isEmpty else { return nil }
        var bytes = Array(text.utf8)
        bytes[bytes.count - 1] ^= 1
        return String(decoding: bytes, as: UTF8.self).databaseValue
      }
    case .blob(let data):
      var bytes = Array(data)
      switch kind {
      case "empty": bytes = []
      case "longer": bytes.append(0)
      case "shorter": bytes = Array(bytes.dropLast())
      case "zeros": bytes = bytes.map { _ in 0 }
      case "as text": return String(decoding: bytes, as: UTF8.self).databaseValue
      case "first bit": if !bytes.isEmpty { bytes[0] ^= 0x80 }
      default: if !bytes.isEmpty { bytes[bytes.count - 1] ^= 1 }
      }
      return Data(bytes).databaseValue
    case .double: return nil
    }
  }

  // MARK: Whole rows

  private func deletions() -> [Tampering] {
    var found = ends.enumerated().map { position, row in
      Tampering(name: "DELETE \(table) \(row.place)", table: table, column: nil, rows: [row]) { db in
        try db.execute(
          sql: "DELETE FROM \"\(row.table)\" WHERE \(row.condition)",
          arguments: StatementArguments(row.keyValues))
      }
    }
    let everything = "DELETE FROM \"\(table)\""
    found.append(
      Tampering(name: "DELETE all of \(table)", table: table, column: nil, rows: ends) {
        try $0.execute(sql: everything)
      })
    return found
  }

  /// Copies of rows under new keys: next to the last one, before the first, and far away.
  private func insertions() -> [Tampering] {
    var found: [Tampering] = []
    guard let last = rows.last, let keyColumn = key.last else { return [] }
    let keys: [(String, DatabaseValue)]
    if let greatest = rows.compactMap({ $0.integer(keyColumn) }).max() {
      keys = [
        ("next", (greatest + 1).databaseValue), ("before all", Int64(-1).databaseValue),
        ("far away", Int64(1 << 40).databaseValue), ("greatest", Int64.max.databaseValue),
        ("least", Int64.min.databaseValue),
      ]
    } else {
      keys = [("new", "made-up".databaseValue)]
    }
    for source in [rows.first, last].compactMap({ $0 }) {
      for (name, key) in keys {
        for isMadeUp in [false, true] {
          var row = source
          row.values[keyColumn] = key
          if isMadeUp {
            // What must be unique gets another value too, so that the file takes the row.
            for column in columns where column != keyColumn && !self.key.contains(column) {
              switch row.values[column]?.storage {
              case .string(let text): row.values[column] = (text + "x").databaseValue
              case .int64(let number) where number < .max: row.values[column] = (number + 1).databaseValue
              default: break
              }
            }
          }
          let columns = columns.filter { row.values[$0] != nil }
          let sql =
            "INSERT INTO \"\(table)\"(\(columns.map { "\"\($0)\"" }.joined(separator: ", "))) "
            + "VALUES(\(columns.map { _ in "?" }.joined(separator: ", ")))"
          let arguments = columns.map { row.values[$0] ?? .null }
          found.append(
            Tampering(
              name: "INSERT \(isMadeUp ? "made-up" : "copy") \(name) into \(table) from \(source.place)",
              table: table, column: nil, rows: [row]
            ) { try $0.execute(sql: sql, arguments: StatementArguments(arguments)) })
        }
      }
    }
    return found
  }

  /// Two rows change their keys; the file ends as if each had the other's content.
  private mutating func swaps() -> [Tampering] {
    guard rows.count > 1 else { return [] }
    var pairs = [(rows[0], rows[1]), (rows[0], rows[rows.count - 1])]
    for _ in 0..<2 {
      guard let left = random.pick(rows), let right = random.pick(rows) else { continue }
      pairs.append((left, right))
    }
    return pairs.filter { $0.place != $1.place }.map { left, right in
      let table = table
      let columns = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      let marks = self.columns.map { _ in "?" }.joined(separator: ", ")
      let names = self.columns
      return Tampering(
        name: "SWAP \(table) \(left.place) \(right.place)", table: table, column: nil, rows: [left, right]
      ) { db in
        for row in [left, right] {
          try db.execute(
            sql: "DELETE FROM \"\(table)\" WHERE \(row.condition)",
            arguments: StatementArguments(row.keyValues))
        }
        for (row, other) in [(left, right), (right, left)] {
          let arguments = names.map { row.key.contains($0) ? other.values[$0] : row.values[$0] }
          try db.execute(
            sql: "INSERT INTO \"\(table)\"(\(columns)) VALUES(\(marks))",
            arguments: StatementArguments(arguments.map { $0 ?? .null }))
        }
      }
    }
  }
}
