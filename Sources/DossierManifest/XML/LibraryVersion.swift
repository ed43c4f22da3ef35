internal import CXMLReader

/// Version of the XML library that reads documents.
public enum XMLLibrary {
  /// libxml2's version, such as `2.9.14`.
  public static var version: String {
    guard let number else { return String(cString: xr_version()) }
    return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }

  /// Older ones were not tried against hostile documents.
  public static let oldest = "2.9.14"
  public static var isRecent: Bool { (number ?? 0) >= 20_914 }

  // "20914", or "20914-GITv2.9.14" from some builders.
  private static var number: Int? { Int(String(cString: xr_version()).prefix { $0.isNumber }) }
}
