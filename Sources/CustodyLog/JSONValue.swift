/// A JSON value that the canonical profile can carry: no null, no fractions.
public indirect enum JSONValue: Sendable {
  /// Members in any order; encoding sorts them.
  case object([(String, JSONValue)])
  case array([JSONValue])
  case string(String)
  case integer(Int64)
  case bool(Bool)
}

extension JSONValue {
  /// The member of an object with this key, or `nil` when there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0.hasSameBytes(as: key) }?.1
  }

  /// The text, when this is a string.
  public var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, when this is an integer.
  public var integerValue: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The truth value, when this is one.
  public var boolValue: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  /// The elements, when this is an array.
  public var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
}

/// Strings are equal when their bytes are, members in any order: what equal canonical bytes mean.
extension JSONValue: Equatable {
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)):
      left.count == right.count
        && zip(left.inCanonicalOrder, right.inCanonicalOrder).allSatisfy {
          $0.0.hasSameBytes(as: $1.0) && $0.1 == $1.1
        }
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.integer(let left), .integer(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    default: false
    }
  }
}

extension [(String, JSONValue)] {
  /// Sorted by key in UTF-16 code units (RFC 8785 section 3.2.3), which for ASCII keys is byte order.
  var inCanonicalOrder: Self {
    sorted { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }
  }
}

extension String {
  /// Byte equality. `==` would call composed and decomposed Vietnamese text equal, whose hashes differ.
  func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
