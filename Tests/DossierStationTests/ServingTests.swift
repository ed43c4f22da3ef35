import DossierTesting
import DossierTracker
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import Testing

@testable import DossierStation

@Suite struct ServingTests {
  @Test func connectionsThatWaitLongestGiveWayAndAnswersAreNeverCut() {
    let connections = Connections(limit: 4, ofOneAddress: 2)
    let channels = (0..<6).map { _ in EmbeddedChannel() }
    let first = channels[..<4].map { connections.opened($0) }
    #expect(first.allSatisfy { $0 != nil })
    for identifier in first.compactMap(\.self).prefix(3) { connections.changed(identifier, to: .answering) }
    // The one that waits makes room.
    #expect(connections.opened(channels[4]) != nil)
    #expect(connections.count == 4)
    for identifier in 0..<10 { connections.changed(identifier, to: .answering) }
    #expect(connections.opened(channels[5]) == nil)
    #expect(connections.turnedAway == (closed: 1, refused: 1))
  }

  @Test func oneAddressCannotTakeEverything() throws {
    let connections = Connections(limit: 100, ofOneAddress: 2)
    let far = try SocketAddress(ipAddress: "203.0.113.7", port: 1)
    for _ in 0..<5 {
      let channel = EmbeddedChannel()
      try channel.connect(to: far).wait()
      _ = connections.opened(channel)
    }
    #expect(connections.count == 2)
    #expect(Connections.countedAddress(try SocketAddress(ipAddress: "127.0.0.9", port: 1)) == nil)
    #expect(Connections.countedAddress(try SocketAddress(ipAddress: "::1", port: 1)) == nil)
    #expect(Connections.countedAddress(try SocketAddress(ipAddress: "::ffff:127.0.0.1", port: 1)) == nil)
    #expect(
      Connections.countedAddress(try SocketAddress(ipAddress: "2001:db8::1", port: 1))
        == Connections.countedAddress(try SocketAddress(ipAddress: "2001:db8::ffff:1", port: 1)))
  }

  @Test func anAddressInTheWrongMethodSaysWhichAreRight() async throws {
    let station = try StationFixture(isFilled: false)
    let wrong = try await station.send(.put, "/")
    #expect(wrong.status == .methodNotAllowed)
    #expect(wrong.headers[.allow] == "GET, HEAD")
    #expect(try await station.send(.init("BREW")!, "/").status == .methodNotAllowed)
    #expect(try await station.send(.get, "/not/there").status == .notFound)
  }

  struct Strange: Sendable {
    var path: String
    var headers: HTTPFields = [:]
    var status: HTTPResponse.Status
  }

  @Test(arguments: [
    Strange(path: "/%00", status: .badRequest), Strange(path: "/%zz", status: .badRequest),
    Strange(path: "/..%2f..%2fetc%2fpasswd", status: .notFound),
    Strange(path: "/assets/../../etc/passwd", status: .notFound),
    Strange(path: "/assets/%2e%2e%2fstation.css", status: .notFound),
    Strange(path: "/", headers: [.contentEncoding: "gzip"], status: .unsupportedMediaType),
    Strange(path: "/", headers: [.contentLength: "99999999999999999999"], status: .contentTooLarge),
  ])
  func strangeRequestsAreRefused(strange: Strange) async throws {
    let station = try StationFixture(isFilled: false)
    let answer = try await station.send(.get, strange.path, headers: strange.headers)
    #expect(answer.status == strange.status)
  }

  @Test func followersGetWhatIsRecordedAfterWhatTheyMissed() async throws {
    let station = try StationFixture()
    let following = try await station.services.live.follow(
      LiveInterest(manifest: nil, items: ["EM473653477VN"]))
    let receipt = try await station.services.work { tracker in
      _ = try tracker.record(EventRequest(.lost, item: "RM473195480VN"))
      return try tracker.record(EventRequest(.lost, item: "EM473653477VN"))
    }
    var messages = following.messages.makeAsyncIterator()
    let message = await messages.next().map { String(buffer: $0) } ?? ""
    #expect(message.hasPrefix("id: \(receipt.index ?? -1)\nevent: custody\ndata: {"))
    #expect(message.contains("\"item\":\"EM473653477VN\""))
    #expect(!message.contains("RM473195480VN"))
    await station.services.live.end()
    #expect(await messages.next() == nil)
    #expect(await station.services.live.count == 0)
    await #expect(throws: Problem.self) { try await station.services.live.follow(LiveInterest()) }
  }

  @Test func aFollowerWhoDoesNotReadIsLetGo() async throws {
    let station = try StationFixture()
    let slow = try await station.services.live.follow(LiveInterest())
    _ = slow.messages
    // More messages than a follower may lag behind, each from a commit of its own.
    for _ in 0..<2000 where await station.services.live.count > 0 {
      let head = try await station.services.work { tracker in
        _ = try tracker.record(EventRequest(.held, item: "EM473653477VN", reason: "x"))
        return try tracker.head()
      }
      await station.services.live.committed(head)
      try await Task.sleep(for: .milliseconds(110))
    }
    #expect(await station.services.live.count == 0)
  }

  @Test func logLinesCannotBeForged() {
    #expect(LogLines.quoted("plain") == "plain")
    #expect(LogLines.quoted("a\nlevel=error \u{1B}[2J\u{85}") == #""a\u{a}level=error \u{1b}[2J\u{85}""#)
    #expect(LogLines.quoted("say \"no\"") == #""say \"no\"""#)
  }

  @Test func healthIsCoarseForThePublicAndFullForTheAdministrator() async throws {
    let station = try StationFixture(isFilled: false)
    let coarse = try await station.send(.get, "/health")
    #expect(coarse.status == .ok)
    #expect(!coarse.text.contains(station.folder) && !coarse.text.contains("value"))
    let full = try await station.send(.get, "/health", as: .administrator)
    #expect(full.text.contains(station.folder))
    #expect(try await station.send(.get, "/metrics").status == .unauthorized)
    let metrics = try await station.send(.get, "/metrics", as: .administrator)
    #expect(
      metrics.text.contains("dossier_requests_total{route=\"/health\",method=\"GET\",status=\"2xx\"} 2"))
  }

  @Test func readinessFailsWhenTheStoreCannotBeWritten() async throws {
    let station = try StationFixture(isFilled: false)
    unlink(station.folder + "/store.sqlite")
    let answer = try await station.send(.get, "/health")
    #expect(answer.status == .serviceUnavailable)
    #expect(try answer.json()["ready"] as? Bool == false)
  }
}
