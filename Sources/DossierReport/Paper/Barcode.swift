internal import CZint
internal import DossierCore

/// A code that scanners read, as black rectangles on a grid of modules. libzint finds the modules; the picture is ours,
/// so that the same text gives the same bytes.
public struct Barcode: Hashable, Sendable {
  public enum Symbology: Hashable, Sendable {
    /// What every counter's scanner reads: one row of bars.
    case code128
    /// Two-dimensional, error correction M, for telephones.
    case qr

    /// Modules that must stay white beside the symbol (ISO/IEC 15417, 18004), above and below a QR code too.
    var quietZone: Int { self == .code128 ? 10 : 4 }
    /// As much as libzint puts into Code 128; a longer QR code is no address of ours.
    var longest: Int { self == .code128 ? 60 : 300 }
  }

  /// A black rectangle, in modules from the symbol's own left upper corner.
  struct Bar: Hashable, Sendable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  public let text: String
  public let symbology: Symbology
  let bars: [Bar]
  /// Modules of the symbol, quiet zones left out.
  let modules: Int

  /// - Parameter text: printable ASCII, which every reader gives back as it was.
  /// - Throws: ``RenderingRefusal`` D-7053 when the text cannot be encoded.
  public init(_ text: String, as symbology: Symbology) throws {
    let bytes = Array(text.utf8)
    guard (1...symbology.longest).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) })
    else { throw Self.refusal(text) }
    self.text = text
    self.symbology = symbology
    guard let bars = Self.encode(bytes, symbology), let end = bars.map({ $0.x + $0.width }).max() else {
      throw Self.refusal(text)
    }
    self.bars = bars
    modules = end
  }

  private static func refusal(_ text: String) -> RenderingRefusal {
    RenderingRefusal(Finding(.barcodeRefused, found: DisplayWidth.cut(DisplayWidth.safe(text), to: 40)))
  }

  /// The only place that calls libzint. The symbol and the rectangles that hang on it are freed on every way out.
  private static func encode(_ bytes: [UInt8], _ symbology: Symbology) -> [Bar]? {
    guard let symbol = ZBarcode_Create() else { return nil }
    defer { ZBarcode_Delete(symbol) }
    symbol.pointee.symbology = symbology == .code128 ? BARCODE_CODE128 : BARCODE_QRCODE
    symbol.pointee.input_mode = DATA_MODE
    symbol.pointee.output_options = BARCODE_NO_QUIET_ZONES
    symbol.pointee.show_hrt = 0
    // One unit of its vectors a module.
    symbol.pointee.scale = 0.5
    if symbology == .qr { symbol.pointee.option_1 = 2 }
    // A warning means that the symbol is not quite what was asked for.
    guard ZBarcode_Encode(symbol, bytes, Int32(bytes.count)) == 0, ZBarcode_Buffer_Vector(symbol, 0) == 0,
      let vector = symbol.pointee.vector
    else { return nil }
    var bars: [Bar] = []
    var next = vector.pointee.rectangles
    while let rectangle = next {
      bars.append(
        Bar(
          x: Int(rectangle.pointee.x.rounded()), y: Int(rectangle.pointee.y.rounded()),
          width: Int(rectangle.pointee.width.rounded()), height: Int(rectangle.pointee.height.rounded())))
      next = rectangle.pointee.next
    }
    return bars.isEmpty || bars.contains { $0.width < 1 || $0.height < 1 || $0.x < 0 || $0.y < 0 }
      ? nil : bars
  }
}

extension Barcode {
  /// The narrowest module that a 203 dpi label printer draws with two dots and a cheap scanner reads.
  static let leastModule = 0.25

  /// The widest module, at most `preferred` millimetres, with which the code is no wider than `width` millimetres;
  /// nil when it could only be printed too narrow to be read.
  func module(fitting width: Double, preferred: Double) -> Double? {
    let module = min(preferred, width / Double(modules + 2 * symbology.quietZone))
    return module >= Self.leastModule ? module : nil
  }

  /// The picture, quiet zones included. Only presentation attributes are used, so that print engines and pages without
  /// inline style draw it alike.
  ///
  /// - Parameters:
  ///   - module: width of one module in millimetres.
  ///   - height: of the bars in millimetres; a QR code is as high as it is wide.
  ///   - title: what the picture is read out as.
  public func svg(module: Double, height: Double = 10, title: String? = nil) -> String {
    let quiet = symbology.quietZone
    let wide = modules + 2 * quiet
    let high: String
    let tall: Double
    var path = ""
    switch symbology {
    case .code128:
      let bar = SVGMarkup.number(height / module)
      (high, tall) = (bar, height)
      for bars in bars { path += "M\(bars.x + quiet) 0h\(bars.width)v\(bar)h-\(bars.width)z" }
    case .qr:
      (high, tall) = ("\(wide)", Double(wide) * module)
      for bar in bars {
        path += "M\(bar.x + quiet) \(bar.y + quiet)h\(bar.width)v\(bar.height)h-\(bar.width)z"
      }
    }
    let millimetres = (SVGMarkup.number(Double(wide) * module), SVGMarkup.number(tall))
    return
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"\(millimetres.0)mm\" "
      + "height=\"\(millimetres.1)mm\" viewBox=\"0 0 \(wide) \(high)\" shape-rendering=\"crispEdges\">"
      + "<title>\(Markup.escaped(title ?? text))</title>"
      + "<rect width=\"\(wide)\" height=\"\(high)\" fill=\"#fff\"/><path fill=\"#000\" d=\"\(path)\"/></svg>"
  }
}
