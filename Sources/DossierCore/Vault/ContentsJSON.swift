internal import CustodyLog

/// Writes the canonical JSON of what an item holds, apart from personal data: the value of its `contents`
/// disclosure. One encoder for the importer, the stores and the audit, so that all three agree byte for byte.
///
/// `{"condition","container","dossiers":[{"agency","documents":[[name,originals,certified,photocopies]…],
/// "due","field","procedure","received","result"}…],"fee","weight"}`; absent values are left out.
public struct ContentsJSON: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var first = true

  public init() { bytes.reserveCapacity(2048) }

  /// Takes a value that was built elsewhere.
  public mutating func replace(with json: [UInt8]) { bytes = json }

  /// Begins an item.
  public mutating func begin(condition: ItemCondition, container: ArraySlice<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(UInt8(ascii: "{"))
    first = true
    if condition != .notStated { text(#""condition":"#, ArraySlice(condition.word.utf8)) }
    text(#""container":"#, container)
    key(#""dossiers":"#)
    bytes.append(UInt8(ascii: "["))
    first = true
  }

  /// Adds a dossier; `documents` calls ``document(name:originals:certifiedCopies:photocopies:)`` for each.
  public mutating func dossier(
    agency: ArraySlice<UInt8>, due: Int32, field: ArraySlice<UInt8>, procedure: ArraySlice<UInt8>,
    received: Int32, result: Int32, documents: (inout ContentsJSON) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    first = true
    text(#""agency":"#, agency)
    let before = bytes.count
    let wasFirst = first
    key(#""documents":"#)
    bytes.append(UInt8(ascii: "["))
    first = true
    documents(&self)
    if first {
      bytes.removeSubrange(before...)
      first = wasFirst
    } else {
      bytes.append(UInt8(ascii: "]"))
    }
    date(#""due":"#, due)
    text(#""field":"#, field)
    text(#""procedure":"#, procedure)
    date(#""received":"#, received)
    date(#""result":"#, result)
    bytes.append(UInt8(ascii: "}"))
    first = false
  }

  public mutating func document(
    name: ArraySlice<UInt8>, originals: Int32, certifiedCopies: Int32, photocopies: Int32
  ) {
    separate()
    bytes.append(UInt8(ascii: "["))
    string(name)
    for count in [originals, certifiedCopies, photocopies] {
      bytes.append(UInt8(ascii: ","))
      CanonicalJSON.appendInteger(Int64(count), to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Ends the item. A negative fee (dong) or weight (grams) is one not given.
  public mutating func end(fee: Int64, weight: Int32) {
    bytes.append(UInt8(ascii: "]"))
    first = false
    if fee >= 0 {
      key(#""fee":"#)
      CanonicalJSON.appendInteger(fee, to: &bytes)
    }
    if weight >= 0 {
      key(#""weight":"#)
      CanonicalJSON.appendInteger(Int64(weight), to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func separate() {
    if !first { bytes.append(UInt8(ascii: ",")) }
    first = false
  }

  private mutating func key(_ literal: StaticString) {
    separate()
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  private mutating func text(_ literal: StaticString, _ value: ArraySlice<UInt8>) {
    if value.isEmpty { return }
    key(literal)
    string(value)
  }

  private mutating func string(_ value: ArraySlice<UInt8>) {
    value.withUnsafeBytes { CanonicalJSON.appendString($0, to: &bytes) }
  }

  private mutating func date(_ literal: StaticString, _ day: Int32) {
    if day == DossierRecord.noDay { return }
    key(literal)
    bytes.append(UInt8(ascii: "\""))
    CalendarDate(daysSince1970: Int(day))?.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}

/// Values of the vault as canonical JSON.
public enum VaultJSON {
  /// A JSON string.
  public static func string(_ text: ArraySlice<UInt8>, into json: inout [UInt8]) {
    json.removeAll(keepingCapacity: true)
    text.withUnsafeBytes { CanonicalJSON.appendString($0, to: &json) }
  }

  /// `{"address","name","phone"}`; absent parts are left out.
  public static func contact(
    name: ArraySlice<UInt8>, phone: ArraySlice<UInt8>, address: ArraySlice<UInt8>, into json: inout [UInt8]
  ) {
    json.removeAll(keepingCapacity: true)
    json.append(UInt8(ascii: "{"))
    for (key, value) in [("address", address), ("name", name), ("phone", phone)] where !value.isEmpty {
      if json.count > 1 { json.append(UInt8(ascii: ",")) }
      json.append(UInt8(ascii: "\""))
      json.append(contentsOf: key.utf8)
      json.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
      value.withUnsafeBytes { CanonicalJSON.appendString($0, to: &json) }
    }
    json.append(UInt8(ascii: "}"))
  }

  /// `{"containers":[[number,seal]…]}`: what a manifest says of its bags; a bag without a seal has one element.
  public static func containers(_ containers: [Container]) -> [UInt8] {
    var json = Array(#"{"containers":["#.utf8)
    for (position, container) in containers.enumerated() {
      if position > 0 { json.append(UInt8(ascii: ",")) }
      json.append(UInt8(ascii: "["))
      CanonicalJSON.appendString(Array(container.number.utf8), to: &json)
      if let seal = container.seal {
        json.append(UInt8(ascii: ","))
        CanonicalJSON.appendString(Array(seal.utf8), to: &json)
      }
      json.append(UInt8(ascii: "]"))
    }
    json.append(contentsOf: "]}".utf8)
    return json
  }
}
