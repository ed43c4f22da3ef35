public import DossierCore

/// What a column of a settlement form counts, whatever the edition calls it.
public enum FormQuantity: String, Hashable, Sendable, CaseIterable {
  case received, newOnline, newDirect, carried
  case resolved, early, onTime
  /// Early and on time in one column, as the oldest edition has them.
  case inTime
  case late
  case inProgress, inTerm, overdue
  case withdrawn, sentBack
}

/// One column of figures of a form.
public struct FormColumn: Hashable, Sendable {
  public var quantity: FormQuantity
  /// The number that the form prints under the header, `(3)`; nil where the edition prints none that is known.
  public var number: Int?
  public var vi: String
  public var en: String
  /// The headers above it, outermost first.
  public var groups: [FormGroup]
  /// What a header must say to be this column's: every phrase of one of the lists, in the words of all header lines above
  /// the column, without diacritics and in small letters (``FoldedText``).
  public var phrases: [[String]]

  /// Stable English key.
  public var key: String { quantity.rawValue }
}

/// A header over several columns of a form.
public struct FormGroup: Hashable, Sendable {
  public var vi: String
  public var en: String
}

/// That one column is the sum of others, in every row of a form.
public struct FormIdentity: Hashable, Sendable {
  /// `A` to `D`.
  public var id: String
  public var total: FormQuantity
  public var parts: [FormQuantity]
  /// What it stands in place of, when an edition changes an identity of the national form.
  public var replaces: String?
}

/// A form of the II.06 family by one edition: its columns, what must hold between them, and where that is written.
///
/// Editions are values, so that another one is a list of columns and not code.
public struct FormLayout: Hashable, Sendable {
  /// Stable words, as `--layout` takes them.
  public enum Edition: String, Hashable, Sendable, CaseIterable {
    case old10, local12, current13
  }

  public var edition: Edition
  public var vi: String
  public var en: String
  public var columns: [FormColumn]
  public var identities: [FormIdentity]
  /// Where the columns are written.
  public var sourceVi: String
  public var sourceEn: String
  /// First and last day on which a period may end to be reported in it; nil: not bounded, or not known.
  public var validFrom: CalendarDate?
  public var validThrough: CalendarDate?
  /// Whether it is the national form, and so chosen by date; a local one must be named.
  public var isNational: Bool
  /// What was not read in the legal text itself, said wherever the form is used.
  public var unverified: [FormRemark]

  /// The position of a quantity among the columns.
  public func position(of quantity: FormQuantity) -> Int? {
    columns.firstIndex { $0.quantity == quantity }
  }

  /// The name of a column as an identity quotes it: `(3)` where the form numbers them, else `c1`, `c2`, ….
  public func label(of quantity: FormQuantity) -> String {
    guard let position = position(of: quantity) else { return quantity.rawValue }
    return columns[position].number.map { "(\($0))" } ?? "c\(position + 1)"
  }

  /// `(3) = (4) + (5) + (6)`.
  public func text(of identity: FormIdentity) -> String {
    let parts = columns.map(\.quantity).filter { identity.parts.contains($0) }
    return label(of: identity.total) + " = " + parts.map { label(of: $0) }.joined(separator: " + ")
  }

  /// What an identity leaves over in one row: total minus parts, 0 when it holds.
  ///
  /// - Returns: nil when a value is absent or too large to be added.
  public func residual(_ identity: FormIdentity, _ value: (FormQuantity) -> Int?) -> Int? {
    guard var rest = value(identity.total) else { return nil }
    for part in identity.parts {
      guard let amount = value(part) else { return nil }
      let (difference, overflow) = rest.subtractingReportingOverflow(amount)
      if overflow { return nil }
      rest = difference
    }
    return rest
  }
}

/// A sentence about a form.
public struct FormRemark: Hashable, Sendable {
  public var vi: String
  public var en: String

  public init(vi: String, en: String) {
    self.vi = vi
    self.en = en
  }

  var bilingual: BilingualText { BilingualText(vi: vi, en: en) }
}
