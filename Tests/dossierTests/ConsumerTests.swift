import Foundation
import Testing

/// The example of the README is the program of a package that depends on ours. That it builds, runs and prints what it
/// should is checked by Tests/Scripts/consumer.sh, since `swift test` holds the lock of the build folder.
@Suite struct ConsumerTests {
  @Test func theExampleOfTheReadmeIsTheConsumersProgram() throws {
    let readme = try Self.bytes("README.md")
    let program = try Self.bytes("Tests/Consumer/Sources/Consumer/main.swift")
    let example = try #require(Self.block(after: "<!-- Tests/Consumer -->\n```swift\n", in: readme))
    #expect(example == program, "README.md and Tests/Consumer/Sources/Consumer/main.swift differ")
  }

  @Test func theBlockEndsWhereItsFenceEnds() {
    let text = Array("a\n<!-- x -->\n```swift\nlet a = 1\n```\nb\n```swift\nlet b = 2\n```\n".utf8)
    #expect(Self.block(after: "<!-- x -->\n```swift\n", in: text) == Array("let a = 1\n".utf8))
    #expect(Self.block(after: "<!-- y -->\n```swift\n", in: text) == nil)
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: SourceTree.root + "/" + path)))
  }

  /// The lines from the end of `opening` to the closing fence; nil when one of them is not there.
  private static func block(after opening: String, in text: [UInt8]) -> [UInt8]? {
    guard let start = text.firstRange(of: Array(opening.utf8))?.upperBound,
      let end = text[start...].firstRange(of: Array("\n```\n".utf8))?.lowerBound
    else { return nil }
    return Array(text[start...end])
  }
}
