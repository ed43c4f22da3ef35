internal import ArgumentParser
internal import DossierTracker

struct PrintCommands: PaperVerb {
  static let configuration = CommandConfiguration(
    commandName: "commands",
    abstract: "Tờ lệnh mã vạch cho quầy quét · The sheet of command codes beside a scanner",
    discussion: """
      Every command of the scan page as Code 128, the calibration code, and the counter's own code.

      EXAMPLE
        dossier print commands --station 3 --output to-lenh.pdf
      """)

  @Option(help: ArgumentHelp("Number of the counter, for its own code.", valueName: "n"))
  var station: Int?

  @OptionGroup var paper: PaperOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard station.map({ (0...999_999).contains($0) }) ?? true else {
      throw ValidationError("--station is a number from 0 to 999999.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    try paper.deliver({ try CommandSheet.ofCounter(station).document(language: $0) }, session)
    return .clean
  }
}
