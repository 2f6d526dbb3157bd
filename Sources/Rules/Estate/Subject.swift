/// What is observed, one subject each.
public enum Subject: String, CaseIterable, Sendable {
  case blog, service, tasks, rollouts, images, database, backups, bucket, logs, alarms, topics
  case mail, identities, members, balancer, network, zone, certificates, stack
  case changeSets = "change-sets"
  case trail
  case workflows

  /// The subject as people call it.
  public var label: String {
    switch self {
    case .blog: "Site"
    case .service: "Service"
    case .tasks: "Tasks"
    case .rollouts: "Rollouts"
    case .images: "Images"
    case .database: "Database"
    case .backups: "Backups"
    case .bucket: "Media bucket"
    case .logs: "Log group"
    case .alarms: "Alarms"
    case .topics: "Notifications"
    case .mail: "Mail"
    case .identities: "Mail identities"
    case .members: "Members"
    case .balancer: "Load balancer"
    case .network: "NAT gateways"
    case .zone: "DNS zone"
    case .certificates: "Certificates"
    case .stack: "Stack"
    case .changeSets: "Change sets"
    case .trail: "Acts past Caretaker"
    case .workflows: "Workflows"
    }
  }

  /// Where it is read from, as people call it.
  public var reader: String {
    switch self {
    case .blog: "the site itself"
    case .service, .tasks, .rollouts: "ECS"
    case .images: "ECR"
    case .database, .backups: "RDS"
    case .bucket: "S3"
    case .logs: "CloudWatch Logs"
    case .alarms: "CloudWatch"
    case .topics: "SNS"
    case .mail, .identities: "SES"
    case .members: "Ghost"
    case .balancer: "Elastic Load Balancing"
    case .network: "EC2"
    case .zone: "Route 53"
    case .certificates: "ACM"
    case .stack, .changeSets: "CloudFormation"
    case .trail: "CloudTrail"
    case .workflows: "GitHub"
    }
  }
}

/// Facts that were read of a subject.
public protocol Observed: Codable, Hashable, Sendable {
  /// What they are facts of.
  static var subject: Subject { get }
}
