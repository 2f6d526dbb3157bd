import ServiceLifecycle

/// A service with a name for the log. One without is described by reflection, which takes a start
/// two milliseconds.
protocol Named: Service, CustomStringConvertible {
  /// One word.
  static var name: String { get }
}

extension Named {
  var description: String { Self.name }
}
