extension String {
  /// A service's word without its underscores: `timed out`.
  public var spoken: String { split(separator: "_").joined(separator: " ") }
  /// The same to begin a line with: `Timed out`.
  public var heading: String { spoken.capitalizedFirst }
  /// The same text with a capital at its head.
  public var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
