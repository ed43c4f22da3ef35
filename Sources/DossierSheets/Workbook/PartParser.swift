internal import CXMLReader
internal import DossierCore

/// What is made of one part of a workbook while it is read.
protocol PartHandler: AnyObject {
  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal)
  func end(_ element: PartWord) throws(SheetRefusal)
  /// A piece of a text, valid during the call.
  func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// The attributes of one start tag, valid while it is handled.
struct PartAttributes {
  fileprivate let all: UnsafeBufferPointer<xr_attribute>

  /// The bytes of an attribute; nil without one.
  func bytes(_ name: PartWord) -> UnsafeBufferPointer<UInt8>? {
    for attribute in all where PartWord(number: attribute.name) == name {
      return UnsafeBufferPointer(start: attribute.value, count: Int(attribute.length))
    }
    return nil
  }

  func text(_ name: PartWord) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

  func number(_ name: PartWord) -> Int? { text(name).flatMap { Int($0) } }
}

/// One part of a workbook on its way through libxml2.
///
/// Confined: one reader owns it, uses it synchronously and frees it; it is not Sendable.
final class PartParser {
  private let part: OpaquePointer
  private let context: UnsafeMutablePointer<Context>

  private struct Context {
    let handler: any PartHandler
    let part: OpaquePointer?
    var refusal: SheetRefusal?
  }

  init?(handler: any PartHandler) {
    context = .allocate(capacity: 1)
    var callbacks = xr_part_callbacks(
      start: { context, element, _, attributes, count in
        guard let word = PartWord(number: element) else { return }
        PartParser.perform(context) { (handler) throws(SheetRefusal) in
          try handler.start(
            word, PartAttributes(all: UnsafeBufferPointer(start: attributes, count: Int(count))))
        }
      },
      end: { context, element in
        guard let word = PartWord(number: element) else { return }
        PartParser.perform(context) { (handler) throws(SheetRefusal) in try handler.end(word) }
      },
      text: { context, bytes, count in
        context.assumingMemoryBound(to: Context.self).pointee.handler
          .text(UnsafeBufferPointer(start: bytes, count: Int(count)))
      })
    let created = xr_part_create(PartWord.cNames, Int32(PartWord.allCases.count), &callbacks, context)
    context.initialize(to: Context(handler: handler, part: created, refusal: nil))
    guard let created else {
      context.deinitialize(count: 1)
      context.deallocate()
      return nil
    }
    part = created
  }

  deinit {
    xr_part_free(part)
    context.deinitialize(count: 1)
    context.deallocate()
  }

  /// Calls the handler; its refusal ends the reading.
  private static func perform(
    _ pointer: UnsafeMutableRawPointer, _ body: (any PartHandler) throws(SheetRefusal) -> Void
  ) {
    let context = pointer.assumingMemoryBound(to: Context.self)
    do { try body(context.pointee.handler) } catch {
      context.pointee.refusal = error
      if let part = context.pointee.part { xr_part_stop(part) }
    }
  }

  /// Parses the next bytes.
  /// - Returns: false when reading on makes no sense.
  func push(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    xr_part_push(part, bytes.baseAddress, Int32(bytes.count), false)
  }

  /// Ends the part.
  /// - Throws: the handler's refusal, or what is wrong with the markup.
  func finish(file: String, name: String) throws(SheetRefusal) {
    _ = xr_part_push(part, nil, 0, true)
    if let refusal = context.pointee.refusal { throw refusal }
    let code: FindingCode
    switch xr_part_verdict(part) {
    case .sound: return
    case .forbidden: code = .sheetHostile
    default: code = .sheetDamaged
    }
    throw SheetRefusal(Finding(code, file: file, path: name, detail: "line \(xr_part_fault_line(part))"))
  }
}

extension xr_part_fault {
  fileprivate static let sound = XR_PART_SOUND
  fileprivate static let forbidden = XR_PART_FORBIDDEN
}
