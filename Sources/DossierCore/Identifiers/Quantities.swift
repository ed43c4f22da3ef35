/// Reads non-negative whole numbers the way XSD does not: only digits, so neither `+5` nor `-0` nor ` 7 `, and never
/// more than the number may be. (`xs:nonNegativeInteger` lets all of these pass, and has no upper bound.)
public enum Count {
  /// - Parameter maximum: the greatest number allowed.
  public static func read(_ utf8: Span<UInt8>, maximum: Int) throws(ParseRefusal) -> Int {
    guard !utf8.isEmpty else { throw .length(found: 0, allowed: 1...19) }
    var value = 0
    for offset in utf8.indices {
      guard utf8[offset].isDigit else { throw .character(at: offset) }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = product.addingReportingOverflow(utf8[offset].digit)
      guard !tooLarge, !stillTooLarge, sum <= maximum else { throw .overflow(maximum: Int64(maximum)) }
      value = sum
    }
    return value
  }

  public static func parse(_ utf8: Span<UInt8>, maximum: Int = Int(Int32.max)) -> Result<Int, ParseRefusal> {
    do { return .success(try read(utf8, maximum: maximum)) } catch { return .failure(error) }
  }

  public static func parse(
    _ utf8: UnsafeRawBufferPointer, maximum: Int = Int(Int32.max)
  ) -> Result<Int, ParseRefusal> {
    parse(utf8.bindMemory(to: UInt8.self).span, maximum: maximum)
  }

  public static func parse(_ text: some StringProtocol, maximum: Int = Int(Int32.max)) -> Result<
    Int, ParseRefusal
  > {
    let whole = String(text)
    return parse(whole.utf8.span, maximum: maximum)
  }
}

/// An amount in Vietnamese dong, which has no smaller unit in use.
public struct Money: TextualValue, Comparable {
  public let dong: Int64

  /// - Parameter dong: `nil` is given back for a negative amount.
  public init?(dong: Int64) {
    guard dong >= 0 else { return nil }
    self.dong = dong
  }

  public static let zero = Money(unchecked: 0)

  private init(unchecked dong: Int64) { self.dong = dong }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> Money {
    Money(unchecked: Int64(try Count.read(utf8, maximum: .max)))
  }

  /// The sum; `nil` when it does not fit.
  public func adding(_ other: Money) -> Money? {
    let (sum, overflow) = dong.addingReportingOverflow(other.dong)
    return overflow ? nil : Money(unchecked: sum)
  }

  /// Digits only: `150000`.
  public var text: String { String(dong) }

  /// For people: `150.000 đ`.
  public var formatted: String {
    var groups: [String] = []
    var rest = dong
    while rest >= 1000 {
      groups.append(String(String(1000 + rest % 1000).dropFirst()))
      rest /= 1000
    }
    return ([String(rest)] + groups.reversed()).joined(separator: ".") + " đ"
  }

  public static func < (left: Money, right: Money) -> Bool { left.dong < right.dong }
}

/// A weight in whole grams.
public struct Weight: TextualValue, Comparable {
  public let grams: Int32

  /// - Parameter grams: `nil` is given back for a negative weight.
  public init?(grams: Int32) {
    guard grams >= 0 else { return nil }
    self.grams = grams
  }

  private init(unchecked grams: Int32) { self.grams = grams }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> Weight {
    Weight(unchecked: Int32(try Count.read(utf8, maximum: Int(Int32.max))))
  }

  /// Digits only: `1250`.
  public var text: String { String(grams) }

  public static func < (left: Weight, right: Weight) -> Bool { left.grams < right.grams }
}
