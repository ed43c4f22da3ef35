import CustodyLog
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// Requests that come again while the first one runs, or after it.
@Suite struct IdempotentRepliesTests {
  private static let scan =
    #"{"station":"quay-1","scans":[{"id":"r-1","type":"received","manifest":"BK-590230-260112-001","#
    + #""code":"RM473195374VN","raw":"RM473195374VN","at":"2026-01-12T17:00:00+07:00","mono":12.5,"#
    + #""repaired":false,"offline":false,"clerk":"GDV01"}]}"#

  @Test func aKeyWhoseRequestIsStillRunningHasToWait() async throws {
    let station = try StationFixture()
    let name = try #require(HTTPField.Name("Idempotency-Key"))
    let replayed = try #require(HTTPField.Name("Idempotency-Replayed"))
    _ = try await station.secret("GDV01", .clerk)
    let sent = Self.scan
    // Whatever is recorded waits until the gate is open.
    let gate = DispatchSemaphore(value: 0)
    let latest = DispatchTime.now() + 600
    let work = station.services.work
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    let guards = (0..<StoreWork.quickThreads).map { _ in
      Task {
        try await work { _ in
          arrival.yield()
          _ = gate.wait(timeout: latest)
        }
      }
    }
    var arrived = arrivals.makeAsyncIterator()
    for _ in guards { await arrived.next() }
    let answers = try await withThrowingTaskGroup(of: StationFixture.Answer.self) { group in
      for _ in 0..<2 {
        group.addTask {
          try await station.send(.post, "/v1/scans", as: .clerk, body: sent, headers: [name: "r-1"])
        }
      }
      let second = try? await group.next()
      for _ in guards { gate.signal() }
      return (second, try await group.next())
    }
    #expect(answers.0?.status == .conflict && answers.0?.code == "D-7096")
    #expect(answers.0?.headers[.retryAfter] == "1")
    #expect(answers.0?.headers[.contentType] == "application/problem+json")
    #expect(answers.1?.status == .ok)
    let again = try await station.send(.post, "/v1/scans", as: .clerk, body: sent, headers: [name: "r-1"])
    #expect(again.bytes == answers.1?.bytes && again.headers[replayed] == "true")
  }

  @Test func aKeyIsFreeAgainWhenItsRequestFailed() throws {
    let replies = IdempotentReplies(greatestBytes: 10)
    let (body, other) = (MerkleHash.sha256([1]), MerkleHash.sha256([2]))
    #expect(replies.begin("k", body) == .no)
    #expect(replies.begin("k", body) == .running && replies.begin("k", other) == .other)
    #expect(replies.begin("l", body) == .no, "another key is another request")
    replies.forget("k")
    #expect(replies.begin("k", other) == .no)
    replies.keep([7], "k", other)
    #expect(replies.begin("k", other) == .same([7]) && replies.begin("k", body) == .other)
    // Room is made among replies, never among those that run.
    for number in 0..<40 {
      #expect(replies.begin("m\(number)", body) == .no)
      replies.keep([1, 2, 3], "m\(number)", body)
    }
    #expect(replies.begin("l", body) == .running)
  }
}
