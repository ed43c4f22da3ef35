/// The open elements of a document, outermost first.
///
/// Plain memory of one owner: the struct cannot be copied, `deinit` frees what `init` took, and each access is checked
/// against the count. An array would ask at every tag whether it is shared.
struct OpenElements: ~Copyable {
  struct Element {
    var word: Word?
    var line: Int
  }

  private var start: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  var last: Element? { count > 0 ? start[count - 1] : nil }

  var lastButOne: Element? { count > 1 ? start[count - 2] : nil }

  subscript(position: Int) -> Element {
    precondition(position >= 0 && position < count)
    return start[position]
  }

  mutating func push(_ word: Word?, line: Int) {
    if count == capacity { grow() }
    (start + count).initialize(to: Element(word: word, line: line))
    count += 1
  }

  /// Takes the innermost element off, if there is one.
  mutating func pop() {
    if count > 0 { count -= 1 }
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: start, count: count)
    start.deallocate()
    start = larger
    capacity *= 2
  }
}
