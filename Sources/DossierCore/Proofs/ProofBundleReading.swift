public import CustodyLog

extension ProofBundle {
  /// Reads a file, accepting only what ``encode()`` could have written.
  ///
  /// - Throws: `digest` when the file was changed, otherwise `format` with the place.
  public static func parse(_ file: [UInt8]) throws(EvidenceProblem) -> ProofBundle {
    let document: JSONValue
    do { document = try SealedDocument.parse(file) } catch {
      throw EvidenceProblem(error == .digest ? .digest : .format, detail: error.description)
    }
    let top = try BundleObject(
      document, "", required: ["checkpoint", "events", "format", "items", "log"],
      optional: ["statements", "times"])
    guard try top.text("format").utf8.elementsEqual(format.utf8) else { throw top.problem("format") }
    var bundle = ProofBundle(
      checkpoint: try top.text("checkpoint"), log: try log(top), items: [], events: [])
    for item in try top.elements("items") { bundle.items.append(try self.item(item)) }
    bundle.events = try leaves(top, "events")
    bundle.statements = try leaves(top, "statements")
    for past in try top.elements("times") { bundle.times.append(try self.past(past)) }
    try bundle.checkOrder(top)
    return bundle
  }

  /// Lists that may be left out are not empty when they are there; everything ascends, so nothing is there twice.
  private func checkOrder(_ top: BundleObject) throws(EvidenceProblem) {
    guard !items.isEmpty else { throw top.problem("items") }
    if top.has("statements"), statements.isEmpty { throw top.problem("statements") }
    if top.has("times"), times.isEmpty { throw top.problem("times") }
    for (first, second) in zip(items, items.dropFirst())
    where !first.number.utf8.lexicographicallyPrecedes(second.number.utf8) {
      throw top.problem("items")
    }
    for (first, second) in zip(events, events.dropFirst()) where first.index >= second.index {
      throw top.problem("events")
    }
    for (first, second) in zip(statements, statements.dropFirst()) where first.index >= second.index {
      throw top.problem("statements")
    }
  }

  private static func log(_ top: BundleObject) throws(EvidenceProblem) -> Leaf {
    let object = try BundleObject(
      try top.value("log"), "log", required: ["index", "leaf", "proof"], optional: [])
    return try place(object)
  }

  private static func place(_ object: BundleObject) throws(EvidenceProblem) -> Leaf {
    Leaf(
      index: UInt64(try object.number("index")), text: try object.text("leaf"),
      proof: try object.hashes("proof"))
  }

  private static func leaves(_ top: BundleObject, _ key: String) throws(EvidenceProblem) -> [Leaf] {
    var leaves: [Leaf] = []
    for element in try top.elements(key) {
      let object = try BundleObject(
        element.value, element.place, required: ["index", "leaf", "proof"],
        optional: ["commitments", "disclosures"])
      var leaf = try place(object)
      for commitment in try object.texts("commitments") {
        guard let digest = Digest(base64URL: commitment) else { throw object.problem("commitments") }
        leaf.commitments.append(digest)
      }
      leaf.disclosures = try object.texts("disclosures")
      if object.has("commitments"), leaf.commitments.isEmpty { throw object.problem("commitments") }
      if object.has("disclosures"), leaf.disclosures.isEmpty || leaf.commitments.isEmpty {
        throw object.problem("disclosures")
      }
      leaves.append(leaf)
    }
    return leaves
  }

  private static func item(_ element: BundleElement) throws(EvidenceProblem) -> Item {
    let object = try BundleObject(
      element.value, element.place, required: ["count", "item", "path"], optional: ["other"])
    var item = Item(number: try object.text("item"), count: try object.number("count"), path: [])
    for step in try object.elements("path") {
      guard case .array(let parts) = step.value, parts.count == 2, let bit = parts[0].integerValue,
        (0..<256).contains(bit), let sibling = parts[1].stringValue.flatMap(Digest.init(base64:))
      else { throw object.problem("path") }
      item.path.append(MerkleMap.Step(bit: Int(bit), sibling: sibling))
    }
    guard object.has("other") else { return item }
    let other = try BundleObject(
      try object.value("other"), element.place + "/other", required: ["key", "value"], optional: [])
    let key = Base64.decodeStrict(try other.text("key")) ?? []
    let value = Base64.decodeStrict(try other.text("value")) ?? []
    guard item.count == 0, key.count == Digest.byteCount, value.count == ItemMap.valueByteCount else {
      throw object.problem("other")
    }
    item.other = MerkleMap.Entry(key: key, value: value)
    return item
  }

  private static func past(_ element: BundleElement) throws(EvidenceProblem) -> PastCheckpoint {
    let object = try BundleObject(
      element.value, element.place, required: ["checkpoint", "consistency"], optional: [])
    return PastCheckpoint(
      checkpoint: try object.text("checkpoint"), consistency: try object.hashes("consistency"))
  }
}

/// An element of a list with its place, such as `events/3`.
struct BundleElement {
  let value: JSONValue
  let place: String
}

/// An object that must have certain members and may have no unknown ones.
struct BundleObject {
  private let value: JSONValue
  private let place: String

  init(_ value: JSONValue, _ place: String, required: Set<String>, optional: Set<String>)
    throws(EvidenceProblem)
  {
    self.value = value
    self.place = place
    guard case .object(let members) = value else { throw EvidenceProblem(.format, place: place) }
    let keys = Set(members.map(\.0))
    guard required.isSubset(of: keys), keys.isSubset(of: required.union(optional)) else {
      let key = required.subtracting(keys).union(keys.subtracting(required).subtracting(optional)).min()
      throw problem(key ?? "")
    }
  }

  func problem(_ key: String) -> EvidenceProblem {
    EvidenceProblem(.format, place: place.isEmpty ? key : place + "/" + key)
  }

  func has(_ key: String) -> Bool { value[key] != nil }

  func value(_ key: String) throws(EvidenceProblem) -> JSONValue {
    guard let member = value[key] else { throw problem(key) }
    return member
  }

  func text(_ key: String) throws(EvidenceProblem) -> String {
    guard let text = value[key]?.stringValue else { throw problem(key) }
    return text
  }

  func number(_ key: String) throws(EvidenceProblem) -> Int64 {
    guard let number = value[key]?.integerValue, number >= 0 else { throw problem(key) }
    return number
  }

  /// Elements of a list; none when it is not there.
  func elements(_ key: String) throws(EvidenceProblem) -> [BundleElement] {
    guard let member = value[key] else { return [] }
    guard let elements = member.arrayValue else { throw problem(key) }
    let start = problem(key).place
    return elements.enumerated().map { BundleElement(value: $1, place: "\(start)/\($0)") }
  }

  func texts(_ key: String) throws(EvidenceProblem) -> [String] {
    var texts: [String] = []
    for element in try elements(key) {
      guard let text = element.value.stringValue else { throw problem(key) }
      texts.append(text)
    }
    return texts
  }

  func hashes(_ key: String) throws(EvidenceProblem) -> [Digest] {
    var digests: [Digest] = []
    for text in try texts(key) {
      guard let digest = Digest(base64: text) else { throw problem(key) }
      digests.append(digest)
    }
    return digests
  }
}
