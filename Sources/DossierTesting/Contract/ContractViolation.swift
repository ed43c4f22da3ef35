/// A store does not keep its contract: one sentence that says how.
public struct ContractViolation: Error, Hashable, Sendable, CustomStringConvertible {
  public var sentence: String

  public init(_ sentence: String) { self.sentence = sentence }

  public var description: String { sentence }
}

/// - Throws: ``ContractViolation`` when the condition does not hold.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
  if !condition { throw ContractViolation(sentence()) }
}

/// - Throws: ``ContractViolation`` when the values differ.
func requireEqual<Value: Equatable>(
  _ found: Value, _ expected: Value, _ what: @autoclosure () -> String
) throws {
  if found != expected { throw ContractViolation("\(what()): expected \(expected), found \(found)") }
}

/// - Throws: ``ContractViolation`` when there is no value.
func requireValue<Value>(_ value: Value?, _ what: @autoclosure () -> String) throws -> Value {
  guard let value else { throw ContractViolation("\(what()) is absent") }
  return value
}
