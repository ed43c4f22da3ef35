internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What a form of a page sent (`application/x-www-form-urlencoded`): the first value of each name.
struct FormFields: Sendable {
  private var values: [String: String] = [:]
  private var hasRepeatedName = false

  /// Reads the body and leaves it there for whoever comes next.
  ///
  /// - Throws: ``Problem`` 413 when the body is longer than `limit`, 400 when it is no form.
  init(_ request: inout Request, limit: Int = 1 << 16) async throws {
    let body = try await request.wholeBody(upTo: limit)
    request.body = RequestBody(buffer: body)
    guard read(String(buffer: body), Self.decode) else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
  }

  /// The same for a route, which is the last to read.
  ///
  /// - Parameter once: whether a name that comes twice is refused as well.
  static func of(_ request: Request, limit: Int = 1 << 16, once: Bool = false) async throws -> FormFields {
    var request = request
    let fields = try await FormFields(&request, limit: limit)
    if once && fields.hasRepeatedName { throw Problem(.badRequest, Finding(.requestMalformed)) }
    return fields
  }

  /// The words of an address, which forms write in the same way. What is not UTF-8 in percent encoding stays as it is.
  static func words(ofQuery query: String) -> [String: String] {
    var fields = FormFields()
    _ = fields.read(query) { decode($0) ?? String(decoding: $0, as: UTF8.self).replacing("+", with: " ") }
    return fields.values
  }

  private init() {}

  subscript(name: String) -> String? { values[name] }

  /// - Returns: false when something cannot be decoded.
  private mutating func read(_ text: String, _ decode: (Substring.UTF8View) -> String?) -> Bool {
    for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decode(parts[0]), let value = parts.count > 1 ? decode(parts[1]) : "" else {
        return false
      }
      if values[name] == nil { values[name] = value } else { hasRepeatedName = true }
    }
    return true
  }

  private static func decode(_ part: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = part
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst(), let low = rest.popFirst(), let value = hex(high, low) else {
          return nil
        }
        bytes.append(value)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hex(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let high = Character(Unicode.Scalar(high)).hexDigitValue,
      let low = Character(Unicode.Scalar(low)).hexDigitValue
    else { return nil }
    return UInt8(high * 16 + low)
  }

  /// A path of this station, for going on after signing in: anything else is the first page.
  static func localPath(_ text: String?) -> String {
    guard let text, text.utf8.count <= 512, text.hasPrefix("/"), !text.hasPrefix("//"),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return "/" }
    return text
  }
}
