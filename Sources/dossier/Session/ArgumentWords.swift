public import ArgumentParser
public import DossierStation
public import DossierTracker

// The product's closed words as arguments: the help lists them, and another word is wrong usage.

extension Language: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension FeeGrouping: ExpressibleByArgument {}
extension FormLayout.Edition: ExpressibleByArgument {}
extension StationOptions.LogLevel: ExpressibleByArgument {}
extension NumberStyle: ExpressibleByArgument {}
extension PaperFormat: ExpressibleByArgument {}

extension Office.Kind: ExpressibleByArgument {}
extension LegalBasis: ExpressibleByArgument {}
extension LossReport.OfficeOrder: ExpressibleByArgument {}
extension LossQuery.Grouping: ExpressibleByArgument {}

extension NamedPeriod: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension StateWord: ExpressibleByArgument {
  public init?(argument: String) {
    guard let state = StateWord(word: argument) else { return nil }
    self = state
  }

  public static var allValueStrings: [String] { allCases.map(\.word) }
}

extension EventKind: ExpressibleByArgument {
  public init?(argument: String) {
    guard let kind = EventKind(word: argument), kind.concernsItem else { return nil }
    self = kind
  }

  public static var allValueStrings: [String] { allCases.filter(\.concernsItem).map(\.word) }
}

extension DamageGrade: ExpressibleByArgument {
  public init?(argument: String) {
    guard let grade = DamageGrade(word: argument) else { return nil }
    self = grade
  }

  public static var allValueStrings: [String] { allCases.map(\.word) }
}

extension CalendarDate: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension LossReport.Unit: ExpressibleByArgument {}

extension Role: ExpressibleByArgument {}
extension Permission: ExpressibleByArgument {}
