internal import CLibZip
internal import DossierCore

/// The zip archive of a workbook, in memory.
///
/// Confined: one reader owns it and uses it synchronously; it is not Sendable. Everything a name or a size may do to a
/// reader is refused when it is opened; what is inflated is counted as it comes, because declared sizes lie.
final class PartArchive {
  private let archive: OpaquePointer
  private let memory: UnsafeMutableRawBufferPointer
  private let file: String
  private let limits: SheetLimits
  private var inflated = 0
  private static let pieceBytes = 1 << 16
  /// Position in the archive by name in lower case: names of parts are compared without case (ECMA-376 part 2, 6.3.5).
  private let positions: [String: UInt64]

  init(_ bytes: [UInt8], file: String, limits: SheetLimits) throws(SheetRefusal) {
    memory = .allocate(byteCount: bytes.count, alignment: 16)
    memory.copyBytes(from: bytes)
    guard let archive = Self.open(memory) else {
      memory.deallocate()
      throw SheetRefusal(Finding(.sheetDamaged, file: file, detail: "zip"))
    }
    self.archive = archive
    self.file = file
    self.limits = limits
    do { positions = try Self.directory(archive, file: file, limits: limits) } catch {
      zip_discard(archive)
      memory.deallocate()
      throw error
    }
  }

  deinit {
    zip_discard(archive)
    memory.deallocate()
  }

  private static func open(_ memory: UnsafeMutableRawBufferPointer) -> OpaquePointer? {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_buffer_create(memory.baseAddress, zip_uint64_t(memory.count), 0, &error)
    else { return nil }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      return nil
    }
    return archive
  }

  /// Checks every entry and gives the positions of the parts.
  private static func directory(
    _ archive: OpaquePointer, file: String, limits: SheetLimits
  ) throws(SheetRefusal) -> [String: UInt64] {
    let count = Int(zip_get_num_entries(archive, 0))
    guard count <= limits.parts else {
      throw .tooLarge("parts", found: count, limit: limits.parts, file: file)
    }
    var positions: [String: UInt64] = [:]
    for position in 0..<UInt64(max(count, 0)) {
      var entry = zip_stat_t()
      let wanted = zip_uint64_t(ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_ENCRYPTION_METHOD)
      guard zip_stat_index(archive, position, 0, &entry) == 0, entry.valid & wanted == wanted,
        let name = entry.name.map({ String(cString: $0) })
      else { throw SheetRefusal(Finding(.sheetDamaged, file: file, detail: "zip")) }
      guard entry.encryption_method == UInt16(ZIP_EM_NONE) else {
        throw SheetRefusal(Finding(.sheetProtected, file: file))
      }
      // The name itself is not quoted: it may be anything.
      guard isHarmless(name), positions.updateValue(position, forKey: name.lowercased()) == nil else {
        throw SheetRefusal(Finding(.sheetHostile, file: file, detail: "zip: entry \(position + 1)"))
      }
    }
    return positions
  }

  /// No path that leaves its folder, none that is absolute, no other separator, nothing but printable characters.
  private static func isHarmless(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 1_024, !name.hasPrefix("/") else { return false }
    guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: ":") }) else {
      return false
    }
    return !name.split(separator: "/").contains { $0 == ".." || $0 == "." }
  }

  func holds(_ name: String) -> Bool { positions[name.lowercased()] != nil }

  /// Whether an entry's name begins so.
  func holds(prefix: String) -> Bool { positions.keys.contains { $0.hasPrefix(prefix) } }

  /// Parses one part.
  func read(_ name: String, into handler: any PartHandler) throws(SheetRefusal) {
    guard let position = positions[name.lowercased()] else {
      throw SheetRefusal(Finding(.sheetDamaged, file: file, path: name))
    }
    guard let parser = PartParser(handler: handler), let part = zip_fopen_index(archive, position, 0) else {
      throw SheetRefusal(Finding(.sheetDamaged, file: file, path: name, detail: "zip"))
    }
    defer { zip_fclose(part) }
    var entry = zip_stat_t()
    zip_stat_index(archive, position, 0, &entry)
    let packed = min(Int(clamping: entry.comp_size), memory.count)
    let allowed = max(1 << 20, packed * limits.inflationRatio)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.pieceBytes)
    defer { buffer.deallocate() }
    var size = 0
    while true {
      let count = Int(zip_fread(part, buffer, zip_uint64_t(Self.pieceBytes)))
      guard count >= 0 else {
        throw SheetRefusal(Finding(.sheetDamaged, file: file, path: name, detail: "zip"))
      }
      guard count > 0 else { break }
      size += count
      inflated += count
      guard inflated <= limits.inflatedBytes else {
        throw .tooLarge("inflated bytes", found: inflated, limit: limits.inflatedBytes, file: file)
      }
      guard size <= allowed else {
        throw SheetRefusal(Finding(.sheetHostile, file: file, path: name, detail: "inflation ratio"))
      }
      guard parser.push(UnsafeBufferPointer(start: buffer, count: count)) else { break }
    }
    try parser.finish(file: file, name: name)
  }
}
