internal import DossierCore
internal import DossierSQLite

/// Which item a code at a hand-over means.
struct BarcodeMeaning {
  let store: SQLiteStore

  /// The number under which the item behind a code stands at the hand-over, or else its own: the code is an item number, or
  /// that of a dossier which one item carries.
  ///
  /// - Returns: nil when it is neither.
  func item(_ code: String, at state: HandoverState) throws -> String? {
    if case .success(let number) = ItemNumber.parse(code) {
      // A relabelled item answers to all its numbers.
      if let place = state.place(of: number.text) { return state[place].number }
      if try store.history(ofItem: number.text) != nil { return number.text }
      if case .success(let dossier) = DossierCode.parse(code), !dossier.isForeign {
        return try carrier(of: dossier, at: state) ?? number.text
      }
      return number.text
    }
    if case .success(let dossier) = DossierCode.parse(code) { return try carrier(of: dossier, at: state) }
    return nil
  }

  private func carrier(of code: DossierCode, at state: HandoverState) throws -> String? {
    let items = try store.items(carrying: code.text)
    if let place = items.lazy.compactMap({ state.place(of: $0) }).first { return state[place].number }
    return items.last
  }

  /// What a reader typed, as the item it means; a number that an input method damaged only where that can be undone.
  func item(scanned raw: String, at state: HandoverState) throws -> Scanned {
    let scan = ScanText(raw: raw)
    guard !scan.text.isEmpty, scan.text.utf8.count <= ScanText.greatestLength else {
      return .refused(Finding(.unreadableBarcode, found: Self.excerpt(scan.text)))
    }
    if case .success = OwnCode.parse(scan.text) {
      return .refused(Finding(.ownCodeAsItem, found: scan.text))
    }
    if let known = try known(scan.text, at: state) { return .item(known, repaired: false) }
    switch InputMethodRepair.examine(scan) {
    case .untouched: return try unknown(scan, at: state)
    case .repaired(let number, let method, let isShortened):
      guard !isShortened || isAlone(number.text, at: state) else {
        return .refused(Finding(.inputMethodDamage, expected: method.name, found: scan.text))
      }
      return .item(try item(number.text, at: state) ?? number.text, repaired: true)
    case .damaged(let method):
      let isPlain = scan.text.utf8.allSatisfy { $0 < 0x80 }
      let code: FindingCode = method == nil && isPlain ? .barcodeIncomplete : .inputMethodDamage
      return .refused(Finding(code, expected: method?.name, found: Self.excerpt(scan.text)))
    }
  }

  /// A code that nobody has stated before: what it can be taken for is more than a number.
  private func unknown(_ scan: ScanText, at state: HandoverState) throws -> Scanned {
    if case .success(let number) = ManifestNumber.parse(scan.text), try store.manifest(number.text) != nil {
      return .refused(Finding(.manifestAsItem, found: number.text))
    }
    switch ItemNumber.parse(scan.text) {
    case .success(let number) where number.warnings.contains(.resemblesS10):
      return .refused(Finding(.barcodeIncomplete, found: number.text))
    case .failure(let refusal):
      if case .checkDigit = refusal {
        return .refused(
          Finding(
            .itemCheckDigit, item: Self.excerpt(scan.text), expected: refusal.expected, found: refusal.found))
      }
    case .success: break
    }
    guard let item = try item(scan.text, at: state) else {
      return .refused(Finding(.unreadableBarcode, found: Self.excerpt(scan.text)))
    }
    return .item(item, repaired: false)
  }

  /// The item of exactly this number, when it stands here or in the store.
  private func known(_ code: String, at state: HandoverState) throws -> String? {
    guard case .success(let number) = ItemNumber.parse(code) else { return nil }
    if let place = state.place(of: number.text) { return state[place].number }
    return try store.history(ofItem: number.text) == nil ? nil : number.text
  }

  /// Whether no other number of the list differs only in its service letters: a reader that lost one of them leaves the
  /// same text as an input method that made two letters one.
  private func isAlone(_ number: String, at state: HandoverState) -> Bool {
    let tail = number.utf8.dropFirst(2)
    return !state.listed.contains { entry in
      entry.numbers.contains {
        $0.utf8.count == 13 && $0.utf8.dropFirst(2).elementsEqual(tail) && !$0.utf8.elementsEqual(number.utf8)
      }
    }
  }

  /// No more of a hostile text than a person can use.
  private static func excerpt(_ text: String) -> String {
    text.utf8.count <= 64 ? text : String(text.unicodeScalars.prefix(48).map(Character.init)) + "…"
  }

  enum Scanned {
    case item(String, repaired: Bool)
    case refused(Finding)
  }
}
