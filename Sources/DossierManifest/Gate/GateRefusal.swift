import DossierCore

/// Why the gate lets nothing more of a document pass.
struct GateRefusal: Hashable {
  var code: FindingCode
  /// Line of the refused byte, counted from 1.
  var line: Int
  var expected: String?
  var found: String?

  init(_ code: FindingCode, line: Int, expected: String? = nil, found: String? = nil) {
    self.code = code
    self.line = line
    self.expected = expected
    self.found = found
  }
}
