internal import DossierCore

/// The tables of a report on custody. With labels they speak to people; without, in the stable words of the contract.
extension CustodyReport {
  // MARK: Hand-overs

  var agesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("days", vi: "Số ngày", en: "Days", kind: .code),
        Column("open", vi: "Đang treo", en: "Open", kind: .integer),
        Column("overdue", vi: "Quá hạn", en: "Overdue", kind: .integer),
      ],
      rows: AgeBand.allCases.map {
        [.text($0.word), .integer(ages[$0]?.open ?? 0), .integer(ages[$0]?.overdue ?? 0)]
      },
      total: [
        .text("total"), .integer(openHandOvers), .integer(overdueHandOvers),
      ])
  }

  var routesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("from", vi: "Bên giao", en: "Giver", kind: .code),
        Column("to", vi: "Bên nhận", en: "Receiver", kind: .code),
        Column("open", vi: "Chưa ký nhận", en: "Unacknowledged", kind: .integer),
        Column("overdue", vi: "Quá hạn", en: "Overdue", kind: .integer),
        Column("oldestDays", vi: "Lâu nhất (ngày)", en: "Oldest (days)", kind: .integer),
      ],
      rows: routes.map {
        [.text($0.from), .text($0.to), .integer($0.open), .integer($0.overdue), .integer($0.oldestDays)]
      })
  }

  var handOversTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
        Column("from", vi: "Bên giao", en: "Giver", kind: .code),
        Column("to", vi: "Bên nhận", en: "Receiver", kind: .code),
        Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
        Column("offeredAt", vi: "Giao lúc", en: "Offered", kind: .time),
        Column("days", vi: "Số ngày", en: "Days", kind: .integer),
        Column("overdue", vi: "Quá hạn", en: "Overdue", kind: .flag),
      ],
      rows: handOvers.map {
        [
          .text($0.item), .text($0.from), .text($0.to), .text(orNone: $0.manifest),
          ReportValue.time($0.offeredAt), .integer($0.days), .flag($0.isOverdue),
        ]
      })
  }

  // MARK: Seals and signers

  var sealsTable: TabularDocument {
    func cells(_ row: SealRegister.OfficeRow, _ office: String) -> [Cell] {
      [
        .text(office), .integer(row.manifests), .integer(row.applied), .integer(row.unsealed),
        .integer(row.opened), .integer(row.unopened), .integer(row.broken), .integer(row.reused),
        .integer(row.absent),
      ]
    }
    return TabularDocument(
      columns: [
        Column("office", vi: "Đơn vị giao", en: "Giver", kind: .code),
        Column("manifests", vi: "Bảng kê", en: "Manifests", kind: .integer),
        Column("applied", vi: "Niêm phong", en: "Applied", kind: .integer),
        Column("unsealed", vi: "Túi không niêm", en: "Unsealed bags", kind: .integer),
        Column("opened", vi: "Đã mở, hai người ký", en: "Opened, two signed", kind: .integer),
        Column("unopened", vi: "Chưa chốt", en: "Not closed", kind: .integer),
        Column("broken", vi: "Báo hỏng", en: "Reported broken", kind: .integer),
        Column("reused", vi: "Dùng lại", en: "Used twice", kind: .integer),
        Column("absent", vi: "Số vắng", en: "Absent numbers", kind: .integer),
      ],
      rows: seals.offices.map { cells($0, $0.office) }, total: cells(seals.total, "total"))
  }

  var reusesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("seal", vi: "Niêm phong", en: "Seal", kind: .code),
        Column("offices", vi: "Đơn vị", en: "Offices", kind: .code),
        Column("manifests", vi: "Bảng kê", en: "Manifests", kind: .code),
      ],
      rows: seals.reuses.map { [.text($0.seal), .list($0.offices), .list($0.manifests)] })
  }

  var absencesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Column("first", vi: "Từ số", en: "First", kind: .code),
        Column("last", vi: "Đến số", en: "Last", kind: .code),
        Column("count", vi: "Bao nhiêu", en: "Count", kind: .integer),
      ],
      rows: seals.absences.map { [.text($0.office), .text($0.first), .text($0.last), .integer($0.count)] })
  }

  var signersTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Column("first", vi: "Người ký", en: "Signer", kind: .code),
        Column("second", vi: "Người ký kia", en: "Other signer", kind: .code),
        Column("together", vi: "Cùng ký", en: "Together", kind: .integer),
        Column("firstTotal", vi: "Người này ký", en: "First in all", kind: .integer),
        Column("secondTotal", vi: "Người kia ký", en: "Second in all", kind: .integer),
        Column("share", vi: "Tỷ lệ", en: "Share", kind: .percent(places: 0)),
        Column("others", vi: "Người khác ở đó", en: "Others there", kind: .integer),
        Column("flagged", vi: "Cần xem", en: "Flagged", kind: .flag),
      ],
      rows: signers.pairs.map {
        [
          .text($0.office), .text($0.first), .text($0.second), .integer($0.together),
          .integer($0.firstTotal), .integer($0.secondTotal), .decimal(orNone: $0.share), .integer($0.others),
          .flag($0.isFlagged),
        ]
      })
  }

  // MARK: Discrepancies and gaps

  func discrepanciesTable(_ labels: OutputLanguage?) -> TabularDocument {
    let bands = AgeBand.allCases.map { band in
      Column(
        key: "open" + band.key,
        header: BilingualText(vi: "Mở \(band.word) ngày", en: "Open \(band.word) days"),
        kind: .integer)
    }
    return TabularDocument(
      columns: [
        Column("kind", vi: "Loại", en: "Kind"),
        Column("opened", vi: "Đã mở", en: "Opened", kind: .integer),
        Column("found", vi: "Tìm thấy", en: "Found", kind: .integer),
        Column("handled", vi: "Xử lý tiếp", en: "Handled on", kind: .integer),
        Column("declaredLost", vi: "Tuyên bố thất lạc", en: "Declared lost", kind: .integer),
        Column("ended", vi: "Hết hành trình", en: "Journey ended", kind: .integer),
        Column("open", vi: "Còn mở", en: "Still open", kind: .integer),
      ] + bands + [
        Column(
          "medianDays", vi: "Trung vị đóng (ngày)", en: "Median to close (days)", kind: .decimal(places: 1))
      ],
      rows: discrepancies.map { row in
        [.text(labels.map { row.kind.label[$0] } ?? row.kind.word), .integer(row.opened)]
          + CustodyTally.Closure.allCases.map { .integer(row.closed[$0] ?? 0) } + [.integer(row.open)]
          + AgeBand.allCases.map { .integer(row.ages[$0] ?? 0) } + [.decimal(orNone: row.medianDays)]
      })
  }

  func openDiscrepanciesTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
        Column("kind", vi: "Loại", en: "Kind"),
        Column("office", vi: "Đơn vị báo", en: "Reported by", kind: .code),
        Column("openedAt", vi: "Báo lúc", en: "Reported", kind: .time),
        Column("days", vi: "Số ngày", en: "Days", kind: .integer),
      ],
      rows: openDiscrepancies.map { line in
        [
          .text(line.item), .text(labels.map { line.kind.label[$0] } ?? line.kind.word), .text(line.office),
          ReportValue.time(line.openedAt), .integer(line.days),
        ]
      })
  }

  func gapsTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("code", vi: "Mã", en: "Code", kind: .code),
        Column("meaning", vi: "Nghĩa", en: "Meaning"),
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Column("count", vi: "Số lần", en: "Count", kind: .integer),
        Column("examples", vi: "Ví dụ", en: "Examples", kind: .code),
      ],
      rows: gaps.map {
        [
          .text($0.code.rawValue), .text(Self.meaning($0.code)[labels ?? .en]), .text($0.office),
          .integer($0.count), .list($0.examples),
        ]
      }, total: [.text("total"), .none, .none, .integer(gaps.reduce(0) { $0 + $1.count })])
  }

  static func meaning(_ code: FindingCode) -> BilingualText {
    switch code {
    case .noAcceptance:
      BilingualText(vi: "giao chuyến khi chưa chấp nhận", en: "dispatched before any acceptance")
    case .dispatchedByOther:
      BilingualText(vi: "bên không giữ giao chuyến", en: "dispatched by another office")
    case .receivedWithoutDispatch:
      BilingualText(vi: "nhận mà không ai giao", en: "received without dispatch")
    case .misrouted: BilingualText(vi: "đến nhầm nơi", en: "arrived at another office")
    case .acceptedTwice: BilingualText(vi: "hai nơi cùng chấp nhận", en: "accepted twice")
    case .eventAfterEnd: BilingualText(vi: "có sự kiện sau khi kết thúc", en: "event after the end")
    case .actedWithoutCustody: BilingualText(vi: "bên không giữ ghi sự kiện", en: "acted without custody")
    case .deliveredWithoutEvidence:
      BilingualText(vi: "phát không có chứng từ", en: "delivered without evidence")
    case .lostWithoutDecision:
      BilingualText(vi: "thất lạc không có quyết định", en: "lost without a decision")
    case .correctionTargetUnknown:
      BilingualText(vi: "đính chính sự kiện không có", en: "correction of an unknown event")
    case .correctionOfCorrection:
      BilingualText(vi: "đính chính một đính chính", en: "correction of a correction")
    case .seenAfterLoss: BilingualText(vi: "thấy lại sau thất lạc", en: "seen after its loss")
    case .offerSuperseded:
      BilingualText(vi: "giao cho bên khác khi chưa ai nhận", en: "offered anew, unanswered")
    default: BilingualText(vi: code.rawValue, en: code.rawValue)
    }
  }

  // MARK: Stuck items, time and flow

  func stuckRowsTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("custodian", vi: "Bên đang giữ", en: "Custodian", kind: .code),
        Column("state", vi: "Trạng thái", en: "State"),
        Column("count", vi: "Bưu gửi", en: "Items", kind: .integer),
        Column("oldestDays", vi: "Lâu nhất (ngày)", en: "Oldest (days)", kind: .integer),
      ],
      rows: stuckRows.map {
        [
          .text($0.custodian), .text(Self.word($0.state, labels)), .integer($0.count),
          .integer($0.oldestDays),
        ]
      })
  }

  func stuckTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
        Column("custodian", vi: "Bên đang giữ", en: "Custodian", kind: .code),
        Column("state", vi: "Trạng thái", en: "State"),
        Column("lastAt", vi: "Sự kiện cuối", en: "Last event", kind: .time),
        Column("days", vi: "Số ngày im", en: "Silent days", kind: .integer),
      ],
      rows: stuck.map {
        [
          .text($0.item), .text($0.custodian), .text(Self.word($0.state, labels)),
          ReportValue.time($0.lastAt), .integer($0.days),
        ]
      })
  }

  static func word(_ state: StateWord, _ labels: OutputLanguage?) -> String {
    labels == .vi ? state.label(.vi) : state.word
  }

  var timeTable: TabularDocument {
    func cells(_ time: CustodyTally.CustodyTime, _ office: String) -> [Cell] {
      [
        .text(office), ReportValue.hours(time.sum), ReportValue.hours(time.proven),
        .decimal(orNone: ReportValue.share(time.proven, of: time.sum)), ReportValue.hours(time.declared),
        ReportValue.hours(time.missing), ReportValue.hours(time.disputed), ReportValue.hours(time.nobody),
      ]
    }
    return TabularDocument(
      columns: [
        Column("office", vi: "Bên giữ", en: "Custodian", kind: .code),
        Column("entrustedHours", vi: "Tổng (giờ)", en: "Entrusted (h)", kind: .integer),
        Column("provenHours", vi: "Có chứng (giờ)", en: "Proven (h)", kind: .integer),
        Column("provenShare", vi: "Tỷ lệ có chứng", en: "Proven share", kind: .percent(places: 1)),
        Column("declaredHours", vi: "Chỉ khai báo (giờ)", en: "Declared only (h)", kind: .integer),
        Column("missingHours", vi: "Đang thiếu (giờ)", en: "Missing (h)", kind: .integer),
        Column("disputedHours", vi: "Tranh chấp (giờ)", en: "Disputed (h)", kind: .integer),
        Column("nobodyHours", vi: "Không ai nhận (giờ)", en: "Nobody (h)", kind: .integer),
      ],
      rows: time.map { cells($0.time, $0.office) }, total: cells(totalTime, "total"))
  }

  func flowsTable(_ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("from", vi: "Từ", en: "From"), Column("to", vi: "Đến", en: "To"),
        Column("answered", vi: "Đã ký nhận", en: "Acknowledged", kind: .integer),
        Column("unannounced", vi: "Nhận mà không ai giao", en: "Received unannounced", kind: .integer),
        Column("open", vi: "Còn treo", en: "Open", kind: .integer),
      ],
      rows: flows.map {
        [
          .text(Self.word($0.from, labels)),
          .text(Self.word($0.to, labels)),
          .integer($0.count.answered), .integer($0.count.unannounced), .integer($0.count.open),
        ]
      })
  }

  static func word(_ kind: Office.Kind?, _ labels: OutputLanguage?) -> String {
    labels.map { name(kind)[$0] } ?? kind?.rawValue ?? "unknown"
  }

  static func name(_ kind: Office.Kind?) -> BilingualText {
    switch kind {
    case .post: BilingualText(vi: "bưu cục", en: "post office")
    case .transport: BilingualText(vi: "vận chuyển", en: "transport")
    case .center: BilingualText(vi: "một cửa", en: "one-stop center")
    case .agency: BilingualText(vi: "cơ quan", en: "agency")
    case nil: BilingualText(vi: "không rõ", en: "unknown")
    }
  }
}
