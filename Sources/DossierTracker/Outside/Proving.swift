public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// Which fields a proof shows in clear: none unless asked for, since whoever has the file can read them.
public struct RevealedFields: Hashable, Sendable {
  private let fields: Set<VaultField>

  /// The names that can be given, `all` the last.
  public static let names = ordered.map(\.name) + ["all"]
  public static let none = RevealedFields([])
  public static let all = RevealedFields(Set(VaultField.allCases))

  private static let ordered: [(name: String, field: VaultField)] = [
    ("sender", .sender), ("recipient", .recipient), ("contents", .contents), ("note", .note),
    ("dossier.code", .dossierCode), ("dossier.applicant", .applicant), ("giver.person", .giverPerson),
    ("receiver.person", .receiverPerson),
  ]

  private init(_ fields: Set<VaultField>) { self.fields = fields }

  /// - Parameter names: of ``names``.
  /// - Returns: nil when one of them is no such name.
  public init?(names: [String]) {
    var fields: Set<VaultField> = []
    for name in names {
      if name == "all" {
        fields.formUnion(VaultField.allCases)
      } else if let known = Self.ordered.first(where: { $0.name == name }) {
        fields.insert(known.field)
      } else {
        return nil
      }
    }
    self.init(fields)
  }

  func contains(_ field: VaultField) -> Bool { fields.contains(field) }
}

/// A proof of custody as it is handed out.
public struct CustodyProof: Hashable, Sendable {
  /// The file (``ProofBundle``), which may hold personal data.
  public var file: [UInt8]
  /// What it shows.
  public var bundle: ProofBundle
  /// Size and root of its checkpoint.
  public var head: LogHead
  /// Whether some witness cosigned that checkpoint.
  public var isCosigned: Bool
}

extension Tracker {
  /// Makes one file from which anybody can check the whole custody of an item, or of all items that carried a dossier,
  /// with the log's public key alone.
  ///
  /// It leads to the newest checkpoint kept for those outside that covers all events, a cosigned one if there is one.
  /// Nothing is handed out that does not verify.
  ///
  /// - Parameters:
  ///   - code: item number or dossier code.
  ///   - reveal: fields shown in clear.
  ///   - publishing: where no kept checkpoint covers the events, sign one (``publishedCheckpoint()``).
  /// - Throws: ``TrackerRefusal``: nothing is known by that code; no checkpoint covers it and none may be signed.
  public func prove(
    _ code: String, reveal: RevealedFields = .none, publishing: Bool = true
  ) throws -> CustodyProof {
    try explained {
      let histories = try histories(of: code)
      // Another process may record the map anew in between; then the newer checkpoint is as good.
      for _ in 0..<3 {
        guard let covering = try covering(histories, orSigning: publishing) else {
          throw TrackerRefusal(Finding(.proofNotCovered, found: code))
        }
        if let proof = try proof(of: histories, at: covering, reveal) {
          let outcome = proof.bundle.verify(policy: try signer.trust()).outcome
          guard outcome == .proven else {
            throw TrackerRefusal(Finding(.proofRefuted, found: code, detail: outcome.reasonWord))
          }
          return proof
        }
      }
      throw TrackerRefusal(Finding(.storeBusy, path: path))
    }
  }

  private func histories(of code: String) throws -> [ItemHistory] {
    switch try show(code) {
    case .item(let item): return [item]
    case .dossier(_, let items): return items
    case .manifest, nil: throw TrackerRefusal(Finding(.unknownCode, found: code))
    }
  }

  /// The newest kept checkpoint behind the map that covers all the events, preferably a cosigned one.
  private func covering(
    _ histories: [ItemHistory], orSigning: Bool
  ) throws -> KeptCheckpoints.Kept? {
    let newest = histories.flatMap(\.events).map(\.index).max() ?? -1
    if let map = try store.mapHead(), newest < Int64(clamping: map.event) {
      var best: KeptCheckpoints.Kept?
      for size in kept.sizes().reversed() where size > map.event {
        guard let known = try kept.checkpoint(size), known.isCurrent,
          try store.root(atSize: size) == known.checkpoint.root
        else { continue }
        if known.isCosigned { return known }
        best = best ?? known
      }
      if let best { return best }
    }
    return orSigning ? try published() : nil
  }

  private func proof(
    of histories: [ItemHistory], at covering: KeptCheckpoints.Kept, _ reveal: RevealedFields
  ) throws -> CustodyProof? {
    let size = covering.checkpoint.size
    let numbers = Set(histories.flatMap(\.numbers))
    let past = try bounding(histories.flatMap(\.events), below: size)
    guard
      let found = try store.proof(
        of: Array(numbers), size: size, past: past.map(\.checkpoint.size), reveal: reveal.contains)
    else { return nil }
    var bundle = found.bundle
    bundle.checkpoint = covering.note.encoded
    bundle.times = zip(past, found.consistency).map {
      ProofBundle.PastCheckpoint(checkpoint: $0.note.encoded, consistency: $1)
    }
    return CustodyProof(
      file: try bundle.encode(), bundle: bundle, head: covering.checkpoint.head,
      isCosigned: covering.isCosigned)
  }

  /// The kept checkpoints that say when events were recorded: for each event the smallest cosigned one that contains
  /// it, else the smallest; and those that an event names as known to its author. Ascending, below `size`.
  private func bounding(_ events: [EventRecord], below size: UInt64) throws -> [KeptCheckpoints.Kept] {
    let sizes = kept.sizes().filter { $0 > 0 && $0 < size }
    var known: [UInt64: KeptCheckpoints.Kept?] = [:]
    func read(_ size: UInt64) throws -> KeptCheckpoints.Kept? {
      if let found = known[size] { return found }
      let found = try kept.checkpoint(size)
      known[size] = .some(found)
      return found
    }
    var chosen: [UInt64: KeptCheckpoints.Kept] = [:]
    for event in events {
      var first: KeptCheckpoints.Kept?
      // Further on, a cosignature would say little about this event.
      for size in sizes.drop(while: { $0 <= UInt64(clamping: event.index) }).prefix(Self.farthest) {
        guard let found = try read(size), found.isCurrent else { continue }
        first = first ?? found
        if found.isCosigned {
          first = found
          break
        }
      }
      if let first { chosen[first.checkpoint.size] = first }
      if let seen = event.details.seen, sizes.contains(seen.size), let found = try read(seen.size),
        found.isCurrent
      {
        chosen[seen.size] = found
      }
    }
    // Files that anybody who writes to the folder could have put there prove nothing by lying here.
    return try chosen.values.filter { try store.root(atSize: $0.checkpoint.size) == $0.checkpoint.root }
      .sorted { $0.checkpoint.size < $1.checkpoint.size }
  }

  private static var farthest: Int { 32 }
}
