import DossierCore
import Testing

@Suite struct QuantityTests {
  @Test(arguments: ["+5", "-0", "-1", " 7 ", "7 ", "1.5", "1e3", "", "٣", "0x1F", "１", "1_000"])
  func refusesWhatXSDLetsPass(_ text: String) {
    #expect(Money(text) == nil)
    #expect(Weight(text) == nil)
    #expect((try? Count.parse(text).get()) == nil)
  }

  @Test func refusesOverflow() {
    #expect(Money("9223372036854775807")?.dong == .max)
    #expect(refusal(Money.self, "9223372036854775808") == .overflow(maximum: .max))
    #expect(refusal(Money.self, "99999999999999999999") == .overflow(maximum: .max))
    #expect(Weight("2147483647")?.grams == .max)
    #expect(refusal(Weight.self, "2147483648") == .overflow(maximum: 2_147_483_647))
    #expect(Count.parse("50", maximum: 50) == .success(50))
    #expect(Count.parse("51", maximum: 50) == .failure(.overflow(maximum: 50)))
    #expect(Count.parse("4x", maximum: 50) == .failure(.character(at: 1)))
  }

  @Test func negativeAmountsDoNotExist() {
    #expect(Money(dong: -1) == nil)
    #expect(Weight(grams: -1) == nil)
    #expect(Money(dong: .max)?.adding(Money.zero)?.dong == .max)
    #expect(Money(dong: 1).flatMap { Money(dong: .max)?.adding($0) } == nil)
  }

  @Test(
    arguments: [
      (0, "0 đ"), (999, "999 đ"), (1000, "1.000 đ"), (150_000, "150.000 đ"), (1_002_003, "1.002.003 đ"),
      (Int64.max, "9.223.372.036.854.775.807 đ"),
    ] as [(Int64, String)])
  func writesMoneyForPeople(_ dong: Int64, _ text: String) {
    #expect(Money(dong: dong)?.formatted.bytes == text.bytes)
  }
}
