/// One input of a workflow that is started by hand (GitHub, "Workflow syntax",
/// `on.workflow_dispatch.inputs`).
public struct WorkflowInput: Codable, Hashable, Sendable {
  /// What may be given.
  public enum Kind: String, Codable, Sendable {
    case string, boolean, choice, number, environment
  }

  /// The longest value, in characters: a plan keeps it for ever.
  public static let lengthMax = 1_000

  /// Its name.
  public var name: String
  /// What may be given.
  public var kind: Kind
  /// What the file says of it; empty where it says nothing.
  public var about: String
  /// Whether it must not be empty.
  public var isRequired: Bool
  /// What it is unless somebody says otherwise.
  public var standard: String
  /// What can be chosen, for a choice.
  public var options: [String]

  /// An input.
  public init(
    name: String, kind: Kind, about: String = "", isRequired: Bool = false, standard: String = "",
    options: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.about = about
    self.isRequired = isRequired
    self.standard = standard
    self.options = options
  }

  /// Why a value can't be given, as the end of a sentence; nil when it can.
  public func fault(of value: String) -> String? {
    if value.isEmpty { return isRequired ? "is needed" : nil }
    if value.count > Self.lengthMax {
      return "has \(value.count) characters, and \(Self.lengthMax) are the most"
    }
    if let secret = SecretScan.find(in: value) {
      return "holds \(secret): GitHub shows inputs to everybody who sees the run"
    }
    return switch kind {
    case .choice where !options.contains(value):
      "is one of \(options.joined(separator: ", ")), not “\(value)”"
    case .boolean where !["true", "false"].contains(value): "is true or false, not “\(value)”"
    case .number where Double(value) == nil: "is a number, not “\(value)”"
    default: nil
    }
  }
}
