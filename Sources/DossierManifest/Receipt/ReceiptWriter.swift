internal import CustodyLog
internal import DossierCore

/// Writes receipts as XML: always the same bytes for the same receipt, one element a line, in parts of some kilobytes, so
/// that a receipt of any length takes no more memory than one of its lines.
public struct ReceiptWriter {
  private var buffer: [UInt8] = []
  private let sink: ([UInt8]) throws -> Void

  private static let part = 1 << 14

  private init(_ sink: @escaping ([UInt8]) throws -> Void) { self.sink = sink }

  /// Writes a whole document.
  ///
  /// - Parameters:
  ///   - lines: the manifest's items in its order, then strays.
  ///   - sink: gets every part, in order.
  /// - Throws: what the sink throws.
  public static func write(
    _ receipt: Receipt, lines: some Sequence<Receipt.Line>, to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    var writer = ReceiptWriter(sink)
    try writer.head(receipt)
    var isAmongStrays = false
    try writer.line("  <items>")
    for line in lines {
      if line.outcome.isStray && !isAmongStrays {
        isAmongStrays = true
        try writer.line("  </items>\n  <strays>")
      }
      try writer.item(line)
    }
    try writer.line(isAmongStrays ? "  </strays>" : "  </items>")
    try writer.line("</receipt>")
    try writer.flush()
  }

  private mutating func head(_ receipt: Receipt) throws {
    try line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    try element(
      "<receipt xmlns=\"urn:postal-dossier:receipt:1\"",
      [
        ("version", "1"), ("manifest", receipt.manifest), ("sha256", receipt.document.hex),
        ("closedAt", receipt.closedAt.text), ("offline", "\(receipt.isOffline)"),
      ], isOpen: true)
    for (name, party) in [("giver", receipt.giver), ("receiver", receipt.receiver)] {
      try element("  <\(name)", [("office", party.office), ("signer", party.signer)])
    }
    let counts = receipt.counts
    try element(
      "  <counts",
      [
        ("expected", "\(counts.expected)"), ("received", "\(counts.received)"), ("short", "\(counts.short)"),
        ("surplus", "\(counts.surplus)"), ("misrouted", "\(counts.misrouted)"),
        ("damaged", "\(counts.damaged)"),
      ])
    try element("  <list", [("sha256", receipt.list.hex), ("signed", "\(receipt.listIsSigned)")])
    try element(
      "  <log",
      [("origin", receipt.origin), ("size", "\(receipt.log.size)"), ("root", receipt.log.root.base64)])
  }

  private mutating func item(_ line: Receipt.Line) throws {
    let name = line.outcome.isStray ? "stray" : "item"
    var attributes: [(String, String?)] = [
      ("number", line.item), ("outcome", line.outcome.rawValue), ("at", line.at?.text), ("by", line.by),
      ("event", line.event),
    ]
    if line.outcome.isStray { attributes += [("manifest", line.manifest), ("office", line.office)] }
    guard let damage = line.damage else { return try element("    <\(name)", attributes) }
    try element("    <\(name)", attributes, isOpen: true)
    try element(
      "      <damage", [("grade", damage.grade.word), ("cause", damage.cause), ("event", damage.event)])
    try self.line("    </\(name)>")
  }

  private mutating func element(
    _ start: String, _ attributes: [(String, String?)], isOpen: Bool = false
  ) throws {
    buffer.append(contentsOf: start.utf8)
    for (name, value) in attributes {
      guard let value else { continue }
      buffer.append(contentsOf: " \(name)=\"".utf8)
      Self.append(escaping: value, to: &buffer)
      buffer.append(UInt8(ascii: "\""))
    }
    try line(isOpen ? ">" : "/>")
  }

  private mutating func line(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.part { try flush() }
  }

  private mutating func flush() throws {
    if buffer.isEmpty { return }
    try sink(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Scalar by scalar, so that a combining mark cannot hide a quote. What XML 1.0 cannot hold, and what would be read
  /// back as another character, becomes U+FFFD.
  private static func append(escaping text: String, to bytes: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": bytes.append(contentsOf: "&lt;".utf8)
      case ">": bytes.append(contentsOf: "&gt;".utf8)
      case "&": bytes.append(contentsOf: "&amp;".utf8)
      case "\"": bytes.append(contentsOf: "&quot;".utf8)
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        bytes.append(contentsOf: "\u{FFFD}".utf8)
      default: bytes.append(contentsOf: String(scalar).utf8)
      }
    }
  }
}
