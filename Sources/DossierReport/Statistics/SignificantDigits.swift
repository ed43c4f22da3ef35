extension Double {
  /// Rounded to ten significant digits, so that a report computed again is the same byte for byte on a processor whose
  /// logarithm differs in the last bit.
  var tenDigits: Double {
    let size = magnitude
    guard size > 0, isFinite else { return isFinite ? 0 : self }
    var scale = 1.0
    while size * scale < 1e9, scale < 1e22 { scale *= 10 }  // powers of ten are exact up to 10²²
    let rounded = (size * scale).rounded() / scale
    return self < 0 ? -rounded : rounded
  }
}
