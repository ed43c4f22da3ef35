/// Manifests as text, for tests: simple values in, well-escaped XML out, always the same for the same values.
struct ManifestWriter {
  struct Item {
    var number = "RR473124829VN"
    var container: String? = "T-0001"
    var acceptedAt: String? = "2026-01-05T09:12:00+07:00"
    var weight: String? = "120"
    var condition: String? = "good"
    var sender: (name: String, phone: String?, address: String)? = (
      "Nguyễn Thị Hạnh", "0912345678", "Số 5 Trần Hưng Đạo, phường Nghĩa Lộ, tỉnh Quảng Ngãi"
    )
    var recipient: (name: String, phone: String?, address: String)?
    var fee: String? = "150000"
    var dossiers = [Dossier()]
  }

  struct Dossier {
    var code = "H48.25-260105-0001"
    var procedure: String? = "1.004199"
    var field: String? = "Đất đai"
    var agency: String? = "H48.25"
    var applicant: String? = "Trần Văn Bình & con"
    var received: String? = "2026-01-05"
    var due: String? = "2026-01-20"
    var result: String?
    var documents: [(name: String, counts: (Int, Int, Int))] = [
      ("Đơn đăng ký biến động", (1, 0, 2)), ("Giấy chứng nhận <bản gốc>", (1, 1, 0)),
    ]
  }

  var number = "BK-590100-260105-001"
  var leg = "intake"
  var dispatchedAt = "2026-01-05T16:30:00+07:00"
  var giver = "590100"
  var receiver = "H48.25"
  var personCode: String? = "GDV-012"
  var containers: [(number: String, seal: String?)] = [("T-0001", "VN0091234"), ("T-0002", nil)]
  /// nil: as counted.
  var declaredItems: Int?
  var declaredDossiers: Int?
  var declaredWeight: Int?
  var items = [Item(), Item(number: "EG123456785VN", dossiers: [Dossier(code: "H48.25-260105-0002")])]

  /// - Parameters:
  ///   - newline: what ends a line.
  ///   - indent: what stands before a line for each level.
  func text(newline: String = "\n", indent: String = "  ", declaration: String? = nil) -> String {
    var lines: [String] = []
    func line(_ level: Int, _ text: String) {
      lines.append(String(repeating: indent, count: level) + text)
    }
    line(0, declaration ?? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    line(
      0,
      "<manifest xmlns=\"urn:postal-dossier:manifest:1\" version=\"1\" number=\"\(escape(number))\" leg=\"\(leg)\" "
        + "dispatchedAt=\"\(dispatchedAt)\">")
    let person = personCode.map { "<person code=\"\(escape($0))\">Nguyễn Văn Mẫu</person>" } ?? ""
    line(1, "<giver office=\"\(escape(giver))\">\(person)</giver>")
    line(1, "<receiver office=\"\(escape(receiver))\"/>")
    if !containers.isEmpty {
      line(1, "<containers>")
      for container in containers {
        line(2, "<container number=\"\(escape(container.number))\"\(attribute("seal", container.seal))/>")
      }
      line(1, "</containers>")
    }
    let dossiers = items.reduce(0) { $0 + $1.dossiers.count }
    line(
      1,
      "<declared items=\"\(declaredItems ?? items.count)\" dossiers=\"\(declaredDossiers ?? dossiers)\""
        + "\(attribute("weight", declaredWeight.map(String.init)))/>")
    line(1, "<items>")
    for item in items { write(item, line) }
    line(1, "</items>")
    line(0, "</manifest>")
    return lines.joined(separator: newline) + newline
  }

  var bytes: [UInt8] { Array(text().utf8) }

  private func write(_ item: Item, _ line: (Int, String) -> Void) {
    line(2, "<item number=\"\(escape(item.number))\"\(attribute("container", item.container))>")
    for (name, value) in [
      ("acceptedAt", item.acceptedAt), ("weight", item.weight), ("condition", item.condition),
    ] {
      if let value { line(3, element(name, value)) }
    }
    for (name, contact) in [("sender", item.sender), ("recipient", item.recipient)] {
      guard let contact else { continue }
      line(3, "<\(name)>")
      line(4, element("name", contact.name))
      if let phone = contact.phone { line(4, element("phone", phone)) }
      line(4, element("address", contact.address))
      line(3, "</\(name)>")
    }
    if let fee = item.fee { line(3, element("fee", fee)) }
    for dossier in item.dossiers {
      line(3, "<dossier code=\"\(escape(dossier.code))\"\(attribute("procedure", dossier.procedure))>")
      for (name, value) in [
        ("field", dossier.field), ("agency", dossier.agency), ("applicant", dossier.applicant),
        ("received", dossier.received), ("due", dossier.due), ("result", dossier.result),
      ] {
        if let value { line(4, element(name, value)) }
      }
      for document in dossier.documents {
        let (originals, certified, photocopies) = document.counts
        line(
          4,
          "<document originals=\"\(originals)\" certifiedCopies=\"\(certified)\" photocopies=\"\(photocopies)\">"
            + escape(document.name) + "</document>")
      }
      line(3, "</dossier>")
    }
    line(2, "</item>")
  }

  private func element(_ name: String, _ value: String) -> String { "<\(name)>\(escape(value))</\(name)>" }

  private func attribute(_ name: String, _ value: String?) -> String {
    value.map { " \(name)=\"\(escape($0))\"" } ?? ""
  }

  private func escape(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// A manifest of `count` items with valid, different numbers.
  ///
  /// - Parameter isPlain: without a character that has to be escaped, so that items are read without libxml2.
  static func large(_ count: Int, seed: UInt64 = 1, isPlain: Bool = false) -> ManifestWriter {
    var generator = SeededGenerator(seed: seed)
    var writer = ManifestWriter()
    writer.items = (0..<count).map { index in
      var item = Item(number: s10("RR", Int.random(in: 0..<100_000_000, using: &generator)))
      if index % 3 == 0 { item.recipient = ("Lê Văn Dũng", "+84 912 345 678", "xã Bình Sơn") }
      if index % 4 == 1 { item.weight = nil }
      if index % 5 == 2 { item.container = "T-0002" }
      if index % 7 == 3 { item.fee = nil }
      item.dossiers = (0..<(1 + index % 3)).map { offset in
        var dossier = Dossier(code: "H48.\(1 + index % 40)-260105-\(1000 + (index * 3 + offset) % 9000)")
        if index % 2 == 1 { dossier.result = "2026-01-19" }
        if isPlain {
          dossier.applicant = "Trần Văn Bình"
          dossier.documents = [("Đơn đăng ký biến động", (1, 0, 2)), ("Giấy chứng nhận", (1, 1, 0))]
        }
        return dossier
      }
      return item
    }
    return writer
  }

  /// UPU S10, computed here on its own.
  static func s10(_ prefix: String, _ serial: Int) -> String {
    let digits = String(String(serial + 100_000_000).dropFirst()).compactMap(\.wholeNumberValue)
    let sum = zip(digits, [8, 6, 4, 2, 3, 5, 9, 7]).reduce(0) { $0 + $1.0 * $1.1 }
    let check = [0: 5, 1: 0][sum % 11] ?? 11 - sum % 11
    return prefix + digits.map(String.init).joined() + "\(check)VN"
  }
}
