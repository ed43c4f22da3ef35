import Dispatch
import DossierTracker
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct PaperQueueTests {
  @Test func moreSheetsThanMayWaitAreSentAwayAndNotCounted() async throws {
    let station = try StationFixture()
    let manifest = SignOffTests.manifest
    let tracker = station.services.work.tracker
    let list = try #require(try tracker.reconciliation(ofManifest: manifest)).digest
    _ = try tracker.signOff(manifest: manifest, list: list, receiver: "GDV01", giver: "GDV-080")
    _ = try await station.secret("GDV01", .clerk)
    let work = station.services.work
    let gate = DispatchSemaphore(value: 0)
    let latest = DispatchTime.now() + 600
    let answers = try await withThrowingTaskGroup(of: Problem?.self) { group in
      for _ in 0..<18 {
        group.addTask {
          do {
            try await work.printed { _ in _ = gate.wait(timeout: latest) }
            return nil
          } catch let problem as Problem { return problem }
        }
      }
      // One is made, sixteen wait.
      let refused = try await group.next() ?? nil
      #expect(refused?.status == .serviceUnavailable && refused?.finding.code == .paperBusy)
      var answers: [StationFixture.Answer] = []
      for (method, path) in [(HTTPRequest.Method.get, "labels.pdf"), (.post, "record.pdf")] {
        if let answer = try? await station.send(method, "/manifests/\(manifest)/\(path)", as: .clerk) {
          answers.append(answer)
        }
      }
      for _ in 0..<17 { gate.signal() }
      for try await problem in group { #expect(problem == nil) }
      return answers
    }
    #expect(answers.map(\.status) == [.serviceUnavailable, .serviceUnavailable])
    #expect(answers.map(\.code) == ["D-7097", "D-7097"])
    #expect(answers.allSatisfy { $0.headers[.retryAfter] == "20" })
    #expect(try PrintCount(data: station.folder).before(manifest) == 0)
    try await work.printed { _ in }
  }
}
