internal import CustodyLog

/// How a report is written.
public enum ReportFormat: String, CaseIterable, Sendable {
  case table, json, ndjson, csv, tsv
  case html, pdf
  /// CSV that Vietnamese Excel opens by a double click, see ``ReportDocument/render(_:style:)``.
  case csvExcel = "csv-excel"
  case xlsx

  /// The format that a file's name asks for by its ending; nil when the ending says nothing.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    switch fileName[dot...].lowercased() {
    case ".txt": self = .table
    default: self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
    }
  }

  /// Whether it is no text, so that a terminal must not be given it.
  public var isBinary: Bool { self == .pdf || self == .xlsx }
}

extension ReportDocument {
  /// The whole report in one format. The same document, format and style give the same bytes.
  ///
  /// - Parameters:
  ///   - style: its language counts for every format that people read; width and colour for `table` only.
  /// - Throws: ``RenderingRefusal`` when a format needs a program or a library that fails.
  public func render(_ format: ReportFormat, style: TableStyle = TableStyle()) throws -> [UInt8] {
    switch format {
    case .table: Array(text(style: style).utf8)
    case .json:
      Array((JSONOutput.object(json + [.init(key: "note", value: note.json)]).text(pretty: true) + "\n").utf8)
    case .ndjson: Array(flat.render(.ndjson).utf8)
    case .csv: Array(flat.render(.csv).utf8)
    case .tsv: Array(flat.render(.tsv).utf8)
    case .html: Array(try ReportPage(document: self, language: style.language).html().utf8)
    case .pdf: try pdf(language: style.language) { try annexDigest(style: style) }
    case .csvExcel: Array(ExcelText(document: flat, language: style.language).text().utf8)
    case .xlsx: try workbook(language: style.language)
    }
  }

  /// SHA-256 of this report as a workbook, in which a PDF's long tables are.
  private func annexDigest(style: TableStyle) throws -> String {
    MerkleHash.sha256(try render(.xlsx, style: style)).hex
  }

  /// For a terminal: the sections' tables one under the other; charts stay with their tables.
  private func text(style: TableStyle) -> String {
    var parts: [String] = []
    for (position, section) in sections.enumerated() {
      var table = section.table ?? TabularDocument(columns: [], rows: [])
      table.title = position == 0 ? title : section.title
      table.lead = (position == 0 ? lead : []) + section.text
      table.notes = position == sections.count - 1 ? note.text : []
      parts.append(table.render(.table, style: style))
    }
    return parts.joined(separator: "\n")
  }
}

extension ReportNote {
  /// The lines in which every format for people prints the note.
  public var text: [BilingualText] {
    var text = lines
    if let log {
      text.append(
        BilingualText(
          vi: "Nhật ký: \(NumberText.human(log.size, language: .vi)) mục, gốc \(log.root)",
          en: "Log: \(NumberText.human(log.size, language: .en)) entries, root \(log.root)"))
    }
    if let knownAt {
      text.append(
        BilingualText(
          vi: "Theo những gì đã ghi đến \(HumanDate.text(knownAt, language: .vi)).",
          en: "As known at \(knownAt)."))
    }
    if !versions.isEmpty {
      let list = versions.map { "\($0.name) \($0.version)" }.joined(separator: "; ")
      text.append(BilingualText(vi: "Quy tắc và lịch: \(list)", en: "Rules and calendars: \(list)"))
    }
    text.append(
      BilingualText(
        vi: "Lập lại bằng lệnh: \(command) --lang vi", en: "To make it again: \(command) --lang en"))
    return text
  }

  public var json: JSONOutput {
    [
      "log": log.map { ["size": .unsigned($0.size), "root": .string($0.root)] } ?? .null,
      "knownAt": .string(orNull: knownAt),
      "versions": .object(versions.map { .init(key: $0.name, value: .string($0.version)) }),
      "command": .string(command),
    ]
  }
}
