/// Realistic manifests, event feeds and offices for trials and benchmarks: the same seed and options give the
/// same bytes, on every machine.
public enum SampleData {
  /// Writes `offices.csv`, `manifests/*.xml` and `events/feed-*.xml`.
  ///
  /// Memory stays bounded whatever the number of items: text goes out in pieces of a quarter of a mebibyte, and
  /// at most a feed's events wait to be put in order.
  ///
  /// - Parameters:
  ///   - options: what to write and how much of it.
  ///   - destination: where to; ``SampleDirectory`` for a folder, ``SampleMemory`` for tests.
  /// - Throws: ``SampleError`` for an option out of range or a file that cannot be written.
  @discardableResult
  public static func write(
    _ options: SampleOptions, to destination: some SampleDestination
  ) throws -> SampleSummary {
    let province = SampleProvince()
    try options.check(province.calendar)
    var plan = SamplePlan(province: province, options: options)
    var writer = SampleManifestWriter(province: province, options: options)
    var feed = SampleFeedWriter(province: province, options: options, destination: destination)
    var officesSize = 0
    if options.contents.contains(.offices) {
      let csv = Array(province.officesCSV.utf8)
      let file = try destination.create("offices.csv")
      try csv.withUnsafeBytes { try file.write($0) }
      try file.close()
      officesSize = csv.count
    }
    let wantsFeeds = options.contents.contains(.feeds)
    let wantsManifests = options.contents.contains(.manifests)
    if wantsFeeds || wantsManifests {
      for index in 0..<plan.count {
        let manifest = plan.manifest(index)
        if wantsFeeds { feed.begin(manifest) }
        var item = manifest.items.lowerBound
        try writer.write(
          manifest, to: wantsManifests ? destination.create(path(of: manifest, province)) : nil
        ) { handover in
          if wantsFeeds { try feed.add(handover, index: item, in: manifest) }
          item += 1
        }
      }
    }
    try feed.finish()
    var summary = writer.summary
    summary.feeds = feed.feeds
    summary.events = feed.events
    summary.lost = feed.life.lost
    summary.found = feed.life.found
    summary.damaged = feed.life.damaged
    summary.bytes += feed.bytes + officesSize
    return summary
  }

  private static func path(of manifest: SampleManifest, _ province: SampleProvince) -> String {
    let date = SampleDate.civil(province.calendar.workday(manifest.position))
    let day = String(date.year % 100 * 10_000 + date.month * 100 + date.day)
    let sequence = String(manifest.sequence)
    return "manifests/BK-\(province.offices[manifest.giver].code)-\(day)-"
      + String(repeating: "0", count: max(0, 3 - sequence.utf8.count)) + sequence + ".xml"
  }
}
