internal import DossierTracker

/// The members of an object that somebody sent, taken one by one; what is missing, of the wrong form or unknown is noted
/// with its JSON pointer (RFC 6901), so that all of it can be told at once.
struct JSONMembers {
  private let members: [String: JSONInput]
  private let pointer: String
  private var taken: Set<String> = []
  private(set) var errors: [(pointer: String, finding: Finding)] = []

  /// - Parameter pointer: of the object itself.
  init(_ value: JSONInput, at pointer: String) {
    self.pointer = pointer
    if case .object(let members) = value {
      self.members = members
    } else {
      members = [:]
      note(.memberForm, pointer, expected: "object", found: value.kind)
    }
  }

  /// - Parameters:
  ///   - limit: greatest length in bytes.
  ///   - controls: whether control characters may stand in it.
  mutating func text(_ name: String, limit: Int, required: Bool = false, controls: Bool = false) -> String? {
    guard let value = take(name, required) else { return nil }
    guard case .string(let text) = value else { return wrong(name, "string", value) }
    guard text.utf8.count <= limit else {
      note(.memberForm, pointer(name), expected: "<= \(limit) bytes", found: "\(text.utf8.count)")
      return nil
    }
    let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    guard controls || !hasControls else {
      note(.memberForm, pointer(name), expected: "no control characters", found: "U+00..")
      return nil
    }
    return text
  }

  /// - Parameter make: nil for a text of the wrong form, which `form` describes.
  mutating func value<Value>(
    _ name: String, required: Bool = false, form: String, limit: Int = 64, _ make: (String) -> Value?
  ) -> Value? {
    guard let text = text(name, limit: limit, required: required) else { return nil }
    guard let value = make(text) else {
      note(.memberForm, pointer(name), expected: form, found: nil)
      return nil
    }
    return value
  }

  mutating func integer(_ name: String, _ range: ClosedRange<Int64>, required: Bool = false) -> Int64? {
    guard let value = take(name, required) else { return nil }
    guard case .integer(let integer) = value, range.contains(integer) else {
      return wrong(name, "\(range.lowerBound)..\(range.upperBound)", value)
    }
    return integer
  }

  mutating func number(_ name: String) {
    guard let value = take(name, false) else { return }
    switch value {
    case .integer, .decimal: break
    default: let _: Bool? = wrong(name, "number", value)
    }
  }

  mutating func bool(_ name: String) -> Bool? {
    guard let value = take(name, false) else { return nil }
    guard case .bool(let bool) = value else { return wrong(name, "boolean", value) }
    return bool
  }

  mutating func array(_ name: String) -> [JSONInput]? {
    guard let value = take(name, true) else { return nil }
    guard case .array(let array) = value else { return wrong(name, "array", value) }
    return array
  }

  mutating func object(_ name: String) -> JSONInput? {
    guard let value = take(name, false) else { return nil }
    guard case .object = value else { return wrong(name, "object", value) }
    return value
  }

  /// Notes every member that nobody took.
  mutating func finish() {
    for name in members.keys.sorted() where !taken.contains(name) {
      note(.memberUnknown, pointer(String(name.prefix(64))), expected: nil, found: nil)
    }
  }

  /// Takes over what an object inside this one found.
  mutating func note(_ others: [(pointer: String, finding: Finding)]) { errors += others }

  func pointer(_ name: String) -> String {
    let escaped = name.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "~": "~0"
      case "/": "~1"
      default: String(scalar)
      }
    }
    return pointer + "/" + escaped.joined()
  }

  private mutating func take(_ name: String, _ isRequired: Bool) -> JSONInput? {
    taken.insert(name)
    let value = members[name]
    if value == nil && isRequired { note(.memberMissing, pointer(name), expected: nil, found: nil) }
    return value
  }

  private mutating func wrong<Value>(_ name: String, _ expected: String, _ value: JSONInput) -> Value? {
    note(.memberForm, pointer(name), expected: expected, found: value.kind)
    return nil
  }

  private mutating func note(_ code: FindingCode, _ pointer: String, expected: String?, found: String?) {
    errors.append((pointer, Finding(code, path: pointer, expected: expected, found: found)))
  }
}
