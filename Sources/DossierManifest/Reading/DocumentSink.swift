public import DossierCore

/// An event of a feed and the line of its start tag.
public struct LocatedEvent: Hashable, Sendable {
  public var draft: EventDraft
  public var line: Int

  public init(draft: EventDraft, line: Int) {
    self.draft = draft
    self.line = line
  }
}

/// What takes a document while it is read.
///
/// Calls come on the reader's thread, between pieces of the document: `original` for each piece, then what that piece
/// completed, the header before any batch. A method that throws ends the reading, and the error comes out of
/// ``ManifestReader/read(_:name:into:)``.
///
/// Nothing is final before the reader has returned a result that is `isValid`. Batches go on coming after an error, so
/// that rules of the store can report as well; they hold only items and dossiers whose own numbers could be read.
public protocol DocumentSink: AnyObject {
  /// The next bytes of the document as given, valid during the call.
  func original(_ bytes: UnsafeRawBufferPointer) throws
  /// All that stands before the first item. Not called when the header could not be read.
  func header(_ header: ManifestHeader) throws
  /// The next items. Give the batch back with ``recycledBatch()`` to save memory.
  func batch(_ batch: consuming ManifestBatch) throws
  /// The next events of a feed.
  func events(_ events: [LocatedEvent]) throws
  /// An empty batch with memory from before; nil for a new one.
  func recycledBatch() -> ManifestBatch?
}

extension DocumentSink {
  public func original(_ bytes: UnsafeRawBufferPointer) throws {}
  public func recycledBatch() -> ManifestBatch? { nil }
}
