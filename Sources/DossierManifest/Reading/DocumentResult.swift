public import CustodyLog
public import DossierCore

/// What a document is; its root element's namespace decides.
public enum DocumentKind: Int, Hashable, Sendable, CaseIterable {
  /// `urn:postal-dossier:manifest:1`
  case manifest = 0
  /// `urn:postal-dossier:events:1`
  case events = 1
}

/// What reading a document came to.
public struct DocumentResult: Hashable, Sendable {
  /// nil when the root element was not reached or is unknown.
  public var kind: DocumentKind?
  /// Whether the document may be recorded: read to its end and without a finding of severity error.
  public var isValid: Bool
  /// SHA-256 of the bytes as given (of the `.gz` file, not of what was in it); nil when reading stopped early.
  public var sha256: Digest?
  /// Bytes as given, as far as they were read.
  public var byteCount: Int
  public var items: Int
  public var dossiers: Int
  public var events: Int
  /// Grams of all items that state a weight.
  public var weight: Int
  /// Items that state no weight.
  public var itemsWithoutWeight: Int
  /// All findings in order of their lines.
  public var findings: [Finding]
}
