import DossierCore

/// One manifest of the sample before its items are drawn.
struct SampleManifest: Sendable {
  let leg: Leg
  /// Indices of offices.
  let giver: Int
  let receiver: Int
  /// Position in the working days.
  let position: Int
  /// Which of the giver's manifests of the day.
  let sequence: Int
  let dispatchedAt: Int
  /// Numbers of its items among all items of the sample.
  let items: Range<Int>
}

/// Decides who hands what to whom, and on which day.
struct SamplePlan {
  let province: SampleProvince
  let options: SampleOptions
  private var sequences: [Int: Int] = [:]

  var count: Int {
    options.singleFile ? 1 : (options.items + options.itemsPerManifest - 1) / options.itemsPerManifest
  }

  init(province: SampleProvince, options: SampleOptions) {
    self.province = province
    self.options = options
  }

  /// The manifest with this index; to be asked for in ascending order.
  mutating func manifest(_ index: Int) -> SampleManifest {
    guard !options.singleFile else { return single }
    var random = SeededRandom(seed: options.seed, stream: 2 << 56 | UInt64(index))
    let position = province.calendar.start + index * options.days / count
    let (leg, giver, receiver) = route(&random)
    let sequence = sequences[position << 16 | giver, default: 0] + 1
    sequences[position << 16 | giver] = sequence
    let dispatchedAt =
      SampleDate.seconds(day: province.calendar.workday(position), hour: leg == .result ? 15 : 14, minute: 30)
      + random.below(100) * 60
    let first = index * options.itemsPerManifest
    return SampleManifest(
      leg: leg, giver: giver, receiver: receiver, position: position, sequence: sequence,
      dispatchedAt: dispatchedAt, items: first..<min(first + options.itemsPerManifest, options.items))
  }

  private var single: SampleManifest {
    let position = province.calendar.start + options.days - 1
    return SampleManifest(
      leg: .intake, giver: province.transport, receiver: province.provincialCenter, position: position,
      sequence: 1, dispatchedAt: SampleDate.seconds(day: province.calendar.workday(position), hour: 16),
      items: 0..<options.items)
  }

  private func route(_ random: inout SeededRandom) -> (Leg, giver: Int, receiver: Int) {
    let commune = province.communes[random.below(province.communes.count)]
    let post = commune.posts[random.below(10) < 7 ? 0 : 1]
    let center = random.percent(25) ? province.provincialCenter : commune.center
    switch random.below(100) {
    case 0..<51: return (.intake, post, center)
    case 51..<95: return (.result, center, post)
    case 95..<98: return (.supplement, post, center)
    default: return (.circulation, center, province.agencies[random.below(province.agencies.count)])
    }
  }
}

/// What has to be known of an item before it is written: its manifest declares the totals first.
struct SampleItemShape: Sendable {
  let dossiers: Int
  /// Grams.
  let weight: Int
  /// The stream's continuation, for all else of the item.
  let random: SeededRandom

  init(seed: UInt64, index: Int) {
    var random = SeededRandom(seed: seed, stream: 3 << 56 | UInt64(index))
    let draw = random.below(100)
    dossiers = draw < 66 ? 1 : draw < 89 ? 2 : draw < 96 ? 3 : random.between(4...6)
    weight = 20 + dossiers * random.between(20...130)
    self.random = random
  }
}

/// What the feed has to know of an item that was handed over.
struct SampleHandover: Sendable {
  let number: SampleItemNumber
  let acceptedAt: Int
  let dossiers: Int
}
