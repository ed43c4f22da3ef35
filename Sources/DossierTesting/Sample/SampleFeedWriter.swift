import DossierCore

/// Collects the events of consecutive manifests and writes them, in the order in which they happened, as
/// documents of `urn:postal-dossier:events:1`.
struct SampleFeedWriter {
  private let options: SampleOptions
  private let province: SampleProvince
  private let destination: any SampleDestination
  private(set) var life: SampleLife
  private var manifests: [SampleManifest] = []
  private var open: SampleText?
  private(set) var feeds = 0
  private(set) var events = 0
  private(set) var bytes = 0

  /// The tracking system of the transport center speaks for all offices.
  init(province: SampleProvince, options: SampleOptions, destination: any SampleDestination) {
    self.province = province
    self.options = options
    self.destination = destination
    life = SampleLife(province: province, options: options)
  }

  mutating func begin(_ manifest: SampleManifest) { manifests.append(manifest) }

  mutating func add(_ item: SampleHandover, index: Int, in manifest: SampleManifest) throws {
    life.live(item, index: index, in: manifest, manifestIndex: manifests.count - 1)
    guard life.events.count >= options.eventsPerFeed else { return }
    try flush()
    manifests = [manifest]
  }

  mutating func finish() throws {
    try flush()
    try close()
  }

  private mutating func flush() throws {
    guard !life.events.isEmpty else { return }
    var text = try open ?? start()
    open = nil
    life.events.sort { ($0.at, $0.order) < ($1.at, $1.order) }
    for event in life.events {
      put(event, in: &text)
      try text.flushIfFull()
    }
    events += life.events.count
    life.events.removeAll(keepingCapacity: true)
    open = text
    if !options.singleFile { try close() }
  }

  private mutating func start() throws -> SampleText {
    feeds += 1
    let digits = String(feeds)
    let name = "events/feed-" + String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits + ".xml"
    var text = SampleText(try destination.create(name))
    text.put(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<events xmlns=\"urn:postal-dossier:events:1\" version=\"1\" source=\""
    )
    text.put(province.codes[province.transport])
    text.put("\">\n")
    return text
  }

  private mutating func close() throws {
    guard var text = open else { return }
    open = nil
    text.put("</events>\n")
    try text.finish()
    bytes += text.total
  }

  private func put(_ event: SampleEvent, in text: inout SampleText) {
    text.put("  <event id=\"")
    putIdentifier(event, step: event.step, in: &text)
    text.put("\" kind=\"")
    text.put(Self.words[Int(event.kind.rawValue)])
    text.put("\" item=\"")
    event.number.put(in: &text)
    text.put("\" at=\"")
    text.putTime(event.at)
    text.put("\" office=\"")
    text.put(province.codes[event.office])
    text.put("\" grade=\"declared\" operator=\"")
    putPerson(event, in: &text)
    if event.to >= 0 {
      text.put("\" to=\"")
      text.put(province.codes[event.to])
    }
    if event.manifest >= 0 {
      text.put("\" manifest=\"")
      SampleManifestWriter.putNumber(of: manifests[event.manifest], province, in: &text)
    }
    if event.corrects > 0 {
      text.put("\" corrects=\"")
      putIdentifier(event, step: event.corrects, in: &text)
    }
    if let new = event.newNumber {
      text.put("\" newNumber=\"")
      new.put(in: &text)
    }
    putChildren(event, in: &text)
  }

  private func putChildren(_ event: SampleEvent, in text: inout SampleText) {
    let hasReason = event.reason.utf8CodeUnitCount > 0
    guard hasReason || event.damage != nil || event.reference > 0 else {
      text.put("\"/>\n")
      return
    }
    text.put("\">")
    if hasReason {
      text.put("<reason>")
      text.put(event.reason)
      text.put("</reason>")
    }
    if let damage = event.damage {
      text.put("<damage grade=\"")
      text.put(Array(damage.word.utf8))
      text.put("\" documents=\"")
      text.put(event.documents)
      text.put("\"/>")
    }
    if event.reference > 0 {
      text.put("<reference>")
      text.put(event.kind == .lost ? "QDTL-" : "PDA-")
      text.putShortDate(SampleDate.day(ofSeconds: event.at))
      text.put("-")
      text.put(event.reference, width: 6)
      text.put("</reference>")
    }
    text.put("</event>\n")
  }

  private func putIdentifier(_ event: SampleEvent, step: Int, in text: inout SampleText) {
    event.origin.put(in: &text)
    text.put("-")
    text.put(step, width: 2)
  }

  private func putPerson(_ event: SampleEvent, in text: inout SampleText) {
    switch (province.offices[event.office].kind, event.kind) {
    case (.center, _), (.agency, _): text.put("CV-")
    case (.transport, _): text.put("KT-")
    case (.post, .outForDelivery), (.post, .attemptFailed), (.post, .delivered): text.put("BT-")
    case (.post, _): text.put("GDV-")
    }
    text.put(event.person, width: 3)
  }

  /// The word of each kind, by its raw value.
  private static let words: [[UInt8]] = {
    var words: [[UInt8]] = []
    for kind in EventKind.allCases {
      while words.count <= Int(kind.rawValue) { words.append([]) }
      words[Int(kind.rawValue)] = Array(kind.word.utf8)
    }
    return words
  }()
}
