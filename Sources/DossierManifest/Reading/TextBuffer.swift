/// The text of one element while it comes in pieces: plain memory, because it is filled and emptied for every element.
///
/// Whoever makes one frees it.
struct TextBuffer {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0

  init() {
    capacity = 4096
    start = .allocate(capacity: capacity)
  }

  func deallocate() { start.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  mutating func removeAll() { count = 0 }

  mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
    guard let source = piece.baseAddress else { return }
    if count + piece.count > capacity { grow(to: count + piece.count) }
    (start + count).update(from: source, count: piece.count)
    count += piece.count
  }

  private mutating func grow(to needed: Int) {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: needed * 2)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
    capacity = needed * 2
  }
}
