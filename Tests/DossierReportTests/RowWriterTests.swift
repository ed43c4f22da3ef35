import Testing

@testable import DossierReport

@Suite struct RowWriterTests {
  static let columns = [
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code), Column("note", vi: "Ghi chú", en: "Note"),
    Column("count", vi: "Số", en: "Count", kind: .integer),
    Column("rate", vi: "Tỷ lệ", en: "Rate", kind: .decimal(places: 2)),
  ]

  static func randomDocument(using generator: inout SeededGenerator) -> TabularDocument {
    let rows = (0..<40).map { _ -> [Cell] in
      [
        .text(generator.awkwardText()), .text(generator.awkwardText()),
        .integer(.random(in: Int.min...Int.max, using: &generator)),
        .decimal(randomDecimal(using: &generator)),
      ]
    }
    return TabularDocument(columns: columns, rows: rows)
  }

  static func randomDecimal(using generator: inout SeededGenerator) -> Double {
    let scale = [1e-300, 1e-9, 1e-4, 1, 1e5, 1e17, 1e300][Int.random(in: 0..<7, using: &generator)]
    return .random(in: -1...1, using: &generator) * scale
  }

  /// What a reader must find in the cell: text bytes in hexadecimal.
  static func expected(_ cell: Cell, guarded: Bool) -> String {
    switch cell {
    case .text(let text):
      let dangerous = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
      return hex(guarded && dangerous ? "'" + text : text)
    case .integer(let value): return hex(String(value))
    case .decimal(let value): return hex(NumberText.plain(value) ?? "")
    case .none, .flag, .list, .words: return ""
    }
  }

  @Test(.enabled(if: Python.isAvailable, Comment(rawValue: Python.missing)))
  func pythonReadsEveryCSVCellBack() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let document = Self.randomDocument(using: &generator)
    let read = try Python.run(
      """
      import csv, sys
      with open(sys.argv[1], encoding='utf-8', newline='') as file:
          for row in csv.reader(file, strict=True):
              print(' '.join(cell.encode().hex() for cell in row))
      """, on: document.render(.csv))
    let header = Self.columns.map { hex($0.key) }.joined(separator: " ")
    let rows = document.rows.map { row in
      row.map { Self.expected($0, guarded: true) }.joined(separator: " ")
    }
    #expect(read == ([header] + rows).map { $0 + "\n" }.joined(), "seed \(seed)")
  }

  @Test(.enabled(if: Python.isAvailable, Comment(rawValue: Python.missing)))
  func pythonReadsEveryTSVCellBack() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let document = Self.randomDocument(using: &generator)
    let read = try Python.run(
      #"""
      import re, sys
      back = {'\\t': '\t', '\\n': '\n', '\\r': '\r', '\\\\': '\\'}
      with open(sys.argv[1], encoding='utf-8', newline='\n') as file:
          for line in file:
              cells = line[:-1].split('\t')
              print(' '.join(re.sub(r'\\.', lambda m: back[m[0]], cell).encode().hex() for cell in cells))
      """#, on: document.render(.tsv))
    let header = Self.columns.map { hex($0.key) }.joined(separator: " ")
    let rows = document.rows.map { row in
      row.map { Self.expected($0, guarded: false) }.joined(separator: " ")
    }
    #expect(read == ([header] + rows).map { $0 + "\n" }.joined(), "seed \(seed)")
  }

  /// Prints a parsed value in a form that shows member order, string bytes and the bits of every float.
  static let canonical = """
    import json, struct, sys
    def show(v):
        if v is None: return 'null'
        if isinstance(v, bool): return str(v).lower()
        if isinstance(v, int): return 'i' + str(v)
        if isinstance(v, float): return 'f' + struct.pack('>d', v).hex()
        if isinstance(v, str): return 's' + v.encode().hex()
        if isinstance(v, tuple): return '{' + ','.join(show(k) + '=' + show(x) for k, x in v) + '}'
        return '[' + ','.join(show(x) for x in v) + ']'
    def load(text): return json.loads(text, object_pairs_hook=tuple)
    text = open(sys.argv[1], encoding='utf-8', newline='').read()

    """

  static func show(_ value: JSONOutput) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): String(value)
    case .integer(let value): "i\(value)"
    case .unsigned(let value): "i\(value)"
    case .decimal(let value):
      value.isFinite
        ? "f" + String(repeating: "0", count: value.bitPattern.leadingZeroBitCount / 4)
          + (value.bitPattern == 0 ? "" : String(value.bitPattern, radix: 16)) : "null"
    case .string(let value): "s" + hex(value)
    case .array(let values): "[" + values.map(show).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "s" + hex($0.key) + "=" + show($0.value) }.joined(separator: ",") + "}"
    }
  }

  static func randomJSON(depth: Int, using generator: inout SeededGenerator) -> JSONOutput {
    switch Int.random(in: 0...(depth > 0 ? 9 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(.random(in: Int.min...Int.max, using: &generator))
    case 3: return .unsigned(.random(in: 0...UInt64.max, using: &generator))
    case 4: return .decimal(randomDecimal(using: &generator))
    case 5:
      return .decimal(
        [0, -0.0, .infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude][generator.pick(6)])
    case 6: return .string(generator.awkwardText())
    case 7:
      return .array((0..<generator.pick(5)).map { _ in randomJSON(depth: depth - 1, using: &generator) })
    default:
      return .object(
        (0..<(1 + generator.pick(5))).map { index in
          .init(
            key: "\(index)" + generator.awkwardText(), value: randomJSON(depth: depth - 1, using: &generator))
        })
    }
  }

  @Test(.enabled(if: Python.isAvailable, Comment(rawValue: Python.missing)))
  func pythonReadsEveryJSONValueBack() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let value = JSONOutput.array(
      (0..<60).map { _ in Self.randomJSON(depth: 3, using: &generator) })
    for pretty in [false, true] {
      let read = try Python.run(Self.canonical + "print(show(load(text)))", on: value.text(pretty: pretty))
      #expect(read == Self.show(value) + "\n", "seed \(seed)")
    }
    #expect(!value.text(pretty: false).utf8.contains(0x0A), "seed \(seed)")
  }

  @Test(.enabled(if: Python.isAvailable, Comment(rawValue: Python.missing)))
  func pythonReadsNDJSONLineByLineAndTheArrayTheSame() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let document = Self.randomDocument(using: &generator)
    let lines = try Python.run(
      Self.canonical + #"print('[' + ','.join(show(load(l)) for l in text.split('\n')[:-1]) + ']')"#,
      on: document.render(.ndjson))
    let array = try Python.run(Self.canonical + "print(show(load(text)))", on: document.render(.json))
    #expect(lines == array, "seed \(seed)")
    #expect(lines.split(separator: "{").count == document.rows.count + 1, "seed \(seed)")
  }

  @Test func prettyJSONIsIndentedByTwo() {
    let value: JSONOutput = ["a": [1, [:], []], "b": nil, "c": true]
    #expect(
      value.text(pretty: true) == """
        {
          "a": [
            1,
            {},
            []
          ],
          "b": null,
          "c": true
        }
        """)
    #expect(value.text(pretty: false) == #"{"a":[1,{},[]],"b":null,"c":true}"#)
  }

  @Test func theFormulaGuardTouchesOnlyTextInCSV() {
    let row: [Cell] = [.text("=HYPERLINK(1)"), .text("+84 912"), .integer(-5), .decimal(-0.5)]
    #expect(RowWriter(columns: Self.columns, format: .csv).line(row) == "'=HYPERLINK(1),'+84 912,-5,-0.5\r\n")
    #expect(RowWriter(columns: Self.columns, format: .tsv).line(row) == "=HYPERLINK(1)\t+84 912\t-5\t-0.5\n")
    #expect(
      RowWriter(columns: Self.columns, format: .ndjson).line(row)
        == #"{"item":"=HYPERLINK(1)","note":"+84 912","count":-5,"rate":-0.5}"# + "\n")
  }

  /// A quotation mark and a combining mark are one Character to Swift and two to every CSV reader.
  @Test func aQuotationMarkHiddenUnderACombiningMarkIsEscaped() {
    let row: [Cell] = [.text("a\"\u{301}b"), .text("c\r\n")]
    let line = RowWriter(columns: Array(Self.columns.prefix(2)), format: .csv).line(row)
    #expect(hex(line) == hex("\"a\"\"\u{301}b\",\"c\r\n\"\r\n"))
  }

  @Test func shortRowsAreFilledAndListsAreArrays() {
    let row: [Cell] = [.list(["a", "b"]), .flag(true)]
    #expect(
      RowWriter(columns: Self.columns, format: .ndjson).line(row)
        == #"{"item":["a","b"],"note":true,"count":null,"rate":null}"# + "\n")
    #expect(RowWriter(columns: Self.columns, format: .csv).line(row) == "a; b,true,,\r\n")
  }
}

extension SeededGenerator {
  mutating func pick(_ count: Int) -> Int { .random(in: 0..<count, using: &self) }
}
