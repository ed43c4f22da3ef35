internal import CustodyLog
public import DossierCore
internal import DossierSQLite

/// What somebody asks after without a receipt's code: an item's number or a dossier's code.
public struct PublicNumber: Hashable, Sendable {
  let item: String?
  let dossier: String?
  /// One text for all writings of the same number.
  public let canonical: String

  /// - Returns: nil when the text can be neither.
  public init?(typed: String) {
    guard let typed = Self.repaired(typed) else { return nil }
    let number: ItemNumber? = if case .success(let number) = ItemNumber.parse(typed) { number } else { nil }
    let code: DossierCode? = if case .success(let code) = DossierCode.parse(typed) { code } else { nil }
    item = number?.text
    dossier = code?.text
    // A national code has two forms, and one of them could pass for an office's own item number.
    let isNational = code?.components != nil
    guard let canonical = isNational ? code?.text : number?.text ?? code?.text else { return nil }
    self.canonical = canonical
  }

  /// The text without what a barcode reader adds, and with what an input method did to an item number undone, where
  /// that can be proven.
  private static func repaired(_ raw: String) -> String? {
    guard raw.utf8.count <= 512 else { return nil }
    let scan = ScanText(raw: raw)
    return switch InputMethodRepair.examine(scan) {
    // Without any mark of an input method a character may as well have been lost.
    case .repaired(let number, _, isShortened: false): number.text
    case .repaired, .untouched, .damaged: scan.text
    }
  }
}

/// What a public look-up found.
public enum PublicLookup: Hashable, Sendable {
  /// Whoever asks has shown that it is theirs.
  case status(PublicStatus)
  /// A number alone.
  case coarse(PublicStatus.Coarse)
  /// Nothing that fits; whether the number is known stays open.
  case nothing
}

extension Tracker {
  /// The code by which the holder of an item's receipt finds it: printed there as QR code and as text.
  ///
  /// The same whenever it is asked for, under whichever of its numbers, as long as the key stays.
  ///
  /// - Returns: nil when nothing is known of the item, or when the signer's store is another user's.
  /// - Throws: ``TrackerRefusal`` when the key can be neither read nor made.
  public func lookupCode(ofItem number: String) throws -> String? {
    try explained {
      if signer.isAnothers { return nil }
      guard case .success(let canonical) = ItemNumber.parse(number),
        let first = try store.firstEvent(ofItem: canonical.text),
        let key = try PublicLookupKey.read(signer.folder, making: environment.randomness)?.keys.first
      else { return nil }
      return PublicLookupCode(index: first.index, number: first.item, key: key).text
    }
  }

  /// Finds an item by the code on its receipt.
  ///
  /// - Returns: nil for whatever is not such a code, or not of this store.
  public func lookup(code: String) throws -> PublicStatus? {
    try explained {
      guard let number = try item(ofLookupCode: code), let history = try store.history(ofItem: number) else {
        return nil
      }
      return try status(of: [history], dossier: nil)
    }
  }

  /// Whether a text has the form of a look-up code and its check character is right; whether it opens anything stays open.
  public static func isLookupCode(_ text: String) -> Bool { PublicLookupCode(typed: text) != nil }

  /// The number of the item that a look-up code opens.
  public func item(ofLookupCode code: String) throws -> String? {
    try explained {
      guard let code = PublicLookupCode(typed: code), !signer.isAnothers,
        let key = try PublicLookupKey.read(signer.folder, making: nil),
        let number = try store.item(ofEvent: code.index), code.isOf(number: number, keys: key.keys)
      else { return nil }
      return number
    }
  }

  /// Finds an item or a dossier by its number.
  ///
  /// With digits they must end a telephone number stated for its sender or recipient; a wrong number and wrong digits
  /// are answered alike and cost the same. Without digits the answer is one of three words, and an unknown number is
  /// answered as one about which somebody should ask.
  ///
  /// - Parameter phone: nil when only the number was given.
  public func lookup(number: PublicNumber, phone: PhoneEnding?) throws -> PublicLookup {
    try explained {
      let found = try store.lookupCandidates(item: number.item, dossier: number.dossier)
      guard let phone else {
        let offices = try PublicOffices(store.offices())
        return .coarse(found.items.last.map { PublicStatus.Coarse($0, offices) } ?? .contact)
      }
      guard phone.isOne(of: found.phones) else { return .nothing }
      let histories = try found.items.compactMap { try store.history(ofItem: $0.number) }
      let isByItem = number.item.map { item in histories.contains { $0.numbers.contains(item) } } ?? false
      return try status(of: histories, dossier: isByItem ? nil : number.dossier).map { .status($0) }
        ?? .nothing
    }
  }
}
