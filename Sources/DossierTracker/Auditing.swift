internal import CustodyLog
public import DossierCore
internal import DossierSQLite

extension Tracker {
  /// Verifies everything: rows, leaves, tree, checkpoints, custody of every item, vault, projections.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint that the auditor kept, as (file name, bytes): the log must extend it.
  ///   - progress: called with (steps done, steps in all), from any thread.
  /// - Returns: what was checked, what could not be, and every finding.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read at all.
  public func audit(
    checkpoint: (name: String, note: [UInt8])? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws -> AuditReport {
    try explained {
      let evidence = AuditEvidence(self, kept: checkpoint)
      var report = try StoreAudit(threads: environment.threads, progress: progress)
        .run(store, marks: evidence.marks, isSigned: evidence.isSigned)
      report.findings = evidence.findings + report.findings
      report.unchecked = evidence.unchecked + report.unchecked
      return report
    }
  }

  /// Verifies one item: its chain, custody, disclosures, and that its events stand in the signed log.
  ///
  /// - Returns: nil when the store knows no such item.
  public func audit(item number: String) throws -> AuditReport? {
    try explained {
      guard case .success(let canonical) = ItemNumber.parse(number) else { return nil }
      let evidence = AuditEvidence(self, kept: nil)
      guard
        var report = try StoreAudit(threads: 1).run(
          store, item: canonical.text, marks: evidence.marks, isSigned: evidence.isSigned)
      else { return nil }
      report.findings = evidence.findings + report.findings
      report.unchecked = evidence.unchecked + report.unchecked
      return report
    }
  }
}

/// The checkpoints that an audit can lean on, and what is wrong with those it cannot.
private struct AuditEvidence {
  var marks: [AuditMark] = []
  var findings: [Finding] = []
  var unchecked: [AuditReport.Unchecked] = []
  var isSigned: Bool { !marks.isEmpty }

  init(_ tracker: Tracker, kept: (name: String, note: [UInt8])?) {
    let path = tracker.signer.folder.checkpoint
    do {
      if tracker.origin != (try tracker.signer.verifier().name) {
        findings.append(
          Finding(
            .checkpointSignature, path: "store", expected: try tracker.signer.verifier().name,
            found: tracker.origin))
      }
      if let last = try tracker.signer.lastCheckpoint() {
        marks.append(AuditMark(head: last.head, source: path))
      } else {
        unchecked.append(.init("checkpoint", why: "no signed checkpoint: \(path)", count: 1))
      }
      if let kept {
        let checkpoint = try tracker.signer.open(kept.note, path: kept.name)
        marks.append(AuditMark(head: checkpoint.head, source: kept.name))
      }
    } catch let refusal as TrackerRefusal {
      findings.append(refusal.finding)
      unchecked.append(.init("checkpoint", why: refusal.finding.code.rawValue, count: 1))
    } catch {
      unchecked.append(.init("checkpoint", why: "\(error)", count: 1))
    }
  }
}
