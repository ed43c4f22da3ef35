internal import CustodyLog
internal import DossierCore

/// Pass 3 of the audit: what events commit to. Every field's disclosure is built again from the vault and the
/// rows and compared with the commitment in the leaf.
struct ContentRun: Sendable {
  var contents: Int64 = 0
  var disclosures: Int64 = 0
  var dossiers: Int64 = 0
  /// Fields of which only the commitment is left.
  var erased: Int64 = 0
  var findings = RowFindings()

  /// Adds what was found about the contents of other events.
  mutating func add(_ other: ContentRun) {
    contents += other.contents
    disclosures += other.disclosures
    dossiers += other.dossiers
    erased += other.erased
    findings.add(other.findings)
  }
}

final class ContentAudit {
  private let rebuilder: ContentRebuilder
  private let gathering: AuditGathering?
  private var gathered: [GatheredDossier] = []
  /// Of the content that was checked last, in the order of its fields.
  private(set) var commitments: [Digest] = []
  private var inner: [UInt8] = []
  private var disclosure: [UInt8] = []

  /// - Parameter gathering: where to put what the pass over the items needs of the dossiers.
  init(_ reader: StoreReader, gathering: AuditGathering?) throws {
    rebuilder = try ContentRebuilder(reader)
    self.gathering = gathering
  }

  /// Checks the contents of the events in `range`.
  func run(_ range: Range<Int64>, into run: inout ContentRun) throws {
    rebuilder.begin(range)
    defer { rebuilder.leaveDossiers() }
    gathered.removeAll(keepingCapacity: true)
    while try rebuilder.next() {
      run.contents += 1
      let event = rebuilder.event
      guard rebuilder.hasEvent else {
        run.findings.add(Finding(.orphanRow, path: "content/\(event)"), row: event)
        continue
      }
      let root: Digest?
      do { root = try contentRoot(event, &run) } catch let fault as StoreFault {
        rebuilder.leaveDossiers()
        run.findings.add(
          Finding(.disclosureMismatch, path: "content/\(event)", detail: fault.description), row: event)
        continue
      }
      guard let root else {
        run.findings.add(Finding(.disclosureMismatch, path: "content/\(event)"), row: event)
        continue
      }
      if root != rebuilder.content {
        run.findings.add(
          Finding(
            .disclosureMismatch, path: "content/\(event)", expected: rebuilder.content?.hex ?? "-",
            found: root.hex), row: event)
      }
    }
    gathering?.put(gathered, place: Int(range.lowerBound))
  }

  /// The digest over the commitments of the row at hand; nil when its bytes are no such layout.
  private func contentRoot(_ event: Int64, _ run: inout ContentRun) throws -> Digest? {
    commitments.removeAll(keepingCapacity: true)
    let number = gathering?.key.number(of: rebuilder.subject)
    let before = gathered.count
    let isWhole = try rebuilder.rebuild(
      dossier: { place, manifest in
        run.dossiers += 1
        if place.event != event || place.manifest != manifest {
          run.findings.add(Finding(.dossierProjection, path: "dossier/\(place.id)"), row: event)
        }
        guard let number else { return }
        gathered.append(
          GatheredDossier(
            number: number, id: place.id, event: event, field: place.field, agency: place.agency))
      },
      field: { entry, json in
        run.disclosures += 1
        commitments.append(entry.commitment(json: json, inner: &inner, disclosure: &disclosure))
      },
      erased: { entry, isStillThere in
        run.erased += 1
        commitments.append(entry.commitment(json: [], inner: &inner, disclosure: &disclosure))
        if isStillThere {
          run.findings.add(
            Finding(
              .erasureIncomplete, path: "content/\(event)",
              expected: entry.field.name(ordinal: entry.ordinal)), row: event)
        }
      })
    // Where a row is missing the look-ups say what is wrong.
    if gathered.count - before != rebuilder.dossierCount { gathered.removeSubrange(before...) }
    return isWhole ? ContentRoot.combine(commitments) : nil
  }
}
