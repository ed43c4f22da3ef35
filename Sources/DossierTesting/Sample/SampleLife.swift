import DossierCore

/// One event of the tracking feed before it is written.
struct SampleEvent: Sendable {
  var at: Int
  /// Keeps events of one instant in the order in which they happened.
  var order: Int
  /// Number under which the item was accepted; the event's identifier is made of it and `step`.
  var origin: SampleItemNumber
  var step: Int
  var number: SampleItemNumber
  var kind: EventKind
  /// Indices of offices; -1 for none.
  var office: Int
  var to = -1
  var person = 0
  var reason: StaticString = ""
  var damage: DamageGrade?
  var documents = 0
  /// Running number of a reference; 0 for none.
  var reference = 0
  /// `step` of the event that it corrects; 0 for none.
  var corrects = 0
  var newNumber: SampleItemNumber?
  var note: StaticString = ""
  /// Index into the feed's manifests; -1 for none.
  var manifest = -1
}

/// The life of items after their hand-over, from the receiver's scan to the recipient's signature, with the
/// incidents that happen to a few in ten thousand.
struct SampleLife {
  let province: SampleProvince
  let options: SampleOptions
  var events: [SampleEvent] = []
  private(set) var lost = 0
  private(set) var found = 0
  private(set) var damaged = 0

  private var items = 0
  private var references = 0
  private var newNumbers: SampleLabelRolls
  /// In how many of 10,000 items anything at all is heard after the hand-over.
  private let heardOf: Int
  /// Mean number of extra hops in thousandths; a hop is two events.
  private let hops: Int

  // State while one item's life is drawn.
  private var random = SeededRandom(seed: 0)
  private var here = 0
  private var clock = 0
  private var step = 0
  private var origin = SampleItemNumber(prefix: 0, serial: 0)
  private var number = SampleItemNumber(prefix: 0, serial: 0)
  private var manifestIndex = -1

  init(province: SampleProvince, options: SampleOptions) {
    self.province = province
    self.options = options
    // Labels of another seed: a new number never meets one that an office has given.
    newNumbers = SampleLabelRolls(offices: 1, seed: ~options.seed)
    let wanted = Int(options.eventsPerItem * 1_000)
    heardOf = min(wanted * 10_000 / Self.ordinaryLife, 10_000)
    hops = max(0, wanted - Self.ordinaryLife) / 2
  }

  /// Mean number of events without extra hops, in thousandths: three, and more where a delivery fails.
  private static let ordinaryLife = 3_050

  /// Draws the life of one item.
  /// - Parameters:
  ///   - index: number of the item among all of the sample.
  ///   - manifestIndex: what the feed calls its manifest.
  mutating func live(
    _ item: SampleHandover, index: Int, in manifest: SampleManifest, manifestIndex: Int
  ) {
    random = SeededRandom(seed: options.seed, stream: 7 << 56 | UInt64(index))
    here = manifest.giver
    clock = manifest.dispatchedAt
    step = 0
    origin = item.number
    number = item.number
    self.manifestIndex = manifestIndex
    items += 1
    if !options.contents.contains(.manifests) {
      add(.accepted, at: item.acceptedAt)
      add(.dispatched, at: manifest.dispatchedAt, to: manifest.receiver)
    }
    guard random.below(10_000) < heardOf else { return }
    arrive(at: manifest.receiver, from: manifest)
  }

  private mutating func arrive(at receiver: Int, from manifest: SampleManifest) {
    let luck = random.below(10_000)
    if manifest.leg == .result {
      clock += random.between(900...4_200)
    } else {
      morning(after: 1)
      if manifest.leg != .circulation { add(.outForDelivery) }
      clock += random.between(1_200...5_400)
    }
    switch luck {
    case 0:
      guard goesMissing(at: receiver, giver: manifest.giver) else { return }
    case 1..<6:
      here = receiver
      add(.missing, reason: "notInContainer")
      clock += random.between(7_200...108_000)
      here = manifest.giver
      add(.found)
      found += 1
      clock += 5_400
    case 6:
      here = province.posts[random.below(province.posts.count)]
      if here != receiver {
        add(.surplus)
        clock += 300
        add(.received)
        clock += random.between(3_600...14_400)
        add(.dispatched, to: receiver)
        clock += random.between(7_200...21_600)
      }
    default: break
    }
    here = receiver
    add(.received)
    switch luck {
    case 7..<9: damage(documents: manifest)
    case 9..<11: relabel()
    default: break
    }
    hop(intake: manifest.leg != .result)
    if manifest.leg == .result {
      deliver(wrongScan: (11..<15).contains(luck))
    } else {
      signFor()
    }
  }

