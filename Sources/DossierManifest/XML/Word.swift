/// The names of elements and attributes of both document languages. The raw value is the number by which the parser
/// names them; a name that is element and attribute has one number.
enum Word: Int32, CaseIterable {
  case manifest, giver, receiver, person, containers, container, declared, items, item
  case acceptedAt, weight, condition, sender, recipient, name, phone, address, fee
  case dossier, field, agency, applicant, received, due, result, document
  case version, number, leg, dispatchedAt, office, code, seal, dossiers, procedure
  case originals, certifiedCopies, photocopies
  case events, event, reason, damage, reference, note
  case source, id, kind, at, grade, `operator`, to, deviceTime, corrects, newNumber, documents, amount

  /// The word with a number; nil for a number of none.
  ///
  /// Cases without values are numbered from 0 in the order they are written, and so are the raw values; a test compares
  /// all of them.
  @inline(__always)
  init?(number: Int32) {
    guard (0..<Self.count).contains(number) else { return nil }
    self = unsafeBitCast(UInt8(truncatingIfNeeded: number), to: Word.self)
  }

  private static var count: Int32 { Word.amount.rawValue + 1 }

  /// The name as it stands in a document.
  var text: String { Self.texts[Int(rawValue)] }

  private static let texts = allCases.map { String(describing: $0) }

  /// All names in the order of their numbers, for C. Never freed.
  nonisolated(unsafe) static let cNames: UnsafePointer<UnsafePointer<CChar>> = {
    let names = UnsafeMutablePointer<UnsafePointer<CChar>>.allocate(capacity: allCases.count)
    for (index, text) in texts.enumerated() {
      let bytes = text.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      for (offset, byte) in bytes.enumerated() { copy[offset] = byte }
      (names + index).initialize(to: UnsafePointer(copy))
    }
    return UnsafePointer(names)
  }()
}
