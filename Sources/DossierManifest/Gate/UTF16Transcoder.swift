/// Turns a stream of UTF-16 into UTF-8, strictly: no lone surrogate, no odd byte.
struct UTF16Transcoder {
  private let isBigEndian: Bool
  /// The first byte of a unit whose second one has not come yet.
  private var half: UInt8?
  /// A high surrogate that waits for its low one.
  private var high: UInt32?

  init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  /// Whether the stream may end here.
  var isBetweenCharacters: Bool { half == nil && high == nil }

  /// Appends the UTF-8 of `bytes` to `output`.
  /// - Returns: false at the first lone surrogate; what stood before it has been appended.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) -> Bool {
    output.reserveCapacity(output.count + bytes.count * 3 / 2 + 4)
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
      switch (high, unit) {
      case (nil, 0xD800...0xDBFF):
        high = unit
      case (nil, 0xDC00...0xDFFF), (.some, 0x0000...0xDBFF), (.some, 0xE000...0xFFFF):
        return false
      case (let lead?, _):
        high = nil
        Self.append(0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00), to: &output)
      case (nil, _):
        Self.append(unit, to: &output)
      }
    }
    return true
  }

  private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift & 0x3F)) }
    switch scalar {
    case 0..<0x80:
      output.append(UInt8(scalar))
    case 0x80..<0x800:
      output.append(UInt8(0xC0 | scalar >> 6))
      output.append(continuation(0))
    case 0x800..<0x10000:
      output.append(UInt8(0xE0 | scalar >> 12))
      output.append(continuation(6))
      output.append(continuation(0))
    default:
      output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      output.append(continuation(12))
      output.append(continuation(6))
      output.append(continuation(0))
    }
  }
}
