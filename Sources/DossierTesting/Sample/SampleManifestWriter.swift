import DossierCore

/// Writes manifests of `urn:postal-dossier:manifest:1`, item by item.
struct SampleManifestWriter {
  let province: SampleProvince
  let options: SampleOptions
  private(set) var summary = SampleSummary()
  private var rolls: SampleLabelRolls
  private var counters = SampleDossierCounters()
  private var sealsUsed = 0
  private let firstSeal: Int

  private static let itemsPerContainer = 40
  private static let containerLimit = 400
  private static let sealNumbers = 10_000_000

  init(province: SampleProvince, options: SampleOptions) {
    self.province = province
    self.options = options
    rolls = SampleLabelRolls(offices: province.offices.count, seed: options.seed)
    var random = SeededRandom(seed: options.seed, stream: 4)
    firstSeal = random.below(Self.sealNumbers)
  }

  /// Writes one manifest and reports each of its items.
  /// - Parameters:
  ///   - file: where it goes; without one, the items are drawn and reported all the same.
  ///   - report: called for each item in order.
  mutating func write(
    _ manifest: SampleManifest, to file: (any SampleFile)?,
    report: (SampleHandover) throws -> Void
  ) throws {
    var text = SampleText(file ?? NoFile())
    let containers = containerCount(manifest.items.count)
    putHeader(manifest, containers: containers, in: &text)
    for index in manifest.items {
      let shape = SampleItemShape(seed: options.seed, index: index)
      let container = (index - manifest.items.lowerBound) * containers / manifest.items.count
      try report(putItem(index, shape, of: manifest, container: container, in: &text))
      try text.flushIfFull()
    }
    text.put("  </items>\n</manifest>\n")
    try text.finish()
    summary.manifests += 1
    if file != nil { summary.bytes += text.total }
  }

  /// `BK-590100-260105-001`
  static func putNumber(of manifest: SampleManifest, _ province: SampleProvince, in text: inout SampleText) {
    text.put("BK-")
    text.put(province.codes[manifest.giver])
    text.put("-")
    text.putShortDate(province.calendar.workday(manifest.position))
    text.put("-")
    text.put(manifest.sequence, width: 3)
  }

  private func containerCount(_ items: Int) -> Int {
    min(max(1, (items + Self.itemsPerContainer / 2) / Self.itemsPerContainer), Self.containerLimit)
  }

  private mutating func putHeader(_ manifest: SampleManifest, containers: Int, in text: inout SampleText) {
    var random = SeededRandom(seed: options.seed, stream: 5 << 56 | UInt64(manifest.items.lowerBound))
    text.put(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"urn:postal-dossier:manifest:1\" version=\"1\" number=\""
    )
    Self.putNumber(of: manifest, province, in: &text)
    text.put("\" leg=\"")
    text.put(Array(manifest.leg.word.utf8))
    text.put("\" dispatchedAt=\"")
    text.putTime(manifest.dispatchedAt)
    text.put("\">\n  <giver office=\"")
    text.put(province.codes[manifest.giver])
    text.put("\"><person code=\"")
    text.put(province.offices[manifest.giver].kind == .post ? "GDV-" : "CV-")
    text.put(manifest.giver * 3 % 200 + random.below(3), width: 3)
    text.put("\">")
    text.put(province.names.person(&random))
    text.put("</person></giver>\n  <receiver office=\"")
    text.put(province.codes[manifest.receiver])
    text.put("\"/>\n  <containers>\n")
    for container in 1...containers {
      text.put("    <container number=\"T-")
      text.put(container, width: 4)
      text.put("\" seal=\"VN")
      text.put((firstSeal + sealsUsed) % Self.sealNumbers, width: 7)
      text.put("\"/>\n")
      sealsUsed += 1
    }
    text.put("  </containers>\n")
    putDeclared(manifest, in: &text)
    text.put("  <items>\n")
  }

  private func putDeclared(_ manifest: SampleManifest, in text: inout SampleText) {
    var dossiers = 0
    var weight = 0
    for index in manifest.items {
      let shape = SampleItemShape(seed: options.seed, index: index)
      dossiers += shape.dossiers
      weight += shape.weight
    }
    text.put("  <declared items=\"")
    text.put(manifest.items.count)
    text.put("\" dossiers=\"")
    text.put(dossiers)
    text.put("\" weight=\"")
    text.put(weight)
    text.put("\"/>\n")
  }

  private mutating func putItem(
    _ index: Int, _ shape: SampleItemShape, of manifest: SampleManifest, container: Int,
    in text: inout SampleText
  ) -> SampleHandover {
    var random = shape.random
    let place = acceptance(index, of: manifest, &random)
    let number = rolls.next(office: place.office, prefix: random.percent(45) ? 0 : 1)
    let keys = (0..<shape.dossiers).map { _ in dossierKey(of: manifest, place: place, &random) }

    text.put("    <item number=\"")
    number.put(in: &text)
    text.put("\" container=\"T-")
    text.put(container + 1, width: 4)
    text.put("\">\n      <acceptedAt>")
    text.putTime(place.time)
    text.put("</acceptedAt><weight>")
    text.put(shape.weight)
    text.put("</weight>")
    let condition = random.below(1_000)
    if condition < 990 {
      text.put("<condition>good</condition>\n")
    } else if condition < 998 {
      text.put("\n")
    } else {
      text.put(condition == 998 ? "<condition>damaged</condition>\n" : "<condition>open</condition>\n")
    }
    let content = SampleDossierContent(keys[0], province, seed: options.seed)
    if manifest.leg != .circulation {
      let recipient = manifest.leg == .result
      text.put(recipient ? "      <recipient><name>" : "      <sender><name>")
      text.put(content.applicant)
      text.put("</name><phone>")
      province.names.putPhone(&random, in: &text)
      text.put("</phone><address>")
      let commune =
        recipient
        ? province.commune(ofPost: manifest.receiver) : province.commune(ofCenter: place.center, &random)
      province.names.putAddress(of: commune, &random, in: &text)
      text.put(recipient ? "</address></recipient>\n" : "</address></sender>\n")
    }
    if manifest.leg == .intake, content.procedure.fee > 0 {
      text.put("      <fee>")
      text.put(content.procedure.fee)
      text.put("</fee>\n")
    }
    for key in keys {
      summary.documents += putDossier(key, of: manifest, &random, in: &text)
    }
    text.put("    </item>\n")
    summary.items += 1
    summary.dossiers += keys.count
    return SampleHandover(number: number, acceptedAt: place.time, dossiers: keys.count)
  }

