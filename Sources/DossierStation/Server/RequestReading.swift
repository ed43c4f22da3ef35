internal import DossierTracker
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
  /// The whole body. Whoever reads before the last one puts it back.
  ///
  /// - Throws: ``Problem`` 413 when it is longer than `limit` bytes.
  func wholeBody(upTo limit: Int) async throws -> ByteBuffer {
    do { return try await body.collect(upTo: limit) } catch is NIOTooManyBytesError {
      throw RequestGate.tooLarge
    }
  }

  /// The members of the JSON object that is the body.
  ///
  /// - Throws: ``Problem`` 413 when it is longer than `limit` bytes, 400 when it is no JSON object.
  func members(upTo limit: Int) async throws -> [String: JSONInput] {
    let bytes = Array(try await wholeBody(upTo: limit).readableBytesView)
    guard case .object(let members) = try? JSONInput(bytes) else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
    return members
  }
}

extension StationContext {
  /// A part of the path, its percent encoding undone where it is one of UTF-8.
  func path(_ name: String) -> String {
    let text = parameters.get(name) ?? ""
    return text.removingPercentEncoding ?? text
  }
}
