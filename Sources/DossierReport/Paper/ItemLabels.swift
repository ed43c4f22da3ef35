internal import DossierCore

/// Labels of a manifest's items, one a page of 60 × 30 mm, as label printers take them.
public struct ItemLabels: Hashable, Sendable {
  public var manifest: String
  /// Office codes of both sides.
  public var giver: String
  public var receiver: String
  /// Item numbers in the manifest's order.
  public var items: [String]

  public init(manifest: String, giver: String, receiver: String, items: [String]) {
    self.manifest = manifest
    self.giver = giver
    self.receiver = receiver
    self.items = items
  }

  /// - Throws: ``RenderingRefusal`` D-7053 when a number cannot be printed as a code on so small a label: a label
  ///   without its code would be stuck on unnoticed.
  public func document(language: OutputLanguage) throws -> PaperDocument {
    let labels = try items.enumerated().map { position, item in
      let code = try Barcode(item, as: .code128)
      guard let module = code.module(fitting: 57, preferred: 0.3) else {
        throw RenderingRefusal(Finding(.barcodeRefused, found: item))
      }
      return [
        "item": Markup.escaped(item), "code": code.svg(module: module, height: 13),
        "from": Markup.escaped(giver), "to": Markup.escaped(receiver), "manifest": Markup.escaped(manifest),
        "position": "\(position + 1)/\(items.count)",
      ]
    }
    return PaperDocument(
      title: language == .vi ? "Nhãn \(manifest)" : "Labels \(manifest)", language: language, sheet: .label,
      body: try PaperDocument.render(PackageResources.labels_mustache, ["labels": labels]))
  }
}
