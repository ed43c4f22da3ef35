import DossierTesting
import Foundation
import GRDB

@testable import DossierTracker

/// What a finding must name to point to a row: the row itself, or what the row belongs to.
struct TamperPlaces {
  private var numbers: [Int64: String] = [:]
  private var recordedEvents: [Int64: Int64] = [:]
  private var firstEvents: [Int64: Int64] = [:]
  private var itemNumbers: [Int64: String] = [:]

  init(_ folder: String) throws {
    let tracker = try Sample.open(folder, readOnly: true)
    for event in try tracker.events(limit: 100_000) {
      if let item = event.item { numbers[event.index] = item }
    }
    for item in try tracker.items(limit: 100_000) { itemNumbers[item.id] = item.number }
    for manifest in try tracker.manifests(limit: 1000) {
      recordedEvents[manifest.id] = manifest.recordedEvent
      firstEvents[manifest.id] = manifest.firstEvent
    }
  }

  /// The tables that the suite knows how to attack. One that is not here makes the suite fail.
  static let tables: Set<String> = [
    "container", "content", "document_part", "dossier", "erasure", "event", "grdb_migrations", "item",
    "log_state",
    "loss_counter", "manifest", "map_entry", "map_node", "map_state", "office", "relabelling", "store",
    "subtree", "term",
  ]

  /// Tables that are empty in nearly every store: ErasureTests attack them.
  static let attackedElsewhere: Set<String> = ["dossier_twin", "erasing", "scrub"]

  /// Where a coarser place is enough, and why.
  static let exceptions: [(table: String, columns: Set<String>?, places: Set<String>, why: String)] = [
    (
      "store", nil, ["opening"],
      "the row that says whose store it is: without it the file is refused as no dossier store"
    ),
    (
      "office", nil, ["office"],
      "one event commits to all offices that it states together: which one was altered cannot be told"
    ),
    (
      "term", [], ["event/"],
      "two terms that changed their texts, with fingerprints: the events that use them are named"
    ),
    (
      "log_state", nil, ["log's state row"],
      "there is one such row, and a malformed one is named in words"
    ),
  ]

  /// Whether a finding points to one of the rows.
  func isNamed(_ finding: Finding, _ tampering: Tampering) -> Bool {
    tampering.rows.contains { row in
      let places = places(of: row)
      if let path = finding.path {
        if places.contains(path) { return true }
        if let block = Self.block(path), row.table == "subtree" || row.table == "event" {
          if row.table == "event", let index = row.integer("idx"), block.contains(index) { return true }
          if row.table == "subtree", block == Self.block(of: row) { return true }
        }
      }
      if let item = finding.item, places.contains(item) { return true }
      // A row that cannot be read is named in the text of the accident.
      return places.contains {
        finding.detail == "malformed row: " + $0.split(separator: "/").joined(separator: " ")
      }
    }
  }

  /// `event/256...511`
  private static func block(_ path: String) -> ClosedRange<Int64>? {
    guard path.hasPrefix("event/") else { return nil }
    let ends = path.dropFirst(6).split(separator: ".").compactMap { Int64($0) }
    return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
  }

  private static func block(of row: TamperedRow) -> ClosedRange<Int64>? {
    guard let level = row.integer("level"), let number = row.integer("number"), (1...3).contains(level),
      (0..<1000).contains(number)
    else { return nil }
    let width = Int64(1) << (level * 8)
    return (number * width)...(number * width + width - 1)
  }

  private func places(of row: TamperedRow) -> Set<String> {
    var places: Set<String> = ["\(row.table)/\(row.place)"]
    func event(_ index: Int64?) {
      guard let index else { return }
      places.formUnion(["event/\(index)", "content/\(index)"])
      if let number = numbers[index] { places.insert(number) }
    }
    switch row.table {
    case "store": places.insert("store")
    case "erasure":
      for column in ["ordered", "event", "carried_out"] { event(row.integer(column)) }
      if let manifest = row.integer("manifest") { places.insert("manifest/\(manifest)") }
    case "log_state": places.insert("log_state")
    case "grdb_migrations": places.insert("grdb_migrations")
    case "event":
      event(row.integer("idx"))
      if let manifest = row.integer("manifest") { places.insert("manifest/\(manifest)") }
    case "content": event(row.integer("event"))
    case "dossier": event(row.integer("event"))
    case "document_part":
      if let manifest = row.integer("manifest") { places.insert("manifest/\(manifest)") }
    case "container":
      // Committed to by the manifest's own event, and by the items that lie in it.
      if let manifest = row.integer("manifest") {
        event(recordedEvents[manifest])
        places.insert("manifest/\(manifest)")
        if let first = firstEvents[manifest], let last = recordedEvents[manifest] {
          for index in first..<last { event(index) }
        }
      }
    case "item":
      if let id = row.integer("id"), let number = itemNumbers[id] { places.insert(number) }
    case "relabelling":
      event(row.integer("event"))
      for column in ["old_item", "new_item"] {
        if let id = row.integer(column) {
          places.insert("item/\(id)")
          if let number = itemNumbers[id] { places.insert(number) }
        }
      }
    case "loss_counter":
      let unit = row.integer("unit") == 1 ? "dossier" : "item"
      places.insert(
        (["loss_counter", unit] + row.key.dropFirst().map { "\(row.values[$0] ?? .null)" })
          .joined(separator: "/"))
    case "map_entry":
      // Its key is the hash of a number, and of an altered one nobody knows whose.
      if let key = row.values["key"].flatMap({ Data.fromDatabaseValue($0) }) {
        places.insert("map_entry/" + key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      }
      if let id = row.integer("item"), let number = itemNumbers[id] { places.insert(number) }
    case "office":
      if let index = row.integer("event") { event(index) }
    case "manifest":
      // Its number is part of the leaf of each of its events.
      if let id = row.integer("id"), let first = firstEvents[id], let last = recordedEvents[id] {
        for index in first...last { event(index) }
      }
    default: break
    }
    return places
  }
}
