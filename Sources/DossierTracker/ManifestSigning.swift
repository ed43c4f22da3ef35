public import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// Closing a manifest with the list that two people signed.
public enum ManifestSigning {
  /// Word of a closing that was signed while scans were still waiting to be sent.
  static let offline = "offline"

  /// How the second signature came about, for the log: recorded in the transaction that closes the manifest.
  public struct Use: Hashable, Sendable {
    /// A closed word.
    public var what: String
    /// Code of the person whose signature it is, and of the office where that person works.
    public var by: String
    public var office: String
    /// The manifest, as a reference.
    public var reference: String

    public init(what: String, by: String, office: String, reference: String) {
      self.what = what
      self.by = by
      self.office = office
      self.reference = reference
    }
  }

  /// What became of an attempt to close.
  public enum Outcome: Hashable, Sendable {
    /// Closed now, at this state of the log.
    case closed(LogHead)
    case alreadyClosed
    /// The list is no longer the one that was signed; its digest now.
    case listChanged(Digest)
  }
}

extension Tracker {
  /// Closes a manifest: what was not found is recorded as missing and the closing names the list, in one transaction,
  /// and only if the list still is the one that was signed.
  ///
  /// - Parameters:
  ///   - number: the manifest's number.
  ///   - list: ``ManifestReconciliation/digest`` as both signed it.
  ///   - receiver: code of the person who signed for the receiver.
  ///   - giver: code of the person who signed for the giver.
  ///   - isOffline: whether they signed while scans were still waiting to be sent.
  ///   - use: what the log is to take about the second signature, in the closing's own commit.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown or the two are one person.
  public func signOff(
    manifest number: String, list: Digest, receiver: String, giver: String, isOffline: Bool = false,
    recording use: ManifestSigning.Use? = nil
  ) throws -> ManifestSigning.Outcome {
    try explained {
      var details = EventDetails()
      details.reference = use?.reference
      details.document = list
      let use = use.map { StationUse(what: $0.what, by: $0.by, office: $0.office, details: details) }
      try use?.check()
      guard receiver.lowercased() != giver.lowercased() else {
        throw TrackerRefusal(Finding(.sameSigner, found: receiver))
      }
      // What the list is read from may be written meanwhile, also by another process; then it is read again.
      while true {
        guard let found = try reconciliation(ofManifest: number) else {
          throw TrackerRefusal(Finding(.manifestUnknown, found: number))
        }
        if found.closing != nil { return .alreadyClosed }
        guard found.digest == list else { return .listChanged(found.digest) }
        let (manifest, count) = (found.manifest, found.count)
        var closing = ManifestClosing(
          manifest: manifest.number, office: manifest.receiver, at: now, zone: environment.zone,
          signer: receiver, witness: giver, received: count.received, surplus: count.surplus,
          damaged: count.damaged, misrouted: count.misrouted, missing: [], seen: newestSeen(), list: list,
          reason: isOffline ? ManifestSigning.offline : nil, expecting: found.log)
        closing.missing = found.lines.filter { $0.outcome == .short }.map { missing($0.item, closing) }
        switch try close(closing, items: Set(found.lines.flatMap { [$0.item] + $0.numbers }), use) {
        case nil: return .alreadyClosed
        case .appended(_, let head): return .closed(head)
        case .headMoved: continue
        }
      }
    }
  }

  /// Tries until nothing comes between, as long as what comes between concerns other manifests' items only.
  private func close(
    _ closing: ManifestClosing, items: Set<String>, _ use: StationUse?
  ) throws -> AppendOutcome? {
    var closing = closing
    while true {
      let outcome =
        if let use {
          try store.close(
            closing, recording: use.what, operatorCode: use.by, office: use.office, details: use.details,
            recordedAt: now)
        } else {
          try store.close(closing, recordedAt: now)
        }
      guard case .headMoved(let head) = outcome, let expected = closing.expecting, head.size > expected.size
      else { return outcome }
      let added = try store.events(
        from: Int64(expected.size), limit: Int(clamping: head.size - expected.size))
      let concerns = added.contains { event in
        event.manifest == closing.manifest || event.item.map(items.contains) ?? false
          || event.details.newNumber.map(items.contains) ?? false || event.kind == .corrected
      }
      if concerns { return outcome }
      closing.expecting = head
    }
  }

  private func missing(_ item: String, _ closing: ManifestClosing) -> EventDraft {
    EventDraft(
      identifier: ReceivingSession.identifier(.missing, closing.manifest, item, closing.office),
      kind: .missing, grade: .keyed, item: item, at: closing.at, zone: closing.zone, office: closing.office,
      operatorCode: closing.signer, manifest: closing.manifest, seen: closing.seen)
  }

  /// A manifest and what was found of it, as both sides had it before them when they signed: what was recorded later does
  /// not change it. While the manifest is open, as ``reconciliation(ofManifest:)``.
  ///
  /// - Returns: nil when the store knows no such manifest.
  public func signedReconciliation(ofManifest number: String) throws -> ManifestReconciliation? {
    guard var found = try reconciliation(ofManifest: number) else { return nil }
    guard let closing = found.closing else { return found }
    return try explained {
      let state = try HandoverState(store, manifest: found.manifest, before: closing.index)
      (found.lines, found.count) = (ManifestReconciliation.lines(state), state.count)
      return found
    }
  }

  /// The office, and the person there, that last had an item for certain.
  ///
  /// - Parameter end: events at and after this index are passed over.
  func lastHolder(of item: String, before end: Int64 = .max) throws -> (office: String, person: String?)? {
    guard let history = try store.history(ofItem: item) else { return nil }
    let events = history.events.filter { $0.index < end }
    let corrected = Set(events.compactMap(\.details.corrects))
    let holding: Set<EventKind> = [
      .accepted, .dispatched, .received, .outForDelivery, .attemptFailed, .held, .returned, .found,
    ]
    return events.last { holding.contains($0.kind) && !corrected.contains($0.identifier) }
      .map { ($0.office, $0.operatorCode) }
  }
}
