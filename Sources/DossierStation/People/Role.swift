public import DossierTracker

/// The office that a person holds at the station.
public enum Role: String, Hashable, Sendable, CaseIterable, Codable {
  /// Giao dịch viên: scans and signs hand-overs.
  case clerk
  /// Trưởng ca: what a clerk does, and closes for others.
  case shiftLead
  /// Kiểm tra viên: reads and audits custody.
  case auditor
  /// Báo cáo viên: makes reports.
  case reporter
  /// Quản trị: accounts and tokens. Cannot scan or sign, so that whoever gives out accounts cannot act as two people.
  case administrator

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.clerk, .vi): "giao dịch viên"
    case (.shiftLead, .vi): "trưởng ca"
    case (.auditor, .vi): "kiểm tra viên"
    case (.reporter, .vi): "báo cáo viên"
    case (.administrator, .vi): "quản trị"
    case (.clerk, .en): "clerk"
    case (.shiftLead, .en): "shift lead"
    case (.auditor, .en): "auditor"
    case (.reporter, .en): "report officer"
    case (.administrator, .en): "administrator"
    }
  }

  public var permissions: Set<Permission> {
    switch self {
    case .clerk: [.read, .scan, .sign]
    case .shiftLead: [.read, .scan, .sign, .importDocuments, .audit, .report]
    case .auditor: [.read, .audit, .report]
    case .reporter: [.read, .report]
    case .administrator: [.administer]
    }
  }
}

/// What somebody may do; also the scopes of a token.
public enum Permission: String, Hashable, Sendable, CaseIterable, Codable {
  /// See items, dossiers, manifests, without personal data.
  case read
  /// Record scans.
  case scan
  /// Sign a hand-over.
  case sign
  case importDocuments
  case audit
  case report
  /// Accounts, tokens, operation.
  case administer

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.read, .vi): "xem"
    case (.scan, .vi): "quét"
    case (.sign, .vi): "ký giao nhận"
    case (.importDocuments, .vi): "nhập bảng kê"
    case (.audit, .vi): "kiểm tra"
    case (.report, .vi): "báo cáo"
    case (.administer, .vi): "quản trị"
    case (.read, .en): "see"
    case (.scan, .en): "scan"
    case (.sign, .en): "sign hand-overs"
    case (.importDocuments, .en): "import manifests"
    case (.audit, .en): "audit"
    case (.report, .en): "report"
    case (.administer, .en): "administer"
    }
  }
}
