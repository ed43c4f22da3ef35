internal import DossierTracker

/// Times as programs read them, RFC 3339 with offset; people read those of ``Wording``.
enum MachineTime {
  /// nil for what lies beyond the years that can be written.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970 UTC.
  ///   - zone: minutes east of UTC.
  static func text(_ milliseconds: Int64, zone: Int16 = OffsetDateTime.vietNamOffsetMinutes) -> String? {
    OffsetDateTime(milliseconds: milliseconds, offsetMinutes: zone)?.text
  }
}

extension StationServices {
  /// The station's clock, as it tells clients.
  var time: String { MachineTime.text(environment.now(), zone: environment.zone) ?? "" }
}
