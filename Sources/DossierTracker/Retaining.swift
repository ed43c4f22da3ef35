internal import CustodyLog
public import DossierCore
internal import DossierSQLite

extension Tracker {
  /// Today in the environment's zone.
  public var today: CalendarDate? {
    OffsetDateTime(milliseconds: now, offsetMinutes: environment.zone)?.localDate
  }

  /// What a policy says is due: items whose journey ended, then manifests that were closed. What is erased already is
  /// left out.
  ///
  /// - Parameters:
  ///   - day: the day for which it is asked: the same store and day give the same list.
  ///   - body: called for each, in order.
  public func retentionDue(
    _ policy: RetentionPolicy, on day: CalendarDate, _ body: (RetentionDue) throws -> Void
  ) throws {
    try explained {
      for ofManifests in [false, true] {
        var after: Int64 = 0
        while true {
          let page = try due(policy, day, ofManifests: ofManifests, after: after, limit: 500)
          for due in page { try body(due) }
          guard page.count >= 500, let last = page.last else { break }
          after = last.id
        }
      }
    }
  }

  /// Erases what is due, in batches: each is ordered by one person and carried out by another in one transaction. It
  /// can be stopped at any moment and begun again. The file is written anew once, in the end.
  ///
  /// - Parameters:
  ///   - by: code of the person who orders it.
  ///   - witness: code of the other person, who carries it out.
  ///   - body: called after each batch with what it erased, which is durable then.
  /// - Returns: batches that were refused, and whether the file is still to be written anew.
  public func applyRetention(
    _ policy: RetentionPolicy, on day: CalendarDate, by: String, witness: String,
    _ body: ([ErasureRecord]) throws -> Void
  ) throws -> [Finding] {
    try explained {
      let (by, witness) = (try Self.person(by), try Self.person(witness))
      if by == witness { throw TrackerRefusal(Finding(.erasureSamePerson, found: witness)) }
      var findings: [Finding] = []
      for ofManifests in [false, true] {
        var after: Int64 = 0
        while true {
          let page = try due(policy, day, ofManifests: ofManifests, after: after, limit: Self.batchSize)
          for basis in LegalBasis.allCases {
            let wanted = page.filter { $0.basis == basis }.map { ($0.subject, Set($0.fields)) }
            if wanted.isEmpty { continue }
            switch try apply(wanted, basis, by: by, witness: witness) {
            case .done(let records): try body(records)
            case .refused:
              // One of them was altered: the others are done one by one, and that one is told.
              for one in wanted {
                switch try apply([one], basis, by: by, witness: witness) {
                case .done(let records): try body(records)
                case .refused(let finding): findings.append(finding)
                }
              }
            }
          }
          guard page.count >= Self.batchSize, let last = page.last else { break }
          after = last.id
        }
      }
      return findings + scrubbing()
    }
  }

  private func apply(
    _ wanted: [(ErasureSubject, Set<ErasureField>)], _ basis: LegalBasis, by: String, witness: String
  ) throws -> ErasureOutcome {
    try store.applyErasure(
      wanted.map { (subject: $0.0, fields: $0.1) }, basis: basis.rawValue, by: by, witness: witness,
      recordedAt: now)
  }

  private static let batchSize = 200

  private func due(
    _ policy: RetentionPolicy, _ day: CalendarDate, ofManifests: Bool, after: Int64, limit: Int
  ) throws -> [RetentionDue] {
    let rules = policy.rules.filter { $0.concernsManifest == ofManifests }.map { rule in
      // Up to the end of the last day that is due.
      let next = RetentionPolicy.cutoff(day, months: rule.months).advanced(by: 1)
      let before = Int64(next.daysSince1970) * 86_400_000 - Int64(environment.zone) * 60_000
      return (rule: rule, before: before)
    }
    return try store.retentionDue(rules, ofManifests: ofManifests, after: after, limit: limit)
  }
}
