import Foundation
import FoundationXML
import Testing

/// A document of markup as a strict reader of XML sees it.
final class MarkupTree: NSObject, XMLParserDelegate {
  final class Element {
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    /// All text in it, in order.
    var text = ""

    init(name: String, attributes: [String: String]) {
      self.name = name
      self.attributes = attributes
    }

    var descendants: [Element] { children.flatMap { [$0] + $0.descendants } }

    func all(_ name: String) -> [Element] { descendants.filter { $0.name == name } }
  }

  private var open: [Element] = [Element(name: "", attributes: [:])]
  private var problem: (any Error)?

  /// - Throws: when the text is not well-formed.
  static func read(_ text: String) throws -> Element {
    let tree = MarkupTree()
    // The reader wants an encoding and one root; a document type without declarations says nothing.
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldResolveExternalEntities = false
    parser.delegate = tree
    guard parser.parse(), tree.problem == nil else {
      throw Failure(text: "line \(parser.lineNumber): \(String(describing: parser.parserError))")
    }
    return tree.open[0]
  }

  struct Failure: Error { let text: String }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    let element = Element(name: name, attributes: attributes)
    open.last?.children.append(element)
    open.append(element)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for element in open { element.text += text }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { problem = error }
}

/// Other programs as readers of what we write.
enum Tool {
  struct Failure: Error {
    let status: Int32
    let talk: String
  }

  /// - Returns: what it wrote to standard output.
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus, talk: text)
    }
    return text
  }
}

/// A folder that is gone after the test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func program(_ name: String, _ script: String) throws {
    let file = try write(Array("#!/bin/sh\n\(script)\n".utf8), name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
  }
}
