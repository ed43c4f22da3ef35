import CXMLReader

/// Proves elements valid more narrowly than the schema does, so that the schema need not look at them.
///
/// The schema takes most of the time of a large manifest and finds nothing in nearly all of its items. Here an item is
/// followed with a few comparisons: the same order of elements as in `Schemas/manifest-1.xsd`, attributes that are known
/// and complete, values that the strict parsers of this module took, texts whose **bytes** are no more than the
/// characters allowed. Whatever is not as plain as that goes to libxml2, which alone says what is invalid and why. Tests
/// hold this against `xmllint` and against reading without proofs.
///
/// Everything proved here must be valid by the schema. When the schema becomes narrower, so must this.
struct Proof {
  private let isOn: Bool
  /// Position among the children of an item: 0 before the first, 7 for its dossiers.
  private var itemPlace: UInt8 = 0
  /// 1 name, 2 phone, 3 address.
  private var contactPlace: UInt8 = 0
  /// 7 for the documents.
  private var dossierPlace: UInt8 = 0

  init(isOn: Bool) { self.isOn = isOn }

  /// - Parameter isRepeated: whether the schema has seen an item already, without which the list would be empty to it.
  mutating func start(_ word: Word, _ attributes: Attributes, isRepeated: Bool) -> xr_answer {
    let isPlaced: Bool
    switch word {
    case .item:
      itemPlace = 0
      return isOn && isRepeated && hasCodes(attributes, .number, .container) ? XR_BEGIN : XR_CHECK
    case .acceptedAt: isPlaced = Self.advance(&itemPlace, to: 1)
    case .weight: isPlaced = Self.advance(&itemPlace, to: 2)
    case .condition: isPlaced = Self.advance(&itemPlace, to: 3)
    case .sender:
      contactPlace = 0
      isPlaced = Self.advance(&itemPlace, to: 4)
    case .recipient:
      contactPlace = 0
      isPlaced = Self.advance(&itemPlace, to: 5)
    case .fee: isPlaced = Self.advance(&itemPlace, to: 6)
    case .dossier:
      itemPlace = 7
      dossierPlace = 0
      return hasCodes(attributes, .code, .procedure) ? XR_PROVED : XR_CHECK
    case .name: isPlaced = Self.advance(&contactPlace, to: 1)
    case .phone: isPlaced = contactPlace == 1 && Self.advance(&contactPlace, to: 2)
    case .address: isPlaced = contactPlace >= 1 && Self.advance(&contactPlace, to: 3)
    case .field: isPlaced = Self.advance(&dossierPlace, to: 1)
    case .agency: isPlaced = Self.advance(&dossierPlace, to: 2)
    case .applicant: isPlaced = Self.advance(&dossierPlace, to: 3)
    case .received: isPlaced = Self.advance(&dossierPlace, to: 4)
    case .due: isPlaced = Self.advance(&dossierPlace, to: 5)
    case .result: isPlaced = Self.advance(&dossierPlace, to: 6)
    case .document:
      dossierPlace = 7
      return hasSheets(attributes) ? XR_PROVED : XR_CHECK
    default: return XR_CHECK
    }
    return isPlaced && attributes.count == 0 ? XR_PROVED : XR_CHECK
  }

  /// For elements without a value of their own.
  func end(_ word: Word) -> Bool {
    switch word {
    case .sender, .recipient: contactPlace == 3
    case .item: itemPlace == 7
    case .dossier: true
    default: false
    }
  }

  /// A text has one character at least and, even if each byte were a character, not more than allowed.
  ///
  /// - Parameter byteCount: bytes of the element's text without outer white space.
  func proves(byteCount: Int, of word: Word) -> Bool {
    switch word {
    case .name, .field, .agency, .applicant: (1...200).contains(byteCount)
    case .phone: (1...40).contains(byteCount)
    case .address, .document: (1...500).contains(byteCount)
    default: false
    }
  }

  private static func advance(_ place: inout UInt8, to next: UInt8) -> Bool {
    guard place < next else { return false }
    place = next
    return true
  }

  /// `required`, perhaps `optional`, nothing else, and both of a length that a code may have.
  private func hasCodes(_ attributes: Attributes, _ required: Word, _ optional: Word) -> Bool {
    var isComplete = false
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      guard name == required || name == optional, (1...64).contains(trimmed(value).count) else {
        return false
      }
      if name == required { isComplete = true }
    }
    return isComplete
  }

  /// Only counts of sheets, of one to four digits.
  private func hasSheets(_ attributes: Attributes) -> Bool {
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      guard name == .originals || name == .certifiedCopies || name == .photocopies else { return false }
      guard (1...4).contains(value.count) else { return false }
      for byte in value where byte &- 0x30 > 9 { return false }
    }
    return true
  }
}
