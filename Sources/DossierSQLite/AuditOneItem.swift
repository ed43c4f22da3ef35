internal import CustodyLog
public import DossierCore

extension StoreAudit {
  /// Audits one item: every event of its numbers is hashed again, folded, its disclosures opened, and its place
  /// in the tree under the newest mark proven (RFC 6962 2.1.1).
  ///
  /// - Returns: nil when the store knows no such item.
  public func run(
    _ store: SQLiteStore, item number: String, marks: [AuditMark], isSigned: Bool
  ) throws -> AuditReport? {
    try store.read { reader in
      guard let row = try reader.items.item(Subject(number: number)) else { return nil }
      let head = try reader.state().tree.head
      var report = AuditReport(
        head: head, checked: [], unchecked: [], findings: [], findingsLeftOut: 0, isSigned: isSigned)
      let key = ChainKey(try systemRandomBytes(32))
      let newest = try reader.state().recordedAt
      let items = try ItemAudit(reader, key: key, rules: ItemRules(limits: rules, newestRecording: newest))
      let contents = try ContentAudit(reader, gathering: nil)
      var erasures = try ErasureAudit(reader)
      var erased: Int64 = 0
      let subtrees = try SubtreeSource(reader.connection, coder: reader.coder)
      let mark = marks.max { $0.head.size < $1.head.size }
      var events: Int64 = 0
      var disclosures: Int64 = 0
      var proofs: Int64 = 0
      var later: Int64 = 0
      for member in try reader.items.group(of: row) {
        var run = ItemRun()
        _ = try items.run(member.id..<(member.id + 1), into: &run)
        report.findings += run.findings.all
        report.findings += try items.locate(member.id..<(member.id + 1))
        for event in (try? reader.items.chain(member)) ?? [] {
          events += 1
          if event.content != nil {
            var run = ContentRun()
            try contents.run(event.index..<(event.index + 1), into: &run)
            disclosures += run.disclosures
            erased += run.erased
            if run.erased > 0 { try erasures.check(event: event.index) }
            report.findings += run.findings.all
            if run.contents == 0 {
              report.findings.append(Finding(.disclosureMissing, path: "event/\(event.index)"))
            }
          }
          guard let mark, event.index < Int64(mark.head.size) else {
            later += 1
            continue
          }
          let proof = try MerkleProof.inclusion(index: UInt64(event.index), size: mark.head.size) {
            try subtrees.root(level: $0, index: $1)
          }
          proofs += 1
          let isIncluded = MerkleProof.verifyInclusion(
            leafHash: try reader.coder.leafHash(event), index: UInt64(event.index), size: mark.head.size,
            proof: proof, root: mark.head.root)
          if !isIncluded {
            report.findings.append(
              Finding(
                .rootMismatch, path: "event/\(event.index)", item: number, expected: mark.head.root.base64))
          }
        }
      }
      report.findings += erasures.findings
      report.unchecked += erasures.unchecked((erased, 0))
      report.checked = [
        .init("events", events), .init("disclosures", disclosures), .init("inclusionProofs", proofs),
      ]
      if later > 0 {
        report.unchecked.append(
          .init("events", why: "recorded after the last signed checkpoint", count: later))
      }
      return report
    }
  }
}
