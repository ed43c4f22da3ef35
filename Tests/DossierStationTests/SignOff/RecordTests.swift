import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite(.serialized) struct RecordTests {
  private let path = "/manifests/\(SignOffTests.manifest)/record"

  private func closed() async throws -> StationFixture {
    let station = try SignOffTests.station()
    let tracker = station.services.work.tracker
    let list = try #require(try tracker.reconciliation(ofManifest: SignOffTests.manifest)).digest
    let desk = SigningDesk(station.services)
    for (side, person) in [(HandOverSide.giver, SignOffTests.giver), (.receiver, SignOffTests.receiver)] {
      _ = try await desk.sign(
        SignOffTests.manifest, .init(side: side, list: list, isOffline: false), by: person)
    }
    return station
  }

  private func text(_ pdf: [UInt8]) throws -> String {
    let file = NSTemporaryDirectory() + "record-\(UUID().uuidString).pdf"
    try Data(pdf).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["pdftotext", "-layout", file, "-"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test func printsAreCountedAndLooksAreNot() async throws {
    let station = try await closed()
    let look = try await station.send(.get, path + ".pdf", as: .auditor)
    #expect(look.headers[.contentType] == "application/pdf")
    #expect(try text(look.bytes).contains("BẢN XEM"))
    let original = try text(try await station.send(.post, path + ".pdf", as: .clerk).bytes)
    #expect(!original.contains("BẢN IN LẠI") && !original.contains("BẢN XEM"))
    #expect(original.contains("GDV-080") && original.contains("GDV01"))
    #expect(
      try text(try await station.send(.post, path + ".pdf", as: .clerk).bytes).contains("BẢN IN LẠI LẦN 1"))
    #expect(try text(try await station.send(.get, path + ".pdf", as: .clerk).bytes).contains("BẢN XEM"))
    #expect(
      try text(try await station.send(.post, path + ".pdf", as: .clerk).bytes).contains("BẢN IN LẠI LẦN 2"))
    let page = try await station.send(.get, path, as: .clerk, headers: [.accept: "text/html"])
    #expect(page.text.contains("đã in 3 lần"))
    #expect(!page.text.contains("style=\"") && !page.text.contains("<style"))
    #expect(page.text.contains("class=\"paper a4\"") && page.text.contains("<svg"))
  }

  @Test func theReceiptIsThatOfTheCommand() async throws {
    let station = try await closed()
    let answer = try await station.send(.get, path + ".xml", as: .clerk)
    #expect(answer.headers[.contentType] == "application/xml")
    #expect(
      answer.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"BK-590230-260112-001") == true)
    #expect(answer.text.contains("<receipt xmlns=\"urn:postal-dossier:receipt:1\""))
    #expect(answer.text.contains("signed=\"true\""))
    let again = try await station.send(.get, path + ".xml", as: .clerk)
    #expect(again.bytes == answer.bytes)
  }

  @Test func nothingIsFiledOfAnOpenManifest() async throws {
    let station = try SignOffTests.station()
    let page = try await station.send(.get, path, as: .clerk, headers: [.accept: "text/html"])
    #expect(page.text.contains("DỰ THẢO, CHƯA KÝ"))
    for answer in [
      try await station.send(.post, path + ".pdf", as: .clerk),
      try await station.send(.get, path + ".xml", as: .clerk),
    ] {
      #expect(answer.status == .unprocessableContent)
      #expect(try answer.json()["code"] as? String == "D-7054")
    }
    for ending in ["", ".pdf", ".xml"] {
      #expect(try await station.send(.get, path + ending).status == .unauthorized)
      #expect(
        try await station.send(.get, "/manifests/..%2F..%2Fx/record" + ending, as: .clerk).status == .notFound
      )
      #expect(try await station.send(.get, path + ending, as: .administrator).status == .forbidden)
    }
  }
}
