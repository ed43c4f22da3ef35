public import DossierTracker

/// Accounts and tokens as rows, for the command and for the pages' twins.
public enum AccountTable {
  public static let columns = AccountRoutes.columns

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ account: Account, labels: Language? = nil) -> [Cell] {
    [
      .text(account.code), .text(account.name), .text(account.office),
      .text(labels.map { account.role.label($0) } ?? account.role.rawValue),
      .text(state(account, labels)), .time(account.changedAt),
    ]
  }

  private static func state(_ account: Account, _ labels: Language?) -> String {
    let isFresh = account.mustChangePassword || account.mustChangePIN
    return switch (account.isDisabled, isFresh, labels) {
    case (true, _, .vi): "đã khóa tài khoản"
    case (true, _, _): "disabled"
    case (false, true, .vi): "chưa đổi mật khẩu hoặc mã PIN"
    case (false, true, _): "mustChange"
    case (false, false, .vi): "đang dùng"
    case (false, false, _): "active"
    }
  }

  public static let tokenColumns = [
    Column("id", vi: "Token", en: "Token", kind: .code),
    Column("code", vi: "Mã nhân viên", en: "Operator code", kind: .code),
    Column("label", vi: "Dùng cho", en: "For"),
    Column("scopes", vi: "Quyền", en: "Scopes", kind: .code),
    Column("createdAt", vi: "Tạo lúc", en: "Made", kind: .time),
    Column("expiresAt", vi: "Hết hạn", en: "Expires", kind: .time),
    Column("usedAt", vi: "Dùng lần cuối", en: "Last used", kind: .time),
    Column("state", vi: "Trạng thái", en: "State", kind: .code),
  ]

  /// - Parameters:
  ///   - usedAt: when it was last used, milliseconds since 1970 UTC.
  ///   - now: decides whether it is expired.
  public static func row(_ token: ProgramToken, usedAt: Int64?, now: Int64, labels: Language? = nil) -> [Cell]
  {
    [
      .text(token.id), .text(token.code), .text(token.label),
      .list(token.scopes.map { scope in labels.map { scope.label($0) } ?? scope.rawValue }),
      .time(token.createdAt), .time(token.expiresAt), .time(usedAt), .text(state(token, now, labels)),
    ]
  }

  static func state(_ token: ProgramToken, _ now: Int64, _ labels: Language?) -> String {
    switch (token.revokedAt != nil, token.isUsable(at: now), labels) {
    case (true, _, .vi): "đã thu hồi"
    case (true, _, _): "revoked"
    case (false, false, .vi): "hết hạn"
    case (false, false, _): "expired"
    case (false, true, .vi): "đang dùng"
    case (false, true, _): "active"
    }
  }
}
