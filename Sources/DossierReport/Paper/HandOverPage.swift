internal import CustodyLog
internal import DossierCore

/// The hand-over record on paper: discrepancies first, then every item, then what proves it and who signed. Header block
/// and signatures follow Nghị định 30/2020/NĐ-CP and stay Vietnamese, see ``ReportPage``.
struct HandOverPage {
  let record: HandOverRecord
  let copy: HandOverRecord.Copy
  /// The station's address of this record, for the QR code; nil when nobody said it.
  let address: String?
  let language: OutputLanguage
  /// Whether it is only looked at on a page of the station, which must stay light: long lists bear no codes there, and the
  /// longest end early. The print is whole.
  var isOnScreen = false

  /// Longer lists are printed without a code for each item: nobody scans them again from paper.
  static let longestWithCodes = 60
  /// The same on a screen, and lines of each list there.
  static let longestWithCodesOnScreen = 30
  static let mostOnScreen = 100

  func body() throws -> String { try PaperDocument.render(PackageResources.handover_mustache, context()) }

  private var coreLanguage: Language { language == .vi ? .vi : .en }

  func words(vi: String, en: String) -> String { language == .vi ? vi : en }

  private func context() throws -> [String: Any] {
    let differences = record.lines.filter { $0.outcome != .received || $0.damage != nil }
    let hasCodes =
      record.lines.count <= (isOnScreen ? Self.longestWithCodesOnScreen : Self.longestWithCodes)
    let most = isOnScreen ? Self.mostOnScreen : Int.max
    let isCut = record.lines.count > most
    var context: [String: Any] = [
      "vi": language == .vi, "en": language == .en,
      "heading": OfficialHeading(record.heading).context(kind: "BB"),
      "manifest": Markup.escaped(record.manifest), "leg": Markup.escaped(record.leg.header[language]),
      "dispatched": time(record.dispatchedAt),
      "giver": party(record.giver), "receiver": party(record.receiver),
      "expected": number(record.expected), "received": number(record.count(.received)),
      "short": number(record.count(.short)), "surplus": number(record.count(.surplus)),
      "misrouted": number(record.count(.misrouted)), "damaged": number(record.damaged),
      "differing": differences.prefix(most).enumerated().map { differing($1, $0 + 1) },
      "differs": !differences.isEmpty,
      "items": record.lines.prefix(most).enumerated().map { item($1, $0 + 1, hasCode: hasCodes) },
      "hasCodes": hasCodes, "isOnScreen": isOnScreen, "isCut": isCut, "most": number(Self.mostOnScreen),
      "total": number(record.lines.count),
      "longest": number(Self.longestWithCodes),
      "digest": groups(record.list.hex), "shortDigest": record.list.short,
      "document": groups(record.document.hex),
      "reference": Markup.escaped("\(record.manifest) · \(record.list.short)"),
    ]
    if let code = picture(record.manifest, width: 90, preferred: 0.33, height: 11) {
      context["bars"] = code
    }
    if let mark { context["mark"] = Markup.escaped(mark) }
    if let signing = record.signing {
      var facts: [String: Any] = [
        "at": time(signing.at), "index": number(Int(signing.index)), "offline": signing.isOffline,
      ]
      if let list = signing.list {
        if list != record.list { facts["other"] = groups(list.hex) }
      } else {
        facts["unstated"] = true
      }
      context["signing"] = facts
    }
    if let checkpoint = record.checkpoint {
      context["checkpoint"] = checkpoint.split(separator: "\n").map { Markup.escaped(String($0)) }
    }
    if let address {
      context["address"] = Markup.escaped(address)
      context["qr"] = try Barcode(address, as: .qr).svg(module: 0.6, title: address)
    }
    return context
  }

  // MARK: Words

  private var mark: String? {
    if record.signing == nil { return words(vi: "DỰ THẢO, CHƯA KÝ", en: "DRAFT, NOT SIGNED") }
    switch copy {
    case .original: return nil
    case .reprint(let times):
      return words(vi: "BẢN IN LẠI LẦN \(times)", en: "BẢN IN LẠI LẦN \(times) (REPRINT \(times))")
    case .preview: return words(vi: "BẢN XEM, KHÔNG DÙNG ĐỂ LƯU", en: "PREVIEW, NOT FOR FILING")
    }
  }

  private func party(_ party: HandOverRecord.Party) -> [String: Any] {
    [
      "office": Markup.escaped(party.office), "name": Markup.escaped(party.name ?? ""),
      "signer": Markup.escaped(party.signer ?? "……………………"),
    ]
  }

