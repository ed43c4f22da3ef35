internal import DossierTracker
internal import HTTPTypes

/// One page with its twins: what people see, the same as `.json` and as `.csv`, and the command that says the same.
struct Page: Sendable {
  var title: BilingualText
  /// Name of the template below `Pages`.
  var template: String
  /// What the template is filled with, beside `vi`, `en` and what the layout needs. Escaped by the template engine.
  var content: [String: any Sendable]
  /// The `.csv` twin, and the `.json` twin when there is no `json`.
  var table: TabularDocument?
  var json: JSONOutput?
  /// The command of the CLI that gives the same, copied by whoever wants to repeat it.
  var command: String?
  var status: HTTPResponse.Status = .ok
  /// Names of scripts below `/assets` that the page needs.
  var scripts: [String] = []
  /// Names of style sheets below `/assets`, beside the common one.
  var styles: [String] = []
  var headers: HTTPFields = [:]

  init(
    title: BilingualText, template: String, content: [String: any Sendable], table: TabularDocument? = nil,
    json: JSONOutput? = nil, command: String? = nil, scripts: [String] = [], styles: [String] = []
  ) {
    self.title = title
    self.template = template
    self.content = content
    self.table = table
    self.json = json
    self.command = command
    self.scripts = scripts
    self.styles = styles
  }
}

/// A request for a page or one of its twins.
struct PageRequest: Sendable {
  enum Format: String, Sendable { case html, json, csv }

  var format: Format
  /// Path parameters by name; the twin's ending is cut off.
  var parameters: [String: String]
  /// Query parameters, the first of a name.
  var query: [String: String]
  var visitor: Visitor?
  var language: Language
  /// Path without the twin's ending.
  var path: String
  /// Path and query of the page itself.
  var address: String
}
