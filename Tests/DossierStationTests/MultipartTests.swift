import Testing

@testable import DossierStation

@Suite struct MultipartTests {
  private static let type = "multipart/form-data; boundary=\"xYz\""

  private func read(_ text: String, piece: Int) throws -> [String] {
    var reader = try #require(MultipartReader(contentType: Self.type))
    var found: [String] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try reader.read(bytes[start..<min(start + piece, bytes.count)]) { event in
        switch event {
        case .begin(let part): found.append("\(part.name)|\(part.fileName ?? "-")|")
        case .bytes(let bytes): found[found.count - 1] += String(decoding: bytes, as: UTF8.self)
        case .end: found[found.count - 1] += "|"
        }
      }
    }
    try reader.finish()
    return found
  }

  @Test(arguments: [1, 2, 3, 7, 64, 10_000])
  func partsComeOutWhole(piece: Int) throws {
    let text =
      "before\r\n--xYz\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--xYz\r\n"
      + "content-disposition: form-data; name=\"files\"; filename=\"a; b.xml\"\r\nContent-Type: text/xml\r\n\r\n"
      + "<a>\r\n--xY\r\n-</a>\r\n--xYz\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--xYz--\r\nafter"
    #expect(
      try read(text, piece: piece) == [
        "csrf|-|abc|", "files|a; b.xml|<a>\r\n--xY\r\n-</a>|", "empty||" + "|",
      ])
  }

  @Test(arguments: [
    "", "--xYz", "--xYz\r\n", "--xYz\r\nX: y\r\n\r\nabc\r\n--xYz--",
    "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc", "--xYzjunk",
    "--xYz\r\n" + String(repeating: "A: b\r\n", count: 2_000),
  ])
  func whatIsNoFormIsRefused(text: String) {
    #expect(throws: Problem.self) { try read(text, piece: 5) }
  }

  @Test func aBoundaryIsNeeded() {
    #expect(MultipartReader(contentType: "multipart/form-data") == nil)
    #expect(
      MultipartReader(contentType: "multipart/form-data; boundary=" + String(repeating: "x", count: 71))
        == nil)
  }
}
