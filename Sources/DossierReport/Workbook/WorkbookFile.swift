internal import CXLSXWriter
internal import Glibc

/// One workbook that is being written by libxlsxwriter, in a folder of its own that goes with it.
///
/// Confined: one renderer owns it and uses it synchronously; it is not Sendable. libxlsxwriter knows files only, so the
/// workbook is written to a private temporary folder and read back; its own temporary files lie there as well.
final class WorkbookFile {
  private let folder: String
  private let path: String
  private var workbook: UnsafeMutablePointer<lxw_workbook>?
  private var formats: [CellLook: UnsafeMutablePointer<lxw_format>] = [:]
  private let locale: locale_t?
  private let previousLocale: locale_t?
  /// Whether rows leave memory as soon as the next one begins: then every sheet is written from top to bottom.
  let writesRowsOnce: Bool
  /// Cells written so far, to be found again in the file.
  var cellCount = 0

  init(writesRowsOnce: Bool) throws {
    self.writesRowsOnce = writesRowsOnce
    folder = try Self.makeFolder()
    path = folder + "/report.xlsx"
    // Numbers are printed with the decimal point of the thread's locale; the file wants a point whatever the host set.
    locale = newlocale(1 << LC_NUMERIC, "C", nil)
    previousLocale = locale.flatMap { uselocale($0) }
    var options = lxw_workbook_options()
    options.constant_memory = writesRowsOnce ? 1 : 0
    workbook = folder.withCString { temporary in
      options.tmpdir = UnsafeMutablePointer(mutating: temporary)
      return workbook_new_opt(path, &options)
    }
    guard let workbook else { throw RenderingRefusal.workbook("no memory") }
    // The first format is that of cells without one. Columns are measured by its digits, and this face has the same
    // measures in every program (Liberation Serif stands in for it), the library's own choice has not.
    if let usual = workbook.pointee.formats.pointee.stqh_first {
      format_set_font_name(usual, CellLook.face)
      format_set_font_size(usual, 12)
    }
  }

  deinit {
    if let workbook { lxw_workbook_free(workbook) }
    unlink(path)
    rmdir(folder)
    if let previousLocale { uselocale(previousLocale) }
    if let locale { freelocale(locale) }
  }

  private static func makeFolder() throws -> String {
    var parents = ["/var/tmp", "/tmp"]
    if let chosen = getenv("TMPDIR") { parents.insert(String(cString: chosen), at: 0) }
    for parent in parents {
      var template = Array("\(parent)/dossier-workbook-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { continue }  // with mode 0700
      return template.withUnsafeBufferPointer {
        String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
    throw RenderingRefusal.workbook("no temporary folder")
  }

  // MARK: What a workbook is made of

  /// - Parameters:
  ///   - title: shown by file managers.
  ///   - created: seconds since 1970; the file's time of making, which would be the clock's if it were not given.
  func describe(title: String, created: Int) throws {
    var properties = lxw_doc_properties()
    properties.created = created
    let result = SheetText.clean(title).withCString { title in
      properties.title = UnsafeMutablePointer(mutating: title)
      return workbook_set_properties(workbook, &properties)
    }
    try Self.check(result)
  }

  /// A new sheet behind the others. The name must be good and new, see ``SheetNames``.
  func addSheet(_ name: String) throws -> WorkbookSheet {
    guard let sheet = workbook_add_worksheet(workbook, name) else {
      throw RenderingRefusal.workbook("sheet name")
    }
    return WorkbookSheet(name: name, sheet: sheet, file: self)
  }

  func addChart(_ type: lxw_chart_type) throws -> UnsafeMutablePointer<lxw_chart> {
    guard let chart = workbook_add_chart(workbook, UInt8(type.rawValue)) else {
      throw RenderingRefusal.workbook("no memory")
    }
    return chart
  }

  func format(_ look: CellLook) throws -> UnsafeMutablePointer<lxw_format> {
    if let format = formats[look] { return format }
    guard let format = workbook_add_format(workbook) else { throw RenderingRefusal.workbook("no memory") }
    look.apply(to: format)
    formats[look] = format
    return format
  }

  // MARK: The end

  /// Puts the file together.
  /// - Returns: its bytes.
  func finish() throws -> [UInt8] {
    guard let workbook else { throw RenderingRefusal.workbook("closed") }
    self.workbook = nil  // closing frees it, whatever comes of it
    let textCount = Int(workbook.pointee.sst.pointee.unique_count)
    try Self.check(workbook_close(workbook))
    let bytes = try content()
    if let fault = WorkbookVerification(bytes: bytes, cellCount: cellCount, textCount: textCount).fault() {
      throw RenderingRefusal.workbook("incomplete: \(fault)")
    }
    return bytes
  }

  private func content() throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RenderingRefusal.workbook("temporary file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else {
      throw RenderingRefusal.workbook("temporary file")
    }
    let size = Int(status.st_size)
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got > 0 { count += got } else if got == 0 || errno != EINTR { break }
      }
      guard count == size else { throw RenderingRefusal.workbook("temporary file") }
    }
  }

  static func check(_ result: lxw_error) throws {
    guard result != LXW_NO_ERROR else { return }
    throw RenderingRefusal.workbook(lxw_strerror(result).map { String(cString: $0) } ?? "\(result.rawValue)")
  }
}

/// How a cell looks. Equal looks are one format of the file.
struct CellLook: Hashable {
  struct Borders: OptionSet, Hashable {
    let rawValue: UInt8
    static let top = Borders(rawValue: 1)
    static let bottom = Borders(rawValue: 2)
    static let sides = Borders(rawValue: 4)
    static let heavyTop = Borders(rawValue: 8)
    static let box: Borders = [.top, .bottom, .sides]
  }

  enum Side: Hashable { case left, centre, right }

  var size: Double = 12
  var isBold = false
  var isItalic = false
  var side = Side.left
  var wraps = false
  var isTop = false
  var borders: Borders = []
  var isShaded = false
  /// Nil: as the program likes.
  var numberFormat: String?

  /// The face of administrative documents (Nghị định 30/2020/NĐ-CP, annex I).
  static let face = "Times New Roman"

  fileprivate func apply(to format: UnsafeMutablePointer<lxw_format>) {
    format_set_font_name(format, Self.face)
    format_set_font_size(format, size)
    if isBold { format_set_bold(format) }
    if isItalic { format_set_italic(format) }
    let alignment =
      switch side {
      case .left: LXW_ALIGN_LEFT
      case .centre: LXW_ALIGN_CENTER
      case .right: LXW_ALIGN_RIGHT
      }
    format_set_align(format, UInt8(alignment.rawValue))
    format_set_align(format, UInt8((isTop ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER).rawValue))
    if wraps { format_set_text_wrap(format) }
    let thin = UInt8(LXW_BORDER_THIN.rawValue)
    if borders.contains(.top) { format_set_top(format, thin) }
    if borders.contains(.heavyTop) { format_set_top(format, UInt8(LXW_BORDER_MEDIUM.rawValue)) }
    if borders.contains(.bottom) { format_set_bottom(format, thin) }
    if borders.contains(.sides) {
      format_set_left(format, thin)
      format_set_right(format, thin)
    }
    if isShaded { format_set_bg_color(format, 0xF2F2F2) }
    if let numberFormat { format_set_num_format(format, numberFormat) }
  }
}