  private func number(_ count: Int) -> String { NumberText.human(count, language: language) }

  private func time(_ text: String) -> String { Markup.escaped(PaperTime.text(text, language)) }

  /// A digest in groups of eight, so that a line may break in it and an eye may follow it.
  private func groups(_ hex: String) -> String {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 8).map { String(digits[$0..<min($0 + 8, digits.count)]) }
      .joined(separator: " ")
  }

  private func sign(_ line: HandOverRecord.Line) -> String {
    switch line.outcome {
    case .short: "−"
    case .surplus, .misrouted: "+"
    case .received: line.damage == nil ? "" : "~"
    }
  }

  private func outcome(_ line: HandOverRecord.Line) -> String {
    var text =
      switch line.outcome {
      case .received: words(vi: "đã nhận", en: "received")
      case .short: words(vi: "THIẾU", en: "SHORT")
      case .surplus: words(vi: "THỪA", en: "OVER")
      case .misrouted: words(vi: "LẠC HƯỚNG", en: "MISROUTED")
      }
    if let damage = line.damage {
      text += ", " + words(vi: "HƯ HỎNG", en: "DAMAGED") + ": " + damage.label(coreLanguage)
      if let cause = line.cause {
        text += " (\(DamageCause(rawValue: cause)?.label(coreLanguage) ?? cause))"
      }
    }
    return text
  }

  private func differing(_ line: HandOverRecord.Line, _ position: Int) -> [String: Any] {
    var detail: [String] = []
    if line.outcome == .short {
      let holder = [line.custodian, line.custodianBy].compactMap(\.self).joined(separator: ", ")
      detail.append(
        words(vi: "giữ cuối: ", en: "last custodian: ")
          + (holder.isEmpty ? words(vi: "không rõ", en: "not known") : holder))
    }
    if let manifest = line.belongsTo, manifest != record.manifest {
      let office = line.belongsToOffice.map { ", \($0)" } ?? ""
      detail.append(words(vi: "thuộc ", en: "belongs to ") + manifest + office)
    } else if let office = line.belongsToOffice, line.outcome == .misrouted {
      detail.append(words(vi: "thuộc ", en: "belongs to ") + office)
    }
    detail += scanned(line)
    return [
      "position": number(position), "item": Markup.escaped(line.item),
      "outcome": Markup.escaped(outcome(line)), "sign": sign(line),
      "detail": Markup.escaped(detail.joined(separator: " · ")),
    ]
  }

  private func scanned(_ line: HandOverRecord.Line) -> [String] {
    guard let at = line.at else { return [] }
    return [PaperTime.text(at, language) + (line.by.map { " \($0)" } ?? "")]
  }

  private func item(
    _ line: HandOverRecord.Line, _ position: Int, hasCode: Bool
  ) -> [String: Any] {
    var context: [String: Any] = [
      "position": number(position), "item": Markup.escaped(line.item),
      "dossiers": line.dossiers.map(Markup.escaped), "sign": sign(line),
      "outcome": Markup.escaped(outcome(line)),
    ]
    if let scanned = scanned(line).first { context["scanned"] = Markup.escaped(scanned) }
    if hasCode, let code = picture(line.item, width: 52, preferred: 0.3, height: 8) {
      context["code"] = code
    }
    return context
  }

  /// nil when the code would be too long, or too narrow to be read: then the number stands there alone.
  private func picture(_ text: String, width: Double, preferred: Double, height: Double) -> String? {
    guard let code = try? Barcode(text, as: .code128) else { return nil }
    return code.module(fitting: width, preferred: preferred).map { code.svg(module: $0, height: height) }
  }
}

extension HandOverRecord {
  /// The record as a sheet.
  ///
  /// - Parameters:
  ///   - copy: which print it is.
  ///   - address: the station's address of the record, printed as QR code.
  ///   - isOnScreen: whether its body stands in a page that people look at before they print: long lists are cut there.
  /// - Throws: ``RenderingRefusal`` D-7053 when the address cannot be printed as a code.
  public func document(
    copy: Copy, address: String? = nil, language: OutputLanguage, isOnScreen: Bool = false
  ) throws -> PaperDocument {
    let page = HandOverPage(
      record: self, copy: copy, address: address, language: language, isOnScreen: isOnScreen)
    return PaperDocument(
      title: page.words(vi: "Biên bản giao nhận \(manifest)", en: "Hand-over record \(manifest)"),
      language: language, sheet: .a4, body: try page.body())
  }
}
