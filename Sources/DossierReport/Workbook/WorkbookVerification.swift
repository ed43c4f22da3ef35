internal import CZlib

/// Looks through a finished workbook for what libxlsxwriter does not notice: it writes the parts to temporary files
/// without asking whether they were written, so that on a full disk a workbook comes out that lacks rows and opens well.
///
/// Every part is unpacked once: it must end with the end tag of its root, and the sheets together must have exactly the
/// cells, the shared texts exactly the texts, that were written.
struct WorkbookVerification {
  let bytes: [UInt8]
  /// Cells of all sheets.
  let cellCount: Int
  /// Shared texts.
  let textCount: Int

  /// What is wrong, nil when everything is there.
  func fault() -> String? {
    var cells = 0
    var texts = 0
    guard let parts = parts() else { return "directory" }
    for part in parts {
      let isSheet = part.name.hasPrefix("xl/worksheets/sheet")
      var scan = MarkupScan(element: isSheet ? "c" : "si")
      guard unpack(part, into: &scan), scan.isWhole else { return part.name }
      if isSheet { cells += scan.count }
      if part.name == "xl/sharedStrings.xml" { texts = scan.count }
    }
    guard cells == cellCount else { return "\(cells) of \(cellCount) cells" }
    return texts == textCount ? nil : "\(texts) of \(textCount) texts"
  }

  private struct Part {
    var name: String
    var isPacked: Bool
    var checksum: UInt32
    var packedBytes: Int
    var start: Int
  }

  private func number(_ offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset + count <= bytes.count else { return nil }
    return (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
  }

  /// The directory at the end of a zip archive without a comment (APPNOTE 4.3).
  private func parts() -> [Part]? {
    let end = bytes.count - 22
    guard number(end, bytes: 4) == 0x0605_4B50, let count = number(end + 10, bytes: 2),
      var entry = number(end + 16, bytes: 4)
    else { return nil }
    var parts: [Part] = []
    for _ in 0..<count {
      guard number(entry, bytes: 4) == 0x0201_4B50, let method = number(entry + 10, bytes: 2),
        let checksum = number(entry + 16, bytes: 4), let packed = number(entry + 20, bytes: 4),
        let nameLength = number(entry + 28, bytes: 2), let extra = number(entry + 30, bytes: 2),
        let comment = number(entry + 32, bytes: 2), let header = number(entry + 42, bytes: 4),
        entry + 46 + nameLength <= bytes.count, number(header, bytes: 4) == 0x0403_4B50,
        let localName = number(header + 26, bytes: 2), let localExtra = number(header + 28, bytes: 2)
      else { return nil }
      let start = header + 30 + localName + localExtra
      guard start + packed <= bytes.count else { return nil }
      parts.append(
        Part(
          name: String(decoding: bytes[(entry + 46)..<(entry + 46 + nameLength)], as: UTF8.self),
          isPacked: method == 8, checksum: UInt32(checksum), packedBytes: packed, start: start))
      entry += 46 + nameLength + extra + comment
    }
    return parts
  }

  /// - Returns: whether the part could be unpacked and has its checksum.
  private func unpack(_ part: Part, into scan: inout MarkupScan) -> Bool {
    bytes.withUnsafeBufferPointer { all in
      let packed = UnsafeBufferPointer(rebasing: all[part.start..<(part.start + part.packedBytes)])
      guard part.isPacked else {
        scan.read(packed)
        return crc32(0, packed.baseAddress, uInt(packed.count)) == uLong(part.checksum)
      }
      var stream = z_stream()
      guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return false
      }
      defer { inflateEnd(&stream) }
      stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
      stream.avail_in = uInt(packed.count)
      let room = 1 << 16
      let target = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
      defer { target.deallocate() }
      var checksum = crc32(0, nil, 0)
      while true {
        stream.next_out = target
        stream.avail_out = uInt(room)
        let status = inflate(&stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END else { return false }
        let count = room - Int(stream.avail_out)
        checksum = crc32(checksum, target, uInt(count))
        scan.read(UnsafeBufferPointer(start: target, count: count))
        if status == Z_STREAM_END { return checksum == uLong(part.checksum) }
        if count == 0 { return false }
      }
    }
  }
}

/// Counts the start tags of one element in markup that comes in pieces, and sees whether the root is closed at its end.
private struct MarkupScan {
  private let element: [UInt8]
  private(set) var count = 0
  /// Bytes of the tag at hand, as far as they matter; nil between tags.
  private var tag: [UInt8]?
  private var depth = 0
  private var hasRoot = false
  private var last: UInt8 = 0

  init(element: String) { self.element = Array(element.utf8) }

  /// Whether the root has come and is closed, with nothing begun after it.
  var isWhole: Bool { hasRoot && depth == 0 && tag == nil }

  /// libxlsxwriter writes neither comments nor CDATA, and escapes `>` in values and texts.
  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    var position = 0
    while position < bytes.count {
      if tag == nil {
        guard let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) else { return }
        position = open + 1
        tag = []
        last = 0
      }
      guard position < bytes.count else { return }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: ">") {
        close()
      } else {
        if let size = tag?.count, size < 8 { tag?.append(byte) }
        last = byte
      }
    }
  }

  private mutating func close() {
    let begin = tag ?? []
    tag = nil
    if begin.first == UInt8(ascii: "?") { return }
    if begin.first == UInt8(ascii: "/") {
      depth -= 1
      return
    }
    hasRoot = true
    if last != UInt8(ascii: "/") { depth += 1 }
    guard begin.starts(with: element) else { return }
    let isNamed = begin.count == element.count || [0x20, 0x2F].contains(begin[element.count])
    if isNamed { count += 1 }
  }
}
