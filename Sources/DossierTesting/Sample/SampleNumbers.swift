/// An S10 number in two words of memory.
struct SampleItemNumber: Hashable, Sendable {
  /// Index into ``prefixes``.
  let prefix: UInt8
  let serial: UInt32

  /// Service letters of public-administration items: EMS and registered.
  static let prefixes: [[UInt8]] = [Array("EH".utf8), Array("RH".utf8)]

  func put(in text: inout SampleText) {
    text.put(Self.prefixes[Int(prefix)])
    text.put(Int(serial), width: 8)
    text.put(checkDigit)
    text.put("VN")
  }

  /// - Source: UPU S10, weights 8 6 4 2 3 5 9 7; 11 minus the sum modulo 11, where 10 becomes 0 and 11 becomes 5.
  var checkDigit: Int {
    var rest = Int(serial)
    var sum = 0
    for weight in [7, 9, 5, 3, 2, 4, 6, 8] {
      sum += rest % 10 * weight
      rest /= 10
    }
    let check = 11 - sum % 11
    return check == 10 ? 0 : check == 11 ? 5 : check
  }
}

/// Hands out item numbers the way a post does: each office tears labels off a roll of a thousand, and rolls are
/// given out in the order in which offices ask. So the numbers of one manifest stand close together, and the
/// numbers of one day do not.
struct SampleLabelRolls {
  private struct Roll {
    var next = 0
    var end = 0
  }

  static let labelsPerRoll = 1_000
  static let serials = 100_000_000

  private var rolls: [Roll]
  private var rollsGiven: [Int]
  /// Where the numbers of this seed begin.
  private let firstRoll: Int

  init(offices: Int, seed: UInt64) {
    rolls = Array(repeating: Roll(), count: offices * SampleItemNumber.prefixes.count)
    rollsGiven = Array(repeating: 0, count: SampleItemNumber.prefixes.count)
    var random = SeededRandom(seed: seed, stream: 1)
    firstRoll = random.below(Self.serials / Self.labelsPerRoll)
  }

  mutating func next(office: Int, prefix: Int) -> SampleItemNumber {
    let index = office * SampleItemNumber.prefixes.count + prefix
    if rolls[index].next == rolls[index].end {
      let start = (firstRoll + rollsGiven[prefix]) * Self.labelsPerRoll % Self.serials
      rollsGiven[prefix] += 1
      rolls[index] = Roll(next: start, end: start + Self.labelsPerRoll)
    }
    defer { rolls[index].next += 1 }
    return SampleItemNumber(prefix: UInt8(prefix), serial: UInt32(rolls[index].next))
  }
}

/// A dossier is known by where, when and as which of the day it was received; all else follows from that, so the
/// dossier that went in by post comes back with the same applicant.
struct SampleDossierKey: Hashable, Sendable {
  /// Index of the center in the offices.
  let center: Int
  /// Position in the working days of the calendar.
  let position: Int
  let sequence: Int

  /// One number for each key, the stream that its content is drawn from.
  var stream: UInt64 { UInt64(center) << 48 | UInt64(position) << 32 | UInt64(sequence) }
}

/// Numbers the dossiers of each center and day, once for what comes in and once for what goes out.
struct SampleDossierCounters {
  private var counters: [Int: Int] = [:]

  mutating func next(center: Int, position: Int, goingOut: Bool) -> SampleDossierKey {
    let number = counters[center << 20 | position << 1 | (goingOut ? 1 : 0), default: 0] + 1
    counters[center << 20 | position << 1 | (goingOut ? 1 : 0)] = number
    return SampleDossierKey(center: center, position: position, sequence: number)
  }

  /// The key that ``next(center:position:goingOut:)`` would give.
  func peek(center: Int, position: Int, goingOut: Bool) -> SampleDossierKey {
    let number = counters[center << 20 | position << 1 | (goingOut ? 1 : 0), default: 0] + 1
    return SampleDossierKey(center: center, position: position, sequence: number)
  }
}
