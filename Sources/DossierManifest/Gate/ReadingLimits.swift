/// What a document may cost, decided before libxml2 sees a byte of it.
///
/// libxml2 alone takes 20 seconds for one megabyte of attributes and accepts texts of any size, so each limit here
/// stands for an attack that was seen to work. All sizes are in bytes of UTF-8 unless said otherwise.
public struct ReadingLimits: Hashable, Sendable {
  /// Bytes of the document as given, and also after decompression.
  public var byteCount: Int = 4 << 30
  /// Open elements.
  public var depth: Int = 64
  /// Attributes and namespace declarations of one element.
  public var attributes: Int = 64
  /// An element or attribute name, with its prefix.
  public var name: Int = 256
  /// One attribute value as written.
  public var attributeValue: Int = 64 << 10
  /// Characters between two tags, CDATA sections included.
  public var text: Int = 1 << 20
  /// All comments and processing instructions of the document together.
  public var comments: Int = 2 << 20
  /// Bytes that one byte of a compressed document may become; the first mebibyte is free.
  public var compressionRatio: Int = 100
  /// Findings of severity error before reading stops; as many warnings are kept.
  public var findings: Int = 1000

  public init() {}

  /// For documents that arrive over the network: 8 MiB.
  public static var upload: ReadingLimits {
    var limits = ReadingLimits()
    limits.byteCount = 8 << 20
    return limits
  }

  /// A tag with the most and longest attributes; more can only be white space.
  var tag: Int { attributes * (name + attributeValue + 16) }
}
