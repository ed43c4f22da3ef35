internal import DossierCore

/// What the log said of an item before a document named it again.
struct EarlierJourney {
  var state: CustodyState
  /// The dossiers that the last of its manifests states; nil when there is none, or a code was erased since.
  var dossiers: Set<Subject>?

  /// What a manifest says of the item that cannot be true together with this.
  ///
  /// - Parameters:
  ///   - handedOver: the instant from which the manifest speaks.
  ///   - dossiers: those that it states.
  func contradiction(handedOver: Int64, dossiers stated: Set<Subject>) -> FindingCode? {
    // Another item's dossiers are others anyhow.
    if state.hadEnded(before: handedOver) { return .itemNumberReused }
    return dossiers.map { $0 != stated } ?? false ? .dossiersDiffer : nil
  }
}

extension ItemReader {
  /// - Parameter size: when the log had so many events.
  func journey(of members: [ItemRow], before size: Int64) throws -> EarlierJourney {
    let events = try members.flatMap { try chain($0, before: size) }
    let last = try consignments(events).last
    return EarlierJourney(
      state: try fold(events), dossiers: try last.flatMap { try dossierCodes($0.dossiers) })
  }

  private func dossierCodes(_ range: Range<Int64>) throws -> Set<Subject>? {
    var codes: Set<Subject> = []
    for dossier in try dossierFacts(range) {
      // A negative number stands for a code that was erased.
      if case .packed(let packed) = dossier.code, packed < 0 { return nil }
      codes.insert(dossier.code)
    }
    return codes
  }

  /// Whether a relabelling gives an item a number under which another one was on its way before.
  func takesNumberOfAnother(_ draft: EventDraft) throws -> Bool {
    guard draft.kind == .relabelled, let number = draft.newNumber,
      let other = try item(Subject(number: number))
    else { return false }
    if let own = try item(Subject(number: draft.item)),
      try group(of: own).contains(where: { $0.id == other.id })
    {
      return false
    }
    return try chain(other).contains { $0.at < draft.at }
  }
}
