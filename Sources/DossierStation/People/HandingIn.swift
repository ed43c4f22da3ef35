internal import DossierTracker
internal import HTTPTypes
internal import Synchronization

extension People {
  /// Decides under whose code scans are recorded that were sent by somebody.
  ///
  /// An outbox outlives a change of shift and a sign-out, and nothing in it may be lost. So scans that another clerk made
  /// are taken, under that clerk's code, when he has an account here, be it disabled by now; and the log states who
  /// handed them in, once for both in an hour, so that nobody scans in another's name unseen. A program with a token scans
  /// in its own name only.
  ///
  /// - Parameter clerks: the codes that the scans bear.
  /// - Returns: where the others among them work.
  /// - Throws: ``Problem`` 403 when a code is nobody's here who scans.
  @discardableResult
  func requireClerks(_ clerks: Set<String>, sentBy visitor: Visitor) async throws -> [String: String] {
    let others = clerks.subtracting([visitor.code])
    if others.isEmpty { return [:] }
    let now = now
    let (offices, due) = try current { state in
      var offices: [String: String] = [:]
      for code in others {
        guard case .session = visitor.means, let account = state.content.account(code), account.code == code,
          account.role.permissions.contains(.scan)
        else { throw Problem(.forbidden, Finding(.clerkForeign, found: code)) }
        offices[code] = account.office
      }
      let due = others.sorted().filter { code in
        state.handedIn[[visitor.code, code]].map { now - $0 >= 3_600_000 } ?? true
      }
      return (offices, due)
    }
    for code in due {
      try await record(.handedIn, by: visitor, reference: code)
      // Only now: what could not be recorded is still due.
      try current { $0.handedIn[[visitor.code, code]] = now }
    }
    return offices
  }
}
