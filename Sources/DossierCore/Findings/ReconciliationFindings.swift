extension FindingCatalogue {
  // 606x: the one-stop software's export against custody
  static let reconciliationEntries: [Entry] = [
    Entry(
      .dossierColumnMissing, .error,
      vi: "Không tìm thấy cột mã hồ sơ trong tệp {file}.",
      en: "No column of dossier codes was found in {file}.",
      hintVi:
        "Trong 30 dòng đầu phải có một dòng tiêu đề với ô MaHoSo, \"Mã hồ sơ\" hoặc \"Số hồ sơ\"; xuất lại từ phần mềm "
        + "kèm dòng tiêu đề.",
      hintEn:
        "One of the first 30 lines has to be a heading with a cell MaHoSo or the Vietnamese words for it; export it again "
        + "with its headings.")
  ]
}
