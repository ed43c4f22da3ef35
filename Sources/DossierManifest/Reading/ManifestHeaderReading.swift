import DossierCore

/// Everything that stands before the first item.
extension DocumentHandler {
  mutating func startManifest(_ line: Int, _ attributes: Attributes) {
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .number:
        manifest.number = code(ManifestNumber.self, value, .manifestNumberForm, attribute: .number)
      case .leg: manifest.leg = Leg(word: String(decoding: trimmed(value), as: UTF8.self))
      case .dispatchedAt: manifest.dispatchedAt = pastInstant(value, attribute: .dispatchedAt)
      default: break
      }
    }
  }

  mutating func startParty(_ word: Word, _ line: Int, _ attributes: Attributes) {
    manifest.openParty = word
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      guard name == .office, let office = code(OfficeCode.self, value, .officeCodeForm, attribute: .office)
      else {
        continue
      }
      let party = ManifestParty(office: office)
      if word == .giver { manifest.giver = party } else { manifest.receiver = party }
    }
    if word == .receiver, let office = manifest.giver?.office, office == manifest.receiver?.office {
      report(.sameGiverAndReceiver, attribute: .office, found: office)
    }
  }

  mutating func startPerson(of party: Word?, _ attributes: Attributes) {
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      guard name == .code else { continue }
      // What stands here by mistake is likely a name, so it is never shown.
      let operatorCode = code(OperatorCode.self, value, .operatorCodeForm, attribute: .code, shows: false)
      if party == .giver {
        manifest.giver?.operatorCode = operatorCode
      } else {
        manifest.receiver?.operatorCode = operatorCode
      }
    }
  }

  mutating func endPerson() {
    let name = contentText()
    if manifest.openParty == .giver {
      manifest.giver?.personName = name
    } else {
      manifest.receiver?.personName = name
    }
  }

  mutating func startContainer(_ line: Int, _ attributes: Attributes) {
    var number: String?
    var seal: String?
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .number: number = code(ContainerNumber.self, value, .sealForm, attribute: .number)
      case .seal: seal = code(SealNumber.self, value, .sealForm, attribute: .seal)
      default: break
      }
    }
    if let seal, !manifest.seals.insert(seal).inserted {
      report(.duplicateSeal, attribute: .seal, found: seal)
    }
    guard let number else { return }
    guard manifest.containerIndices[number] == nil else {
      return report(.duplicateContainer, attribute: .number, found: number)
    }
    guard manifest.containers.count < ManifestState.greatestContainerCount else {
      if manifest.containers.count == ManifestState.greatestContainerCount {
        report(.numberOutOfRange, expected: "0-\(ManifestState.greatestContainerCount)")
      }
      return
    }
    manifest.containerIndices[number] = Int32(manifest.containers.count)
    manifest.containers.append(Container(number: number, seal: seal, line: line))
  }

  mutating func startDeclared(_ line: Int, _ attributes: Attributes) {
    manifest.declaredLine = line
    for index in 0..<attributes.count {
      let (name, value) = attributes[index]
      switch name {
      case .items: manifest.declaredItems = number(value, maximum: Self.greatestCount, attribute: .items)
      case .dossiers:
        manifest.declaredDossiers = number(value, maximum: Self.greatestCount, attribute: .dossiers)
      case .weight: manifest.declaredWeight = number(value, maximum: Self.greatestAmount, attribute: .weight)
      default: break
      }
    }
  }

  /// As in the schema.
  static let greatestCount = 100_000_000
  static let greatestAmount = 1_000_000_000_000

  /// The header is complete, or it never will be.
  mutating func startItems() {
    guard !manifest.hasHeader, let number = manifest.number, let leg = manifest.leg,
      let giver = manifest.giver, let receiver = manifest.receiver,
      let dispatchedAt = manifest.dispatchedAt
    else { return }
    manifest.hasHeader = true
    manifest.header = ManifestHeader(
      number: number, leg: leg, giver: giver, receiver: receiver,
      dispatchedAt: dispatchedAt.milliseconds, dispatchedZone: dispatchedAt.offsetMinutes,
      containers: manifest.containers, declaredItems: manifest.declaredItems,
      declaredDossiers: manifest.declaredDossiers, declaredWeight: manifest.declaredWeight)
  }

  /// The rules about the whole manifest, once its end was reached.
  mutating func finishManifest() {
    manifest.closeBatch()
    compare(manifest.itemCount, with: manifest.declaredItems, .itemTotal, .items)
    compare(manifest.dossierCount, with: manifest.declaredDossiers, .dossierTotal, .dossiers)
    // Items without a weight leave room below the declared sum, never above it.
    if let declared = manifest.declaredWeight {
      let isWrong =
        manifest.itemsWithoutWeight == 0 ? manifest.weight != declared : manifest.weight > declared
      if isWrong { compare(manifest.weight, with: declared, .weightTotal, .weight) }
    }
    if manifest.dossiersWithoutDocuments > 0 {
      findings.add(
        Finding(
          .noDocuments, line: manifest.firstLineWithoutDocuments, path: "/manifest/items/item/dossier",
          found: "\(manifest.dossiersWithoutDocuments)"))
    }
  }

  private mutating func compare(_ counted: Int, with declared: Int?, _ code: FindingCode, _ attribute: Word) {
    guard let declared, declared != counted else { return }
    findings.add(
      Finding(
        code, line: manifest.declaredLine, path: "/manifest/declared/@\(attribute.text)",
        expected: "\(declared)", found: "\(counted)"))
  }
}
