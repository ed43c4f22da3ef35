/// What a sample holds and how large it is.
public struct SampleOptions: Hashable, Sendable {
  /// Same seed and options, same bytes.
  public var seed: UInt64
  /// Postal items over all manifests; a dossier and a half an item.
  public var items: Int
  public var itemsPerManifest: Int
  /// Working days over which the manifests are spread, from 5 January 2026.
  public var days: Int
  /// Mean number of further events an item, after the acceptance and dispatch that its manifest states.
  public var eventsPerItem: Double
  public var eventsPerFeed: Int
  /// One manifest with all items and one feed with all events.
  public var singleFile: Bool
  public var contents: Contents

  public struct Contents: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let offices = Contents(rawValue: 1)
    public static let manifests = Contents(rawValue: 2)
    /// Without ``manifests`` the feeds also state each item's acceptance and dispatch, so that they stand alone.
    public static let feeds = Contents(rawValue: 4)
    public static let all: Contents = [.offices, .manifests, .feeds]
  }

  public init(
    seed: UInt64 = 1, items: Int = 1_000, itemsPerManifest: Int = 120, days: Int = 20,
    eventsPerItem: Double = 3,
    eventsPerFeed: Int = 10_000, singleFile: Bool = false, contents: Contents = .all
  ) {
    self.seed = seed
    self.items = items
    self.itemsPerManifest = itemsPerManifest
    self.days = days
    self.eventsPerItem = eventsPerItem
    self.eventsPerFeed = eventsPerFeed
    self.singleFile = singleFile
    self.contents = contents
  }

  /// - Throws: ``SampleError/invalidOption(_:asked:possible:)``.
  func check(_ calendar: SampleCalendar) throws {
    let eventsInThousandths = eventsPerItem >= 0 && eventsPerItem < 1_000 ? Int(eventsPerItem * 1_000) : -1
    for (name, asked, possible) in [
      ("items", items, 1...50_000_000), ("items per manifest", itemsPerManifest, 1...1_000_000),
      ("days", days, 1...calendar.longestSample), ("events per feed", eventsPerFeed, 1...1_000_000),
      ("thousandths of events per item", eventsInThousandths, 0...50_000),
    ] where !possible.contains(asked) {
      throw SampleError.invalidOption(name, asked: asked, possible: possible)
    }
  }
}

/// What was written.
public struct SampleSummary: Hashable, Sendable {
  public var manifests = 0
  public var items = 0
  public var dossiers = 0
  public var documents = 0
  public var feeds = 0
  /// Events of the feeds; each manifest states two more an item.
  public var events = 0
  public var lost = 0
  public var found = 0
  public var damaged = 0
  public var bytes = 0
}
