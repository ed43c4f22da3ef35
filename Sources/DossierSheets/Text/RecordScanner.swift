/// Cuts text with separators into records and fields (RFC 4180), with the line where each record begins.
///
/// A reader of our own because every problem must name its line, the memory must be bounded, and fields must be cut by
/// bytes: to Swift a carriage return with its line feed, or a quotation mark with a combining mark, is one `Character`,
/// and a reader that goes by characters takes both for something else.
struct RecordScanner {
  /// Bytes of one field, without its quotation marks.
  struct Field {
    var start: Int
    var end: Int
    /// Whether quotation marks inside are written twice.
    var isEscaped: Bool

    var isEmpty: Bool { start == end }
  }

  /// What is wrong with quotation marks, and where the field begins.
  struct Misquoted: Error { var line: Int }

  let bytes: [UInt8]
  let delimiter: UInt8
  /// Fields of a record that are kept; further ones are only counted.
  let keptFields: Int
  private(set) var position: Int
  /// Line of the next record, from 1.
  private(set) var line: Int
  /// The fields of the last record.
  private(set) var fields: [Field] = []
  /// Number of fields of the last record up to the last one with content.
  private(set) var filledCount = 0
  /// Number of fields of the last record.
  private(set) var fieldCount = 0

  init(_ bytes: [UInt8], delimiter: UInt8, from position: Int, line: Int, keptFields: Int) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.position = position
    self.line = line
    self.keptFields = keptFields
  }

  /// Reads the next record.
  /// - Returns: the line where it begins; nil at the end of the text.
  mutating func next() throws(Misquoted) -> Int? {
    guard position < bytes.count else { return nil }
    let begin = line
    fields.removeAll(keepingCapacity: true)
    fieldCount = 0
    filledCount = 0
    while true {
      let field = bytes[position...].first == 0x22 ? try quoted() : plain()
      fieldCount += 1
      if !field.isEmpty { filledCount = fieldCount }
      if fields.count < keptFields { fields.append(field) }
      guard position < bytes.count else { return begin }
      let byte = bytes[position]
      position += 1
      if byte == delimiter { continue }
      if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      line += 1
      return begin
    }
  }

  /// Ends before a delimiter or a line end; a quotation mark inside stands for itself, as spreadsheets take it.
  private mutating func plain() -> Field {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
      position += 1
    }
    return Field(start: start, end: position, isEscaped: false)
  }

  private mutating func quoted() throws(Misquoted) -> Field {
    let begin = line
    position += 1
    var field = Field(start: position, end: position, isEscaped: false)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0A || (byte == 0x0D && !(position < bytes.count && bytes[position] == 0x0A)) { line += 1 }
      guard byte == 0x22 else { continue }
      if position < bytes.count, bytes[position] == 0x22 {
        field.isEscaped = true
        position += 1
        continue
      }
      field.end = position - 1
      while position < bytes.count, bytes[position] == 0x20, bytes[position] != delimiter { position += 1 }
      guard position < bytes.count else { return field }
      let after = bytes[position]
      guard after == delimiter || after == 0x0A || after == 0x0D else { throw Misquoted(line: line) }
      return field
    }
    throw Misquoted(line: begin)
  }

  /// The bytes of a field of the last record.
  func content(_ field: Field) -> [UInt8] {
    guard field.isEscaped else { return Array(bytes[field.start..<field.end]) }
    var content: [UInt8] = []
    content.reserveCapacity(field.end - field.start)
    var index = field.start
    while index < field.end {
      content.append(bytes[index])
      index += bytes[index] == 0x22 ? 2 : 1
    }
    return content
  }
}
