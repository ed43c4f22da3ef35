import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// Everything that a manifest, a feed or the master data can carry comes out of pages as text.
@Suite struct HostileTextTests {
  /// A quote and a `<` with combining marks pass an escape that goes by characters.
  static let texts = [
    "<script>evil()</script>", "\"><img src=x onerror=evil()>", "\"\u{301} onmouseover=evil() x",
    "'\u{308} onfocus=evil() '", "<\u{301}script>evil()", "{{command}}{{{command}}}", "a\u{202E}b\u{2066}c",
  ]

  private static func xml(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.isASCII && scalar.properties.isAlphabetic
        ? String(scalar) : "&#x\(String(scalar.value, radix: 16));"
    }.joined()
  }

  /// - Returns: a manifest to H48.25 of one item, and a feed that delivers it, full of `text`.
  private static func documents(_ text: String) -> [String] {
    let hostile = xml(text)
    return [
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <manifest xmlns="urn:postal-dossier:manifest:1" version="1" number="BK-590210-260105-066" leg="intake" \
      dispatchedAt="2026-01-05T15:30:00+07:00"><giver office="590210"><person code="GDV-046">\(hostile)</person></giver>\
      <receiver office="H48.25"/><declared items="1" dossiers="1"/><items><item number="RM473173175VN">\
      <acceptedAt>2026-01-05T07:35:42+07:00</acceptedAt><sender><name>\(hostile)</name><phone>0740438681</phone>\
      <address>\(hostile)</address></sender><dossier code="H48.25-260105-0066"><field>\(hostile)</field>\
      <agency>H48.25</agency><applicant>\(hostile)</applicant><document originals="1">\(hostile)</document>\
      </dossier></item></items></manifest>
      """,
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <events xmlns="urn:postal-dossier:events:1" version="1" source="590900"><event id="EV-1" kind="delivered" \
      item="RM473173175VN" at="2026-01-06T07:40:20+07:00" office="H48.20" operator="CV-1">\
      <reference>\(hostile)</reference><note>\(hostile)</note></event></events>
      """,
    ]
  }

  @Test(arguments: texts) func nothingOfItIsMarkup(text: String) async throws {
    let station = try StationFixture(isFilled: false)
    let tracker = station.services.work.tracker
    // The master data's file allows any name.
    _ = try tracker.record(offices: [
      Office(code: "590210", name: text, kind: .post),
      Office(code: "H48.25", name: "x" + text, kind: .center),
    ])
    var recorded = 0
    // A reference cannot turn the direction: leaves of the log refuse that.
    let turns = text.contains("\u{202E}")
    for (place, document) in Self.documents(text).prefix(turns ? 1 : 2).enumerated() {
      let file = station.folder + "/hostile-\(place).xml"
      try document.write(toFile: file, atomically: true, encoding: .utf8)
      recorded += try tracker.importDocuments([file]).documents.count { $0.outcome.status == .recorded }
    }
    #expect(recorded == (turns ? 1 : 2))
    var isShown = false
    for path in [
      "/", "/items", "/items/RM473173175VN", "/dossiers/H48.25-260105-0066", "/manifests",
      "/manifests/BK-590210-260105-066", "/findings", "/audit?item=RM473173175VN", "/reports/losses?by=field",
      "/reports/losses?by=office", "/reports/delays", "/reports/custody",
      "/reports/settlement?period=2026-Q1",
      "/reports/fees", "/find?code=\(PageWords.encoded(text))", "/items?custodian=\(PageWords.encoded(text))",
      "/reports/losses?by=\(PageWords.encoded(text))",
    ] {
      let answer = try await station.send(.get, path, as: .shiftLead, headers: [.accept: "text/html"])
      #expect(answer.status.code < 500, "\(path)")
      isShown = isShown || answer.text.contains("evil") || answer.text.contains("command")
      // Braces mean nothing to a browser, and a template that a template filled in is not read again.
      if !text.hasPrefix("{{") {
        #expect(!answer.text.unicodeScalars.containsRun(of: text.unicodeScalars), "\(path)")
      }
      #expect(!answer.text.unicodeScalars.contains("\u{202E}"), "\(path)")
      for tag in answer.text.tags { #expect(!tag.contains("evil"), "\(path): \(tag)") }
    }
    #expect(isShown || turns)
  }
}

extension String {
  /// What a browser reads as tags, by the rule of the HTML standard that matters here: from `<` and a letter to the next
  /// `>` outside quotes.
  fileprivate var tags: [String] {
    var tags: [String] = []
    var tag: String.UnicodeScalarView?
    var quote: Unicode.Scalar?
    let scalars = Array(unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      if tag == nil {
        if scalar == "<", place + 1 < scalars.count, scalars[place + 1].isASCII,
          scalars[place + 1].properties.isAlphabetic
        {
          tag = String.UnicodeScalarView()
        }
        continue
      }
      if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == "\"" || scalar == "'" {
        quote = scalar
      } else if scalar == ">" {
        if let ended = tag { tags.append(String(ended)) }
        tag = nil
      } else {
        tag?.append(scalar)
      }
    }
    return tags
  }
}

extension String.UnicodeScalarView {
  fileprivate func containsRun(of other: String.UnicodeScalarView) -> Bool {
    let (mine, wanted) = (Array(self), Array(other))
    guard mine.count >= wanted.count, let first = wanted.first else { return false }
    return mine.indices.dropLast(wanted.count - 1).contains { start in
      mine[start] == first && mine[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }
}
