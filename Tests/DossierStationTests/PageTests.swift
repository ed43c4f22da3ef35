import DossierTracker
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct PageTests {
  @Test func theFirstPageSpeaksBothLanguages() async throws {
    let station = try StationFixture(isFilled: false)
    let vietnamese = try await station.send(.get, "/")
    #expect(vietnamese.status == .ok)
    #expect(vietnamese.text.contains("<html lang=\"vi\">"))
    let english = try await station.send(.get, "/?lang=en")
    #expect(english.text.contains("<html lang=\"en\">"))
  }

  @Test func theWordsOfAnAddressAreReadAsFormsWriteThem() {
    #expect(
      FormFields.words(ofQuery: "a=1+2%2B&a=3&&b=%ff+x&c&=d&%C4%91=e=f")
        == ["a": "1 2+", "b": "%ff x", "c": "", "": "d", "đ": "e=f"])
  }

  @Test func whatIsNotThereIsAProblemInTheFormThatWasAskedFor() async throws {
    let station = try StationFixture(isFilled: false)
    let page = try await station.send(.get, "/nowhere", headers: [.accept: "text/html"])
    #expect(page.status == .notFound)
    #expect(page.text.contains("D-7003"))
    let program = try await station.send(.get, "/nowhere")
    #expect(program.headers[.contentType] == "application/problem+json")
    #expect(try program.json()["code"] as? String == "D-7003")
  }
}
