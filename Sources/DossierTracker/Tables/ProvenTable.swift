public import DossierCore
public import DossierReport

/// What is proven of an event's time, as cells and as JSON.
public enum ProvenTable {
  /// Beside the times that are claimed and noted.
  public static let columns = [
    Column("proven", vi: "Giữa điểm chốt", en: "Between checkpoints", kind: .text),
    Column("mark", vi: "Chú ý", en: "Note", kind: .text),
  ]

  /// A timeline with what is proven of each time beside it.
  public static var timeline: [Column] {
    let place = EventTable.timeline.firstIndex { $0.key == "office" } ?? EventTable.timeline.count
    return Array(EventTable.timeline[..<place]) + columns + EventTable.timeline[place...]
  }

  public static func row(_ event: EventRecord, _ interval: ProvenInterval, labels: Language) -> [Cell] {
    let cells = EventTable.row(event, labels: labels)
    let place = EventTable.timeline.firstIndex { $0.key == "office" } ?? EventTable.timeline.count
    return Array(cells[..<place])
      + [.text(interval.text), .text(orNone: interval.mark?.label(labels))] + cells[place...]
  }
}

extension ProvenInterval {
  /// `540–612`: stated after checkpoint 540, recorded before checkpoint 612 was signed.
  var text: String {
    let after = notBefore.map { "\($0.size)" } ?? "…"
    let before = notAfter.map { bound in
      let time = bound.cosignedAt.flatMap {
        OffsetDateTime(milliseconds: $0, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text
      }
      return "\(bound.size)" + (time.map { " (\($0))" } ?? "")
    }
    return "\(after)–\(before ?? "…")"
  }
}

extension ProvenInterval.Bound {
  /// The checkpoint and the times known of it; null where there is none.
  var json: JSONOutput {
    func time(_ milliseconds: Int64?) -> JSONOutput {
      .string(
        orNull: milliseconds.flatMap {
          OffsetDateTime(milliseconds: $0, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text
        })
    }
    return ["size": .integer(Int(size)), "recordedAt": time(recordedAt), "cosignedAt": time(cosignedAt)]
  }
}
