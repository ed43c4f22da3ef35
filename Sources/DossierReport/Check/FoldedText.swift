internal import DossierCore

/// Text compared as people mean it: without diacritics, case, line breaks and punctuation.
enum FoldedText {
  /// `"Nhận  giải\nquyết (3)"` is `nhan giai quyet 3`.
  static func fold(_ text: some StringProtocol) -> String {
    var folded = String.UnicodeScalarView()
    var isGap = false
    func add(_ scalar: Unicode.Scalar) {
      if isGap && !folded.isEmpty { folded.append(" ") }
      isGap = false
      folded.append(scalar)
    }
    for scalar in NormalizedText.nfc(String(text)).unicodeScalars {
      switch scalar {
      case "0"..."9", "a"..."z": add(scalar)
      case "A"..."Z": add(lowered(scalar))
      default:
        if let base = bases[scalar] {
          add(base)
        } else if !isCombiningMark(scalar) {
          // Letters of other scripts keep apart what they keep apart; everything else is a gap.
          if scalar.properties.isAlphabetic { add(scalar) } else { isGap = true }
        }
      }
    }
    return String(folded)
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(scalar.value + 32))
  }

  private static func isCombiningMark(_ scalar: Unicode.Scalar) -> Bool {
    (0x300...0x36F).contains(scalar.value)
  }

  /// Vietnamese letters, precomposed, in both cases.
  private static let bases: [Unicode.Scalar: Unicode.Scalar] = {
    let families: [(Unicode.Scalar, String)] = [
      ("a", "àáảãạăằắẳẵặâầấẩẫậÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"), ("e", "èéẻẽẹêềếểễệÈÉẺẼẸÊỀẾỂỄỆ"), ("i", "ìíỉĩịÌÍỈĨỊ"),
      ("o", "òóỏõọôồốổỗộơờớởỡợÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ"), ("u", "ùúủũụưừứửữựÙÚỦŨỤƯỪỨỬỮỰ"), ("y", "ỳýỷỹỵỲÝỶỸỴ"),
      ("d", "đĐ"),
    ]
    var bases: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (base, letters) in families {
      for scalar in letters.unicodeScalars { bases[scalar] = base }
    }
    return bases
  }()
}
