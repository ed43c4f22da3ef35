internal import CustodyLog
public import DossierCore
internal import DossierSQLite
internal import Foundation

extension Tracker {
  /// Verifies everything: rows, leaves, tree, checkpoints, custody of every item, vault, projections.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint that the auditor kept, as (file name, bytes): the log must extend it.
  ///   - rules: the limits of the rules that have one.
  ///   - progress: called with (steps done, steps in all), from any thread.
  /// - Returns: what was checked, what could not be, and every finding.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read at all.
  public func audit(
    checkpoint: (name: String, note: [UInt8])? = nil, rules: AuditRules = AuditRules(),
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws -> AuditReport {
    try explained {
      let evidence = AuditEvidence(self, kept: checkpoint.map { [$0] } ?? [])
      let report = try audit(rules, progress).run(store, marks: evidence.marks, isSigned: evidence.isSigned)
      return evidence.complete(report)
    }
  }

  /// Verifies what was recorded after a checkpoint that the auditor kept, in time proportional to it.
  ///
  /// - Parameters:
  ///   - kept: the checkpoint, as (file name, bytes). A bad signature, or a log that does not extend it, is a finding,
  ///     and nothing else is done.
  ///   - rules: the limits of the rules that have one.
  /// - Returns: the report, which lists what lies before as not checked.
  public func audit(
    since kept: (name: String, note: [UInt8]), rules: AuditRules = AuditRules()
  ) throws -> AuditReport {
    try explained {
      let evidence = AuditEvidence(self, kept: [kept])
      guard let since = evidence.kept.first else { return evidence.complete(try nothingChecked()) }
      let marks = evidence.marks.filter { $0.source != since.source }
      return evidence.complete(try audit(rules, nil).run(store, since: since, marks: marks))
    }
  }

  /// Finds between which of several kept checkpoints the log was changed.
  ///
  /// - Parameters:
  ///   - kept: checkpoints as (file name, bytes), in any order.
  ///   - progress: as in ``audit(checkpoint:rules:progress:)``.
  /// - Returns: a report about the log alone.
  public func audit(
    bisecting kept: [(name: String, note: [UInt8])], progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws -> AuditReport {
    try explained {
      let evidence = AuditEvidence(self, kept: kept)
      return evidence.complete(try audit(AuditRules(), progress).run(store, bisecting: evidence.kept))
    }
  }

  /// The files behind a path: those in a folder, by name, or the one file.
  public static func checkpointFiles(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let folder = path.hasSuffix("/") ? path : path + "/"
    return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { folder + $0 }
  }

  private func audit(_ rules: AuditRules, _ progress: (@Sendable (Int, Int) -> Void)?) -> StoreAudit {
    var audit = StoreAudit(threads: environment.threads, progress: progress)
    audit.rules = rules
    return audit
  }

  private func nothingChecked() throws -> AuditReport {
    AuditReport(
      head: try store.head(), checked: [],
      unchecked: [
        .init("events", why: "the checkpoint is none of this log", count: Int64(try store.head().size))
      ],
      findings: [], findingsLeftOut: 0, isSigned: false)
  }

  /// Verifies one item: its chain, custody, disclosures, and that its events stand in the signed log.
  ///
  /// - Returns: nil when the store knows no such item.
  public func audit(item number: String, rules: AuditRules = AuditRules()) throws -> AuditReport? {
    try explained {
      guard case .success(let canonical) = ItemNumber.parse(number) else { return nil }
      let evidence = AuditEvidence(self, kept: [])
      guard
        let report = try audit(rules, nil).run(
          store, item: canonical.text, marks: evidence.marks, isSigned: evidence.isSigned)
      else { return nil }
      return evidence.complete(report)
    }
  }
}

/// The checkpoints that an audit can lean on, and what is wrong with those it cannot.
private struct AuditEvidence {
  var marks: [AuditMark] = []
  /// Those that the auditor brought, and whose signatures are good.
  var kept: [AuditMark] = []
  var findings: [Finding] = []
  var unchecked: [AuditReport.Unchecked] = []
  var isSigned: Bool { !marks.isEmpty }

  init(_ tracker: Tracker, kept notes: [(name: String, note: [UInt8])]) {
    let path = tracker.signer.folder.checkpoint
    attempt { evidence in
      if tracker.origin != (try tracker.signer.verifier().name) {
        evidence.findings.append(
          Finding(
            .checkpointSignature, path: "store", expected: try tracker.signer.verifier().name,
            found: tracker.origin))
      }
      if let last = try tracker.signer.lastCheckpoint() {
        evidence.marks.append(AuditMark(head: last.head, source: path))
      } else {
        evidence.unchecked.append(.init("checkpoint", why: "no signed checkpoint: \(path)", count: 1))
      }
    }
    for (name, note) in notes {
      attempt { evidence in
        let mark = AuditMark(head: try tracker.signer.open(note, path: name).head, source: name)
        evidence.kept.append(mark)
        evidence.marks.append(mark)
      }
    }
    attempt { evidence in evidence.findings += try tracker.keyFindings() }
  }

  /// What one checkpoint lacks does not keep the others from being used.
  private mutating func attempt(_ body: (inout Self) throws -> Void) {
    do { try body(&self) } catch let refusal as TrackerRefusal {
      findings.append(refusal.finding)
      unchecked.append(.init("checkpoint", why: refusal.finding.code.rawValue, count: 1))
    } catch {
      unchecked.append(.init("checkpoint", why: "\(error)", count: 1))
    }
  }

  func complete(_ report: AuditReport) -> AuditReport {
    var report = report
    report.findings = findings + report.findings
    report.unchecked = unchecked + report.unchecked
    return report
  }
}
