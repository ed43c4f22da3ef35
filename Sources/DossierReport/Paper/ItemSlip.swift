internal import DossierCore

/// What a citizen takes along: the item's number and the code with which anyone who holds it can look the item up. It
/// names nobody.
public struct ItemSlip: Hashable, Sendable {
  public var item: String
  public var dossiers: [String]
  /// Name of the office that took the item, or its code.
  public var office: String
  /// When it was taken; RFC 3339.
  public var acceptedAt: String?
  /// Public look-up code; nil when the item has none.
  public var lookup: String?
  /// The station's public address, such as `https://hoso.example.vn`; nil when nobody said it.
  public var address: String?

  public init(
    item: String, dossiers: [String], office: String, acceptedAt: String?, lookup: String?, address: String?
  ) {
    self.item = item
    self.dossiers = dossiers
    self.office = office
    self.acceptedAt = acceptedAt
    self.lookup = lookup
    self.address = address
  }

  /// The slip as a sheet of A6.
  ///
  /// - Throws: ``RenderingRefusal`` D-7053 when a code cannot be printed.
  public func document(language: OutputLanguage) throws -> PaperDocument {
    let title = language == .vi ? "Phiếu tra cứu \(item)" : "Look-up slip \(item)"
    return PaperDocument(
      title: title, language: language, sheet: .a6,
      body: try PaperDocument.render(PackageResources.slip_mustache, context(language)))
  }

  private func context(_ language: OutputLanguage) throws -> [String: Any] {
    var context: [String: Any] = [
      "vi": language == .vi, "en": language == .en, "office": Markup.escaped(office),
      "item": Markup.escaped(item), "dossiers": dossiers.map(Markup.escaped),
      "code": try bars(item, height: 11),
    ]
    if let acceptedAt {
      context["accepted"] = Markup.escaped(PaperTime.text(acceptedAt, language))
    }
    if let lookup {
      var facts: [String: Any] = ["text": Markup.escaped(lookup), "bars": try bars(lookup, height: 9)]
      if let address {
        let link = PublicAddress.join(address, "v/\(lookup)")
        facts["qr"] = try Barcode(link, as: .qr).svg(module: 0.8, title: link)
        facts["address"] = Markup.escaped(link)
      }
      context["lookup"] = facts
    }
    return context
  }

  /// Empty when the code would be too narrow to be read.
  private func bars(_ text: String, height: Double) throws -> String {
    let code = try Barcode(text, as: .code128)
    return code.module(fitting: 88, preferred: 0.33).map { code.svg(module: $0, height: height) } ?? ""
  }
}

/// Addresses as they are printed.
public enum PublicAddress {
  /// The station's address and a path below it.
  public static func join(_ address: String, _ path: String) -> String {
    var base = Substring(address)
    while base.hasSuffix("/") { base.removeLast() }
    return base + "/" + path
  }
}