  /// Where and when the giver accepted an item, and the center whose dossiers are in it.
  private struct Acceptance {
    let office: Int
    let center: Int
    let position: Int
    let time: Int
  }

  private func acceptance(_ index: Int, of manifest: SampleManifest, _ random: inout SeededRandom)
    -> Acceptance
  {
    let calendar = province.calendar
    guard !options.singleFile else {
      // The sorting center's manifest holds what every office accepted over the whole period.
      let position = calendar.start + index * max(options.days - 1, 1) / options.items
      let commune = province.communes[random.below(province.communes.count)]
      return Acceptance(
        office: commune.posts[random.below(2)], center: commune.center, position: position,
        time: SampleDate.seconds(day: calendar.workday(position), hour: 7, minute: 30) + random.below(30_000))
    }
    let fromCenter = manifest.leg == .result || manifest.leg == .circulation
    let earlier = !fromCenter && manifest.position > calendar.start && random.percent(30) ? 1 : 0
    let position = manifest.position - earlier
    let opening = earlier == 1 ? 14 : 7
    return Acceptance(
      office: manifest.giver, center: fromCenter ? manifest.giver : manifest.receiver, position: position,
      time: SampleDate.seconds(day: calendar.workday(position), hour: opening, minute: 30)
        + random.below(earlier == 1 ? 9_000 : 21_600))
  }

  private mutating func dossierKey(
    of manifest: SampleManifest, place: Acceptance, _ random: inout SeededRandom
  ) -> SampleDossierKey {
    guard manifest.leg == .result || manifest.leg == .supplement else {
      return counters.next(center: place.center, position: place.position, goingOut: false)
    }
    // A result that comes back now went in a while ago; few come back after their term.
    var age = 1
    for _ in 0..<4 {
      age = random.between(1...24)
      let key = counters.peek(center: place.center, position: place.position - age, goingOut: true)
      let term = SampleDossierContent(key, province, seed: options.seed).procedure.term
      if age <= term || random.percent(3) { break }
    }
    return counters.next(center: place.center, position: place.position - age, goingOut: true)
  }

  /// - Returns: the number of its documents.
  private func putDossier(
    _ key: SampleDossierKey, of manifest: SampleManifest, _ random: inout SeededRandom,
    in text: inout SampleText
  ) -> Int {
    let content = SampleDossierContent(key, province, seed: options.seed)
    let procedure = content.procedure
    let received = province.calendar.workday(key.position)
    text.put("      <dossier code=\"")
    text.put(province.codes[key.center])
    text.put("-")
    text.putShortDate(received)
    text.put("-")
    text.put(key.sequence, width: 4)
    text.put("\" procedure=\"")
    text.put(procedure.code)
    text.put("\">\n        <field>")
    text.put(procedure.field)
    text.put("</field><agency>")
    switch procedure.resolver {
    case .commune: text.put(province.codes[key.center])
    case .department(let index): text.put(province.codes[province.agencies[index]])
    }
    text.put("</agency><applicant>")
    text.put(content.applicant)
    text.put("</applicant><received>")
    text.putDate(received)
    text.put("</received><due>")
    text.putDate(province.calendar.workday(key.position, plus: procedure.term))
    text.put("</due>")
    if manifest.leg == .result {
      text.put("<result>")
      text.putDate(province.calendar.workday(manifest.position))
      text.put("</result>")
    }
    text.put("\n")
    let documents = manifest.leg == .result ? procedure.results : procedure.documents
    var count = 0
    for document in documents where random.percent(document.share) {
      text.put("        <document originals=\"")
      text.put(document.originals)
      text.put("\" certifiedCopies=\"")
      text.put(document.certifiedCopies)
      text.put("\" photocopies=\"")
      text.put(document.photocopies)
      text.put("\">")
      text.put(document.name)
      text.put("</document>\n")
      count += 1
    }
    text.put("      </dossier>\n")
    return count
  }

  private struct NoFile: SampleFile {
    func write(_ bytes: UnsafeRawBufferPointer) {}
    func close() {}
  }
}

/// What a dossier's key decides.
struct SampleDossierContent {
  let procedure: SampleProcedure
  let applicant: [UInt8]

  init(_ key: SampleDossierKey, _ province: SampleProvince, seed: UInt64) {
    var random = SeededRandom(seed: seed, stream: 6 << 56 ^ key.stream)
    let provincial = key.center == province.provincialCenter || random.percent(12)
    procedure = (provincial ? province.procedures.province : province.procedures.commune).pick(&random)
    applicant = province.names.person(&random)
  }
}
