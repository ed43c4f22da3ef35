extension TrustPolicy {
  /// Reads a policy file.
  ///
  /// Lines: `log <vkey>`, `witness <name> <vkey>`, `group <name> <k|any|all> <member>...`, `quorum <name|none>`;
  /// empty lines, and comments that begin with `#`. A URL after a key is accepted and ignored. Names are defined
  /// before they are used, and each is a member of at most one group, so that no witness counts twice.
  ///
  /// - Throws: the first error, with its line from 1.
  public static func parse(_ file: [UInt8]) throws(TrustPolicyError) -> TrustPolicy {
    guard let text = String(validating: file, as: UTF8.self) else {
      throw TrustPolicyError(line: 1, problem: .notUTF8)
    }
    return try parse(text)
  }

  /// Reads a policy file.
  ///
  /// - Throws: the first error, with its line from 1.
  public static func parse(_ text: String) throws(TrustPolicyError) -> TrustPolicy {
    var reader = PolicyReader()
    var number = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      do { try reader.read(line) } catch { throw TrustPolicyError(line: number, problem: error) }
    }
    guard let quorum = reader.quorum else { throw TrustPolicyError(line: number, problem: .missingQuorum) }
    return TrustPolicy(logs: reader.logs, witnesses: reader.witnesses, quorum: quorum)
  }
}

/// What the lines of a policy have said so far.
private struct PolicyReader {
  typealias Problem = TrustPolicyError.Problem

  var logs: [LogVerifierKey] = []
  var witnesses: [TrustPolicy.Witness] = []
  var quorum: TrustPolicy.Rule?
  /// Rules by the bytes of their names: the same characters in another spelling are another name.
  private var rules: [[UInt8]: TrustPolicy.Rule] = [:]
  private var members: Set<[UInt8]> = []

  init() {}

  mutating func read(_ line: Substring.UTF8View) throws(Problem) {
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .controlCharacter }
    let words = line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
    guard let keyword = words.first, keyword.utf8.first != UInt8(ascii: "#") else { return }
    switch keyword {
    case "log":
      guard (2...3).contains(words.count) else { throw .wrongNumberOfWords }
      try readLog(words[1])
    case "witness":
      guard (3...4).contains(words.count) else { throw .wrongNumberOfWords }
      try readWitness(words[1], words[2])
    case "group":
      guard words.count >= 4 else { throw .wrongNumberOfWords }
      try readGroup(words[1], threshold: words[2], words[3...])
    case "quorum":
      guard words.count == 2 else { throw .wrongNumberOfWords }
      guard quorum == nil else { throw .secondQuorum }
      quorum = words[1] == "none" ? TrustPolicy.Rule.none : try rule(words[1])
    default: throw .unknownKeyword(keyword)
    }
  }

  private mutating func readLog(_ text: String) throws(Problem) {
    let key: LogVerifierKey
    do { key = try LogVerifierKey(encoded: text) } catch { throw .key(error) }
    guard !logs.contains(where: { $0.publicKey == key.publicKey }) else { throw .repeatedKey }
    logs.append(key)
  }

  private mutating func readWitness(_ name: String, _ text: String) throws(Problem) {
    let key: WitnessVerifierKey
    do { key = try WitnessVerifierKey(encoded: text) } catch { throw .key(error) }
    guard !witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else { throw .repeatedKey }
    try define(name, .witness(witnesses.count))
    witnesses.append(TrustPolicy.Witness(name: name, key: key))
  }

  private mutating func readGroup(
    _ name: String, threshold: String, _ names: ArraySlice<String>
  ) throws(Problem) {
    var rules: [TrustPolicy.Rule] = []
    for name in names {
      rules.append(try rule(name))
      guard members.insert(Array(name.utf8)).inserted else { throw .memberTwice(name) }
    }
    let needed: Int
    switch threshold {
    case "any": needed = 1
    case "all": needed = rules.count
    default:
      guard let number = UInt64(plainDecimal: threshold.utf8).flatMap(Int.init(exactly:)),
        (1...rules.count).contains(number)
      else { throw .threshold }
      needed = number
    }
    try define(name, .group(threshold: needed, members: rules))
  }

  private mutating func define(_ name: String, _ rule: TrustPolicy.Rule) throws(Problem) {
    guard name != "none", rules.updateValue(rule, forKey: Array(name.utf8)) == nil else {
      throw .nameTaken(name)
    }
  }

  private func rule(_ name: String) throws(Problem) -> TrustPolicy.Rule {
    guard let rule = rules[Array(name.utf8)] else { throw .unknownName(name) }
    return rule
  }
}

/// What is wrong with a policy file, and where.
public struct TrustPolicyError: Error, Hashable, CustomStringConvertible {
  public enum Problem: Error, Hashable, Sendable {
    case notUTF8
    case controlCharacter
    case unknownKeyword(String)
    case wrongNumberOfWords
    case key(LogKeyError)
    case repeatedKey
    case nameTaken(String)
    case unknownName(String)
    case memberTwice(String)
    case threshold
    case secondQuorum
    case missingQuorum
  }

  /// Line of the file, from 1.
  public let line: Int
  public let problem: Problem

  public init(line: Int, problem: Problem) {
    self.line = line
    self.problem = problem
  }

  public var description: String { "line \(line): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .notUTF8: "The policy is not valid UTF-8."
    case .controlCharacter: "There is a control character."
    case .unknownKeyword(let word): "A line begins with log, witness, group or quorum, not with \(word)."
    case .wrongNumberOfWords: "The line has too few or too many words."
    case .key(let error): error.description
    case .repeatedKey: "This key stands on an earlier line already."
    case .nameTaken(let name): "The name \(name) is taken."
    case .unknownName(let name): "The name \(name) is not defined on an earlier line."
    case .memberTwice(let name): "\(name) is a member of a group already."
    case .threshold: "The threshold is any, all, or a number from 1 to the number of members."
    case .secondQuorum: "There is a second quorum line."
    case .missingQuorum: "There is no quorum line."
    }
  }
}
