public import DossierCore

/// The seals of all manifests: applied, opened under two signatures, reported broken, used twice, and the numbers that
/// are absent from an office's sequences.
///
/// Which seals an office was issued is not known to the log. What it shows is which numbers were used: where an office
/// uses numbers 41, 42 and 45 of one series, 43 and 44 are absent. They may lie unused in a drawer; somebody should look.
public struct SealRegister: Equatable, Sendable {
  /// One office's seals, as giver.
  public struct OfficeRow: Equatable, Sendable {
    public var office = ""
    public var manifests = 0
    /// Containers that bear a seal, and those that bear none.
    public var applied = 0
    public var unsealed = 0
    /// Of the applied: their manifest was closed by two signers.
    public var opened = 0
    /// Events on items of its manifests that say a seal was not whole.
    public var broken = 0
    /// Numbers used more than once, here or elsewhere.
    public var reused = 0
    /// Numbers absent from its sequences.
    public var absent = 0

    /// Of the applied: their manifest is not closed yet.
    public var unopened: Int { applied - opened }
  }

  /// One number on several containers.
  public struct Reuse: Equatable, Sendable {
    public var seal: String
    /// Manifests that name it, in the order of recording; one twice when it stands there twice.
    public var manifests: [String]
    public var offices: [String]
  }

  /// One run of absent numbers between two that an office used.
  public struct Absence: Equatable, Sendable {
    public var office: String
    /// First and last absent number as they would be printed on a seal.
    public var first: String
    public var last: String
    public var count: Int
  }

  public private(set) var offices: [OfficeRow] = []
  public private(set) var total = OfficeRow()
  public private(set) var reuses: [Reuse] = []
  public private(set) var absences: [Absence] = []

  /// Used numbers of one office further apart than this begin a new series: they came from another box.
  public static let seriesGap: UInt64 = 1_000

  /// - Parameters:
  ///   - manifests: in the order of recording.
  ///   - broken: events by manifest row that say a seal was not whole.
  public init(_ manifests: [SealedManifest], broken: [Int64: Int] = [:]) {
    var rows: [String: OfficeRow] = [:]
    var uses: [String: [Int]] = [:]
    for (position, manifest) in manifests.enumerated() {
      var row = rows[manifest.giver] ?? OfficeRow()
      row.manifests += 1
      row.applied += manifest.seals.count
      row.unsealed += manifest.unsealed
      if manifest.closing != nil { row.opened += manifest.seals.count }
      row.broken += broken[manifest.id] ?? 0
      rows[manifest.giver] = row
      for seal in manifest.seals { uses[seal, default: []].append(position) }
    }
    for (seal, positions) in uses where positions.count > 1 {
      let givers = Set(positions.map { manifests[$0].giver }).sorted(by: ReportValue.precedes)
      for giver in givers { rows[giver]?.reused += 1 }
      reuses.append(Reuse(seal: seal, manifests: positions.map { manifests[$0].number }, offices: givers))
    }
    reuses.sort { ReportValue.precedes($0.seal, $1.seal) }
    for absence in Self.absences(manifests) {
      rows[absence.office]?.absent += absence.count
      absences.append(absence)
    }
    offices = rows.map { office, row in
      var row = row
      row.office = office
      return row
    }.sorted { ReportValue.precedes($0.office, $1.office) }
    for row in offices {
      total.manifests += row.manifests
      total.applied += row.applied
      total.unsealed += row.unsealed
      total.opened += row.opened
      total.broken += row.broken
      total.absent += row.absent
    }
    total.reused = reuses.count
  }

  // MARK: Sequences

  private struct Series: Hashable {
    var office: String
    var prefix: String
    var digits: Int
  }

  /// Letters and dashes, then 1 to 18 digits.
  private static func split(_ seal: String) -> (prefix: String, digits: Int, number: UInt64)? {
    let digits = seal.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    guard (1...18).contains(digits), let number = UInt64(seal.suffix(digits)) else { return nil }
    return (String(seal.dropLast(digits)), digits, number)
  }

  private static func absences(_ manifests: [SealedManifest]) -> [Absence] {
    var series: [Series: Set<UInt64>] = [:]
    // Offices may share a box: a number that another one used is not absent.
    var everywhere: [Series: Set<UInt64>] = [:]
    for manifest in manifests {
      for seal in manifest.seals {
        guard let (prefix, digits, number) = split(seal) else { continue }
        series[Series(office: manifest.giver, prefix: prefix, digits: digits), default: []].insert(number)
        everywhere[Series(office: "", prefix: prefix, digits: digits), default: []].insert(number)
      }
    }
    let used = everywhere.mapValues { $0.sorted() }
    var found: [Absence] = []
    for (series, numbers) in series {
      func text(_ number: UInt64) -> String {
        let digits = String(number)
        return series.prefix + String(repeating: "0", count: max(0, series.digits - digits.count)) + digits
      }
      let own = numbers.sorted()
      let all = used[Series(office: "", prefix: series.prefix, digits: series.digits)] ?? []
      for (low, high) in zip(own, own.dropFirst()) where high - low > 1 && high - low <= seriesGap {
        var before = low
        var position = Self.position(of: low, in: all) + 1
        while position < all.count, before < high {
          let next = all[position]
          if next - before > 1 {
            found.append(
              Absence(
                office: series.office, first: text(before + 1), last: text(next - 1),
                count: Int(next - before - 1)))
          }
          before = next
          position += 1
        }
      }
    }
    return found.sorted {
      $0.office == $1.office
        ? ReportValue.precedes($0.first, $1.first) : ReportValue.precedes($0.office, $1.office)
    }
  }

  /// Where a number stands in a sorted list that holds it.
  private static func position(of number: UInt64, in sorted: [UInt64]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