  /// Expected and not found; mostly for good.
  private mutating func goesMissing(at receiver: Int, giver: Int) -> Bool {
    here = receiver
    add(.missing, reason: "notInContainer")
    clock += random.between(4...9) * SampleDate.secondsPerDay + random.below(3_600)
    here = giver
    references += 1
    add(.lost, reference: references)
    lost += 1
    guard random.percent(12) else { return false }
    clock += random.between(2...12) * SampleDate.secondsPerDay + random.below(3_600)
    add(.found)
    found += 1
    clock += 7_200
    return true
  }

  private mutating func damage(documents manifest: SampleManifest) {
    clock += 240
    let draw = random.below(100)
    let grade: DamageGrade =
      draw < 60 ? .wrapper : draw < 84 ? .readable : draw < 95 ? .partlyReadable : .unreadable
    add(.damaged, damage: grade, documents: grade == .wrapper ? 0 : random.between(1...3))
    damaged += 1
  }

  private mutating func relabel() {
    clock += 600
    let new = newNumbers.next(office: 0, prefix: Int(number.prefix))
    add(.relabelled, newNumber: new)
    number = new
  }

  /// Further stations between two offices, when the options ask for more events than an ordinary life has.
  private mutating func hop(intake: Bool) {
    var left = hops / 1_000 + (random.below(1_000) < hops % 1_000 ? 1 : 0)
    while left > 0 {
      let next: Int
      if intake {
        next = here == province.agencies[3] ? province.provincialCenter : province.agencies[3]
      } else {
        next =
          here == province.transport ? province.posts[random.below(province.posts.count)] : province.transport
      }
      clock += random.between(1_800...10_800)
      add(.dispatched, to: next)
      clock += random.between(3_600...14_400)
      here = next
      add(.received)
      left -= 1
    }
  }

  /// The receiver counts the papers against the list and signs the hand-over record.
  private mutating func signFor() {
    clock += random.between(300...2_400)
    if random.percent(4) {
      add(.held, reason: "documentsMissing")
      morning(after: random.between(1...3))
      clock += random.between(0...5_400)
    }
    references += 1
    add(.delivered, reference: references)
  }

  private mutating func deliver(wrongScan: Bool) {
    for attempt in 1... {
      morning(after: 1)
      add(.outForDelivery)
      clock += random.between(2_400...25_200)
      if wrongScan, attempt == 1 {
        references += 1
        add(.delivered, reference: references)
        let mistake = step
        clock += random.between(1_200...12_000)
        add(.corrected, reason: "did_not_occur", corrects: mistake)
        clock += 1_800
      }
      guard random.percent(7) else { break }
      add(.attemptFailed, reason: Self.failures.pick(&random))
      guard attempt == 3 else { continue }
      clock += 7_200
      add(.held, reason: "awaitingCollection")
      guard random.percent(60) else { return }
      morning(after: random.between(5...8))
      add(.returned, reason: "unclaimed")
      return
    }
    references += 1
    add(.delivered, reference: references)
  }

  private static let failures = WeightedList<StaticString>([
    ("absent", 52), ("unreachable", 18), ("rescheduled", 14), ("wrongAddress", 9), ("refused", 4),
    ("feeUnpaid", 2), ("disaster", 1),
  ])

  /// Puts the clock at the opening of a later working day.
  private mutating func morning(after days: Int) {
    let position = province.calendar.position(notBefore: SampleDate.day(ofSeconds: clock) + 1)
    clock =
      SampleDate.seconds(day: province.calendar.workday(position, plus: days - 1), hour: 7, minute: 30)
      + random.below(7_200)
  }

  private mutating func add(
    _ kind: EventKind, at time: Int? = nil, to: Int = -1, reason: StaticString = "",
    damage: DamageGrade? = nil,
    documents: Int = 0, reference: Int = 0, corrects: Int = 0, newNumber: SampleItemNumber? = nil
  ) {
    step += 1
    let statesManifest = kind == .dispatched && step == 2 || kind == .missing
    events.append(
      SampleEvent(
        at: time ?? clock, order: items << 6 | step, origin: origin, step: step, number: number, kind: kind,
        office: here, to: to, person: here * 5 % 97 + Int(number.serial) % 3, reason: reason, damage: damage,
        documents: documents, reference: reference, corrects: corrects, newNumber: newNumber,
        manifest: statesManifest ? manifestIndex : -1))
  }
}
