/// What was read of the NAT gateways.
public struct NetworkFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.network

  /// Their states by id, `available` and others.
  public var gateways: [String: String]

  /// Facts, as read.
  public init(gateways: [String: String]) {
    self.gateways = gateways
  }
}
