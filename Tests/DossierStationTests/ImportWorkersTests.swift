import DossierTesting
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// What a worker that hits a limit, fails or talks nonsense is to the sender; that nothing is recorded is the command's part.
@Suite struct ImportWorkersTests {
  /// Runs a script in the place of `dossier import`.
  private func problem(
    _ script: String, limits: ImportWorkers.Limits = .init()
  ) async throws -> Problem? {
    let station = try StationFixture(isFilled: false)
    let program = station.folder + "/worker"
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let workers = ImportWorkers(
      StationOptions(data: station.folder, program: program), work: station.services.work,
      live: station.services.live, limits: limits)
    do {
      _ = try await workers.run([], dryRun: false, language: .en)
      return nil
    } catch let problem as Problem {
      return problem
    }
  }

  @Test(arguments: ["exec sleep 3600", "while :; do :; done"])
  func oneThatTakesTooLongIsEnded(script: String) async throws {
    let problem = try await problem(script, limits: .init(seconds: 1))
    #expect(problem?.status == .unprocessableContent && problem?.finding.code.rawValue == "D-7078")
    #expect(problem?.finding.expected == "1")
  }

  /// What a Swift program does when memory is refused: it says so and traps.
  @Test func oneThatTakesTooMuchMemoryIsNamed() async throws {
    let script = "echo 'Fatal error: could not allocate memory' >&2; kill -ILL $$"
    let problem = try await problem(script, limits: .init(memory: 300 << 20))
    #expect(problem?.status == .unprocessableContent && problem?.finding.code.rawValue == "D-7079")
    #expect(problem?.finding.expected == "300")
  }

  @Test(arguments: ["kill -SEGV $$", "exit 3", "echo nonsense", "echo '[]'", "exit 0", "exit 2"])
  func oneThatBreaksIsTheStationsFault(script: String) async throws {
    let problem = try await problem(script)
    #expect(
      problem?.status == .internalServerError && problem?.finding.code.rawValue == "D-7080", "\(script)")
  }

  /// A limit of memory is real: the worker cannot have more.
  @Test func theLimitOfMemoryHolds() async throws {
    let script = "/usr/bin/python3 -c 'x = bytearray(600 << 20)' && exit 9; exit 8"
    let problem = try await problem(script, limits: .init(memory: 300 << 20))
    #expect(problem?.finding.found == "8")
  }
}
