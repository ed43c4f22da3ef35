internal import DossierCore

/// `[Content_Types].xml`: what each part is.
final class ContentTypes: PartHandler {
  /// Type by part name, lower case, without its leading slash.
  private(set) var types: [String: String] = [:]

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    guard element == .override, let name = attributes.text(.partName),
      let type = attributes.text(.contentType)
    else { return }
    types[String(name.drop { $0 == "/" }).lowercased()] = type.lowercased()
  }

  func end(_ element: PartWord) throws(SheetRefusal) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// A part of relationships: which other parts a part names.
final class Relationships: PartHandler {
  struct Relationship {
    var identifier: String
    /// The last word of its type, such as `worksheet`: what stands before differs between the editions of the standard.
    var kind: String
    /// Path in the archive.
    var path: String
  }

  private(set) var all: [Relationship] = []
  private let folder: String

  /// - Parameter source: path of the part that the relationships belong to; empty for the package.
  init(source: String) {
    folder = source.lastIndex(of: "/").map { String(source[..<$0]) } ?? ""
  }

  /// Path of the relationships of a part.
  static func path(of source: String) -> String {
    guard let slash = source.lastIndex(of: "/") else { return "_rels/\(source).rels" }
    return "\(source[..<slash])/_rels/\(source[source.index(after: slash)...]).rels"
  }

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    // What lies outside the file is never fetched, so it is not even noted.
    guard element == .relationship, attributes.text(.targetMode)?.lowercased() != "external",
      let identifier = attributes.text(.identifier), let type = attributes.text(.type),
      let target = attributes.text(.target), let path = resolve(target)
    else { return }
    let kind = String(type[type.index(after: type.lastIndex(of: "/") ?? type.startIndex)...])
    all.append(Relationship(identifier: identifier, kind: kind, path: path))
  }

  /// The path that a target means, seen from the part's folder; nil when it leaves the archive.
  private func resolve(_ target: String) -> String? {
    guard !target.isEmpty else { return nil }
    let isAbsolute = target.hasPrefix("/")
    var steps = isAbsolute ? [] : folder.split(separator: "/")
    for step in target.split(separator: "/") {
      if step == "." { continue }
      if step == ".." {
        guard steps.popLast() != nil else { return nil }
      } else {
        steps.append(step)
      }
    }
    return steps.joined(separator: "/")
  }

  func end(_ element: PartWord) throws(SheetRefusal) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

  func first(_ kind: String) -> Relationship? { all.first { $0.kind == kind } }
}

/// `workbook.xml`: the sheets in the order of their tabs, and where days are counted from.
final class WorkbookPart: PartHandler {
  struct Sheet {
    var name: String
    var isHidden: Bool
    var relationship: String
  }

  private(set) var sheets: [Sheet] = []
  private(set) var countsFrom1904 = false

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    switch element {
    case .workbookProperties:
      countsFrom1904 = ["1", "true", "on"].contains(attributes.text(.date1904) ?? "")
    case .sheet:
      guard let name = attributes.bytes(.name), let relationship = attributes.text(.relationshipIdentifier)
      else { return }
      sheets.append(
        Sheet(
          name: SheetText.clean(EscapedText.decode(Array(name))),
          isHidden: ["hidden", "veryhidden"].contains(attributes.text(.state)?.lowercased() ?? ""),
          relationship: relationship))
    default: break
    }
  }

  func end(_ element: PartWord) throws(SheetRefusal) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// `styles.xml`: the number format of every cell style, by the number that cells name it with.
final class StylesPart: PartHandler {
  private(set) var formats: [NumberFormat] = []
  private var codes: [Int: String] = [:]
  private var isInCellFormats = false

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    switch element {
    case .numberFormat:
      if let identifier = attributes.number(.numberFormatIdentifier) {
        codes[identifier] = attributes.text(.formatCode)
      }
    case .cellFormats: isInCellFormats = true
    case .format where isInCellFormats:
      let identifier = attributes.number(.numberFormatIdentifier) ?? 0
      formats.append(codes[identifier].map(NumberFormat.init(code:)) ?? NumberFormat(builtIn: identifier))
    default: break
    }
  }

  func end(_ element: PartWord) throws(SheetRefusal) {
    if element == .cellFormats { isInCellFormats = false }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
