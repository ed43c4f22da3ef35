import CXMLReader

/// One document on its way through libxml2, validated while it is read.
///
/// Confined: one reader owns it, uses it synchronously and frees it; it is not Sendable. The handler lives at a fixed
/// address because C calls back into it through a pointer, without reference counting and without exclusivity checks:
/// it is touched only inside `push` (by the callbacks, one at a time, on the calling thread) and between pushes (by the
/// owner), never both.
final class XMLPushParser {
  private let parser: OpaquePointer
  let handler: UnsafeMutablePointer<DocumentHandler>

  /// - Parameters:
  ///   - isTranscoded: the bytes are UTF-8 whatever the XML declaration says.
  ///   - readsPlainly: whether plain entries are read without libxml2; what comes out does not depend on it.
  init?(
    schemas: DocumentSchemas, handler initial: consuming DocumentHandler, isTranscoded: Bool,
    readsPlainly: Bool
  ) {
    handler = .allocate(capacity: 1)
    handler.initialize(to: initial)
    var callbacks = xr_callbacks(
      start: { context, element, line, attributes, count in
        XMLPushParser.handler(context).pointee.start(
          Word(number: element), line: Int(line),
          Attributes(UnsafeBufferPointer(start: attributes, count: Int(count))))
      },
      end: { context, element, text, count in
        XMLPushParser.handler(context).pointee.end(
          Word(number: element), UnsafeRawBufferPointer(start: text, count: Int(count)))
      },
      error: { context, error in XMLPushParser.handler(context).pointee.error(error.pointee) })
    guard
      let created = xr_parser_create(
        schemas.vocabularies, schemas.count, Word.cNames, Int32(Word.allCases.count), isTranscoded,
        readsPlainly, &callbacks, handler)
    else {
      handler.deinitialize(count: 1)
      handler.deallocate()
      return nil
    }
    parser = created
  }

  deinit {
    xr_parser_free(parser)
    handler.deinitialize(count: 1)
    handler.deallocate()
  }

  private static func handler(_ context: UnsafeMutableRawPointer) -> UnsafeMutablePointer<DocumentHandler> {
    context.assumingMemoryBound(to: DocumentHandler.self)
  }

  /// Parses the next bytes.
  /// - Returns: false when reading on makes no sense.
  func push(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = bytes
    while rest.count > Self.greatestPush {
      let first = UnsafeBufferPointer(rebasing: rest.prefix(Self.greatestPush))
      guard xr_parser_push(parser, first.baseAddress, Int32(first.count), false) else { return false }
      rest = UnsafeBufferPointer(rebasing: rest.dropFirst(Self.greatestPush))
    }
    return xr_parser_push(parser, rest.baseAddress, Int32(rest.count), false)
  }

  /// Ends the document.
  func finish() { _ = xr_parser_push(parser, nil, 0, true) }

  /// After the first error of well-formedness libxml2 still walks to the end of what it was given.
  private static let greatestPush = 1 << 20

  /// Position of the root's namespace among the vocabularies; nil before the root, and for any other namespace.
  var vocabulary: Int? {
    let index = xr_parser_vocabulary(parser)
    return index < 0 ? nil : Int(index)
  }

  /// Whether the root element has come and belongs to none of the vocabularies.
  var hasUnknownRoot: Bool { xr_parser_vocabulary(parser) == -2 }

  /// The root's namespace when it is unknown; empty when it has none.
  var unknownNamespace: String {
    xr_parser_unknown_namespace(parser).map { String(cString: $0) } ?? ""
  }

  var rootLine: Int { Int(xr_parser_root_line(parser)) }

  /// How many entries were read without libxml2.
  var plainEntries: Int { Int(xr_parser_plain_entries(parser)) }

  /// Whether libxml2 stopped at an error of well-formedness.
  var isBroken: Bool { !xr_parser_is_well_formed(parser) }

  /// Read to the end, well-formed, valid, without an error on any channel.
  var isAccepted: Bool { xr_parser_accepts(parser) }
}

/// The attributes of one start tag, valid while it is handled.
struct Attributes {
  private let all: UnsafeBufferPointer<xr_attribute>

  init(_ all: UnsafeBufferPointer<xr_attribute>) { self.all = all }

  var count: Int { all.count }

  /// Name (nil when unknown) and value as bytes of UTF-8.
  @inline(__always)
  subscript(index: Int) -> (name: Word?, value: UnsafeRawBufferPointer) {
    let attribute = all[index]
    return (
      Word(number: attribute.name),
      UnsafeRawBufferPointer(start: attribute.value, count: Int(attribute.length))
    )
  }
}
