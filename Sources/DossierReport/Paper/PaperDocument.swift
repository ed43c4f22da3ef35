internal import Mustache

/// A sheet that people print and keep: one HTML page that needs nothing else, no script, no address; the same as PDF.
///
/// The page is well-formed XML. Its body alone stands in the station's own pages, which link ``style``.
public struct PaperDocument: Sendable {
  /// What the printer is loaded with.
  enum Sheet: String, Sendable { case a4, wall, a6, label }

  let title: String
  let language: OutputLanguage
  let sheet: Sheet
  /// Markup below `<body>`; every text in it is escaped.
  public let body: String

  /// The one style sheet of everything on paper. Its rules reach only what stands in `.paper`.
  public static var style: [UInt8] { PackageResources.paper_css }

  /// - Throws: when a template is not one, which is a fault of the program.
  public func html() throws -> [UInt8] {
    let context: [String: Any] = [
      "language": language.rawValue, "title": Markup.escaped(title), "body": body, "sheet": sheet.rawValue,
      "style": String(decoding: Self.style, as: UTF8.self), "size": Self.size(sheet),
    ]
    return Array(try Self.render(PackageResources.paper_mustache, context).utf8)
  }

  /// - Throws: ``RenderingRefusal`` when the print engine fails.
  public func pdf() throws -> [UInt8] { try PrintEngine().pdf(of: html()) }

  static func render(_ template: [UInt8], _ context: [String: Any]) throws -> String {
    try MustacheTemplate(string: String(decoding: template, as: UTF8.self)).render(context)
  }

  /// What is one sheet each needs no page numbers.
  private static let noNumbers = "@bottom-left { content: none; } @bottom-right { content: none; }"

  private static func size(_ sheet: Sheet) -> String {
    switch sheet {
    case .a4: "size: A4; margin: 20mm 15mm 20mm 30mm;"
    case .wall: "size: A4; margin: 12mm;"
    case .a6: "size: A6; margin: 7mm; \(noNumbers)"
    case .label: "size: 60mm 30mm; margin: 1.5mm; \(noNumbers)"
    }
  }
}

/// How a sheet is written.
public enum PaperFormat: String, CaseIterable, Sendable {
  case html, pdf

  /// The format that a file's name asks for by its ending; nil when the ending says nothing.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
  }
}

extension PaperDocument {
  /// - Throws: ``RenderingRefusal`` when the print engine fails.
  public func render(_ format: PaperFormat) throws -> [UInt8] {
    switch format {
    case .html: try html()
    case .pdf: try pdf()
    }
  }
}
