/// Versions of the program and of what it was built with.
public enum ProductVersion {
  public static let current = "0.1.0"

  /// The compiler's version as far as the language tells it.
  public static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4+"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }
}
