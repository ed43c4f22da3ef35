extension FormLayout {
  /// The form's columns as a table's: the outermost header stands over its columns, and every column begins with the label
  /// by which identities name it.
  func tableColumns() -> [Column] {
    columns.map { column in
      Column(
        column.key, vi: header(column, \.vi, column.vi), en: header(column, \.en, column.en), kind: .integer,
        group: column.groups.first.map { BilingualText(vi: $0.vi, en: $0.en) })
    }
  }

  /// `(4) Trong kỳ: Trực tuyến`
  private func header(_ column: FormColumn, _ text: KeyPath<FormGroup, String>, _ name: String) -> String {
    let names = column.groups.dropFirst().map { $0[keyPath: text] } + [name]
    return label(of: column.quantity) + " " + names.joined(separator: ": ")
  }
}
