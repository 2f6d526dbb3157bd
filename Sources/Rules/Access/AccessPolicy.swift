/// A policy document of IAM.
public struct AccessPolicy: Codable, Hashable, Sendable {
  /// The version of the language; there is no later one.
  public var version = "2012-10-17"
  /// What is allowed.
  public var statements: [Statement]

  /// One statement that allows something.
  public struct Statement: Codable, Hashable, Sendable {
    /// A name, letters and digits; nil in session policies, where each character counts.
    public var sid: String?
    /// `Allow`: what is not allowed is denied.
    public var effect = "Allow"
    /// Whom a trust policy is about; nil in others.
    public var principal: [String: String]?
    /// `ecs:UpdateService` and the like.
    public var actions: [String]
    /// ARNs; nil in trust policies.
    public var resources: [String]?
    /// Under which conditions, by operator and key.
    public var condition: [String: [String: String]]?

    /// A statement.
    public init(
      sid: String? = nil, principal: [String: String]? = nil, actions: [String],
      resources: [String]? = nil, condition: [String: [String: String]]? = nil
    ) {
      self.sid = sid
      self.principal = principal
      self.actions = actions
      self.resources = resources
      self.condition = condition
    }

    enum CodingKeys: String, CodingKey {
      case sid = "Sid"
      case effect = "Effect"
      case principal = "Principal"
      case actions = "Action"
      case resources = "Resource"
      case condition = "Condition"
    }
  }

  /// A policy.
  public init(_ statements: [Statement]) { self.statements = statements }

  enum CodingKeys: String, CodingKey {
    case version = "Version"
    case statements = "Statement"
  }
}

/// The ARN of a role in its parts.
public struct RoleARN: Hashable, Sendable {
  /// The whole of it.
  public let text: String
  /// `aws`, or `aws-cn` and others.
  public let partition: String
  /// The account's number.
  public let account: String
  /// Its name, without a path.
  public let name: String

  /// Nil for what is not the ARN of a role.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "iam",
      parts[3].isEmpty, parts[4].count == 12,
      parts[4].utf8.allSatisfy(\.isDigit), parts[5].hasPrefix("role/"),
      let name = parts[5].split(separator: "/").dropFirst().last,
      parts[5].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "*") })
    else { return nil }
    self.text = text
    partition = String(parts[1])
    account = String(parts[4])
    self.name = String(name)
  }
}

/// Where a site's resources are, as their ARNs name it.
public struct AccessPlace: Hashable, Sendable {
  /// `aws`.
  public let partition: String
  /// `us-west-2`.
  public let region: String
  /// The account's number.
  public let account: String

  /// A place.
  public init(partition: String, region: String, account: String) {
    self.partition = partition
    self.region = region
    self.account = account
  }

  /// The ARN of a resource of a service, from what stands after the account.
  func arn(_ service: String, _ rest: String) -> String {
    "arn:\(partition):\(service):\(region):\(account):\(rest)"
  }

  /// The ARN of what belongs to no region, and perhaps to no account.
  func global(_ service: String, account: String = "", _ rest: String) -> String {
    "arn:\(partition):\(service)::\(account):\(rest)"
  }
}
