internal import DossierTracker
internal import Glibc
internal import Hummingbird
internal import NIOCore

/// A document that somebody sent, in a file that only this user can read and that is gone with the value.
final class Upload: Sendable {
  /// Generated here; nothing of it comes from whoever sent it.
  let path: String
  /// What he calls it; shown to him, never used as a path.
  let label: String
  let folder: String

  private init(path: String, folder: String, label: String) {
    self.path = path
    self.folder = folder
    self.label = label
  }

  deinit {
    unlink(path)
    rmdir(folder)
  }

  /// Where uploads of the station on this store lie, in the folder that only its user reads.
  static func place(data: String) -> String { data + "/station/uploads" }

  /// Takes away what a station that was killed has left: documents are full of personal data.
  static func clear(data: String) {
    let place = place(data: data)
    guard let entries = opendir(place) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix("upload-") else { continue }
      for ending in endings { unlink("\(place)/\(name)/document\(ending)") }
      rmdir("\(place)/\(name)")
    }
  }

  private static let endings = [".xml", ".xml.gz"]

  /// Opens an empty one.
  ///
  /// - Parameters:
  ///   - ending: `.xml` or `.xml.gz`.
  ///   - data: folder of the store.
  static func open(label: String, ending: String, data: String) throws -> (Upload, UploadFile) {
    for folder in [data + "/station", place(data: data)] {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw unwritable }
    }
    var template = Array((place(data: data) + "/upload-XXXXXXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw unwritable }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = folder + "/document" + ending
    let upload = Upload(path: path, folder: folder, label: plain(label))
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw unwritable }
    return (upload, UploadFile(descriptor: descriptor))
  }

  /// Writes a body to a file as it comes.
  ///
  /// - Throws: ``Problem`` 413 when it is longer than `limit`.
  static func receive(
    _ body: RequestBody, label: String, ending: String, limit: Int, data: String
  ) async throws -> Upload {
    let (upload, file) = try open(label: label, ending: ending, data: data)
    defer { file.close() }
    var size = 0
    for try await part in body {
      size += part.readableBytes
      guard size <= limit else { throw RequestGate.tooLarge }
      try file.write(part)
    }
    guard size > 0 else { throw Problem(.badRequest, Finding(.uploadWithoutFile)) }
    return upload
  }

  static var unwritable: Problem {
    var problem = Problem(
      .init(code: 507, reasonPhrase: "Insufficient Storage"), Finding(.storeUnwritable, path: "upload"))
    problem.retryAfter = 60
    return problem
  }

  /// One short line of visible characters.
  static func plain(_ label: String) -> String {
    let shown = label.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        "\u{FFFD}"
      default: scalar
      }
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: shown.prefix(120))
    return text.isEmpty ? "document" : text
  }
}

/// The writing side of an upload.
final class UploadFile {
  private var descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close() }

  func write(_ part: ByteBuffer) throws { try write(part.readableBytesView) }

  func write(_ bytes: some Collection<UInt8>) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw Upload.unwritable
      }
    }
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }
}
