internal import CustodyLog

/// Writes the canonical JSON of what an item holds, apart from personal data: the value of its `contents`
/// disclosure. One encoder for the importer, the stores and the audit, so that all three agree byte for byte.
///
/// `{"condition","container","dossiers":[{"agency","documents":[[name,originals,certified,photocopies]…],
/// "due","field","procedure","received","result"}…],"fee","weight"}`; absent values are left out.
public struct ContentsJSON: ~Copyable, Sendable {
  private var output = OutputBuffer(capacity: 2048)
  private var encoder = ContentsEncoder()

  public init() {}

  /// A copy of what was written.
  public var bytes: [UInt8] { output.array }

  /// Takes a value that was built elsewhere.
  public mutating func replace(with json: [UInt8]) {
    output.removeAll()
    json.withUnsafeBytes { output.append($0) }
  }

  /// Begins an item.
  public mutating func begin(condition: ItemCondition, container: ArraySlice<UInt8>) {
    output.removeAll()
    encoder = ContentsEncoder()
    container.withUnsafeBytes { encoder.begin(condition: condition, container: $0, into: &output) }
  }

  /// Adds a dossier; `documents` calls ``document(name:originals:certifiedCopies:photocopies:)`` for each.
  public mutating func dossier(
    agency: ArraySlice<UInt8>, due: Int32, field: ArraySlice<UInt8>, procedure: ArraySlice<UInt8>,
    received: Int32, result: Int32, documents: (inout ContentsJSON) -> Void
  ) {
    agency.withUnsafeBytes { encoder.beginDossier(agency: $0, into: &output) }
    documents(&self)
    field.withUnsafeBytes { field in
      procedure.withUnsafeBytes { procedure in
        encoder.endDossier(
          due: due, field: field, procedure: procedure, received: received, result: result, into: &output)
      }
    }
  }

  public mutating func document(
    name: ArraySlice<UInt8>, originals: Int32, certifiedCopies: Int32, photocopies: Int32
  ) {
    name.withUnsafeBytes {
      encoder.document(
        name: $0, originals: originals, certifiedCopies: certifiedCopies, photocopies: photocopies,
        into: &output)
    }
  }

  /// Ends the item. A negative fee (dong) or weight (grams) is one not given.
  public mutating func end(fee: Int64, weight: Int32) {
    encoder.end(fee: fee, weight: weight, into: &output)
  }
}

/// The encoder behind ``ContentsJSON``: what may stand next, apart from the buffer that is written into.
struct ContentsEncoder {
  /// Whether nothing stands yet in the innermost object or array.
  private var isFirst = true
  /// Whether the dossier at hand has a document.
  private var hasDocuments = false

  mutating func begin(
    condition: ItemCondition, container: UnsafeRawBufferPointer, into json: inout OutputBuffer
  ) {
    json.append(UInt8(ascii: "{"))
    isFirst = true
    if condition != .notStated {
      var word = condition.word
      word.withUTF8 { text(#""condition":"#, UnsafeRawBufferPointer($0), &json) }
    }
    text(#""container":"#, container, &json)
    key(#""dossiers":["#, &json)
    isFirst = true
  }

  mutating func beginDossier(agency: UnsafeRawBufferPointer, into json: inout OutputBuffer) {
    key("{", &json)
    isFirst = true
    hasDocuments = false
    text(#""agency":"#, agency, &json)
  }

  mutating func document(
    name: UnsafeRawBufferPointer, originals: Int32, certifiedCopies: Int32, photocopies: Int32,
    into json: inout OutputBuffer
  ) {
    if hasDocuments {
      json.append(",[")
    } else {
      key(#""documents":[["#, &json)
      hasDocuments = true
    }
    json.appendJSONString(name)
    json.append(UInt8(ascii: ","))
    json.appendInteger(Int64(originals))
    json.append(UInt8(ascii: ","))
    json.appendInteger(Int64(certifiedCopies))
    json.append(UInt8(ascii: ","))
    json.appendInteger(Int64(photocopies))
    json.append(UInt8(ascii: "]"))
  }

  mutating func endDossier(
    due: Int32, field: UnsafeRawBufferPointer, procedure: UnsafeRawBufferPointer, received: Int32,
    result: Int32, into json: inout OutputBuffer
  ) {
    if hasDocuments { json.append(UInt8(ascii: "]")) }
    date(#""due":""#, due, &json)
    text(#""field":"#, field, &json)
    text(#""procedure":"#, procedure, &json)
    date(#""received":""#, received, &json)
    date(#""result":""#, result, &json)
    json.append(UInt8(ascii: "}"))
    isFirst = false
  }

  mutating func end(fee: Int64, weight: Int32, into json: inout OutputBuffer) {
    json.append(UInt8(ascii: "]"))
    isFirst = false
    if fee >= 0 {
      key(#""fee":"#, &json)
      json.appendInteger(fee)
    }
    if weight >= 0 {
      key(#""weight":"#, &json)
      json.appendInteger(Int64(weight))
    }
    json.append(UInt8(ascii: "}"))
  }

  /// The literal, after a comma if something stands before it.
  @inline(__always)
  private mutating func key(_ literal: StaticString, _ json: inout OutputBuffer) {
    if !isFirst { json.append(UInt8(ascii: ",")) }
    isFirst = false
    json.append(literal)
  }

  @inline(__always)
  private mutating func text(
    _ literal: StaticString, _ value: UnsafeRawBufferPointer, _ json: inout OutputBuffer
  ) {
    if value.isEmpty { return }
    key(literal, &json)
    json.appendJSONString(value)
  }

  @inline(__always)
  private mutating func date(_ literal: StaticString, _ day: Int32, _ json: inout OutputBuffer) {
    if day == DossierRecord.noDay { return }
    key(literal, &json)
    CalendarDate(daysSince1970: Int(day))?.append(to: &json)
    json.append(UInt8(ascii: "\""))
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
    var output = OutputBuffer(capacity: 512)
    name.withUnsafeBytes { name in
      phone.withUnsafeBytes { phone in
        address.withUnsafeBytes { contact(name: name, phone: phone, address: $0, into: &output) }
      }
    }
    json = output.array
  }

  static func contact(
    name: UnsafeRawBufferPointer, phone: UnsafeRawBufferPointer, address: UnsafeRawBufferPointer,
    into json: inout OutputBuffer
  ) {
    var isFirst = true
    func part(_ first: StaticString, _ later: StaticString, _ value: UnsafeRawBufferPointer) {
      if value.isEmpty { return }
      json.append(isFirst ? first : later)
      isFirst = false
      json.appendJSONString(value)
    }
    part(#"{"address":"#, #","address":"#, address)
    part(#"{"name":"#, #","name":"#, name)
    part(#"{"phone":"#, #","phone":"#, phone)
    json.append(isFirst ? "{}" : "}")
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
