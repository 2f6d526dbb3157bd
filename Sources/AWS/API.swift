/// One of AWS's services as seen from the wire.
public struct API: Sendable, Equatable {
  /// How requests are written and answers read.
  enum Wire: Sendable, Equatable {
    /// Form fields to `/`, XML back.
    case query(version: String)
    /// The same as EC2 speaks it: lists are numbered without `member`, and the answer has no
    /// element around its result.
    case ec2(version: String)
    /// JSON 1.1 to `/`, the operation named in `X-Amz-Target` after this prefix.
    case json(target: String)
    /// Paths and methods of its own, XML back.
    case restXML
    /// Paths and methods of its own, JSON both ways.
    case restJSON
  }

  /// The name people know it by, `RDS`.
  public let name: String
  /// The prefix of its actions in IAM policies, `rds`.
  public let actionPrefix: String
  let signingName: String
  let host: String
  let wire: Wire
  /// The one region it is called in, whatever the client's; nil for the client's.
  let onlyRegion: String?
  /// Whether its host names no region.
  let isGlobal: Bool

  private init(
    _ name: String, action: String, signing: String? = nil, host: String? = nil, wire: Wire,
    onlyRegion: String? = nil, isGlobal: Bool = false
  ) {
    self.name = name
    actionPrefix = action
    signingName = signing ?? action
    self.host = host ?? action
    self.wire = wire
    self.onlyRegion = onlyRegion
    self.isGlobal = isGlobal
  }

  static let sts = API("STS", action: "sts", wire: .query(version: "2011-06-15"))
  static let ec2 = API("EC2", action: "ec2", wire: .ec2(version: "2016-11-15"))
  static let elasticLoadBalancing = API(
    "Elastic Load Balancing", action: "elasticloadbalancing", wire: .query(version: "2015-12-01"))
  static let sns = API("SNS", action: "sns", wire: .query(version: "2010-03-31"))
  static let cloudFormation = API(
    "CloudFormation", action: "cloudformation", wire: .query(version: "2010-05-15"))
  static let rds = API("RDS", action: "rds", wire: .query(version: "2014-10-31"))
  static let cloudWatch = API(
    "CloudWatch", action: "cloudwatch", signing: "monitoring", host: "monitoring",
    wire: .query(version: "2010-08-01"))
  static let ecs = API(
    "ECS", action: "ecs", wire: .json(target: "AmazonEC2ContainerServiceV20141113"))
  static let ecr = API(
    "ECR", action: "ecr", host: "api.ecr",
    wire: .json(target: "AmazonEC2ContainerRegistry_V20150921"))
  static let logs = API("CloudWatch Logs", action: "logs", wire: .json(target: "Logs_20140328"))
  static let pricing = API(
    "Price List", action: "pricing", host: "api.pricing",
    wire: .json(target: "AWSPriceListService"), onlyRegion: "us-east-1")
  static let costExplorer = API(
    "Cost Explorer", action: "ce", wire: .json(target: "AWSInsightsIndexService"),
    onlyRegion: "us-east-1")
  static let cloudTrail = API(
    "CloudTrail", action: "cloudtrail",
    wire: .json(target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"))
  static let events = API("EventBridge", action: "events", wire: .json(target: "AWSEvents"))
  static let s3 = API("S3", action: "s3", wire: .restXML)
  static let route53 = API(
    "Route 53", action: "route53", wire: .restXML, onlyRegion: "us-east-1", isGlobal: true)
  static let acm = API("ACM", action: "acm", wire: .json(target: "CertificateManager"))
  static let ses = API("SES", action: "ses", host: "email", wire: .restJSON)

  var pathRule: Signer.PathRule { signingName == "s3" ? .once : .normalised }
}

/// One operation of a service.
public struct Operation: Sendable, Equatable {
  /// The service.
  public let api: API
  /// The operation's name in AWS's reference, `DescribeDBInstances`.
  public let name: String
  /// Whether it changes nothing, and so may be sent again.
  public let isRead: Bool
  /// The action an IAM policy allows it by, `rds:DescribeDBInstances` (Service Authorization
  /// Reference). Most are named as the operation; many of S3 are not.
  public let action: String

  private init(_ api: API, _ name: String, isRead: Bool, action: String?) {
    self.api = api
    self.name = name
    self.isRead = isRead
    self.action = "\(api.actionPrefix):\(action ?? name)"
  }

  static func read(_ api: API, _ name: String, action: String? = nil) -> Operation {
    Operation(api, name, isRead: true, action: action)
  }

  static func write(_ api: API, _ name: String, action: String? = nil) -> Operation {
    Operation(api, name, isRead: false, action: action)
  }
}
