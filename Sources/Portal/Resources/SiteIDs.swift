import Foundation
import GRDB

/// The physical ids of what a Ghost stack holds.
struct SiteIDs: Sendable {
  private let ids: [String: [String]]

  /// The ids in a listing; where a type occurs twice, the first logical name counts.
  init(_ entries: [StackEntry]) {
    ids = Dictionary(grouping: entries.sorted { $0.logicalID < $1.logicalID }, by: \.type)
      .mapValues { $0.map(\.physicalID) }
  }

  /// The ids as last listed.
  init(site: String, in db: Database) throws {
    self.init(try ResourceStore.all(site: site, in: db))
  }

  /// The service, with its cluster.
  var service: (cluster: String, name: String) {
    get throws {
      // CloudFormation gives a service's ARN, …:service/CLUSTER/NAME; the name is its end.
      let arn = try first("AWS::ECS::Service", "ECS service")
      return (try first("AWS::ECS::Cluster", "ECS cluster"), Self.end(of: arn))
    }
  }

  var database: String { get throws { try first("AWS::RDS::DBInstance", "RDS instance") } }
  var bucket: String { get throws { try first("AWS::S3::Bucket", "S3 bucket") } }
  var logGroup: String { get throws { try first("AWS::Logs::LogGroup", "log group") } }

  var balancer: String {
    get throws { try first("AWS::ElasticLoadBalancingV2::LoadBalancer", "load balancer") }
  }
  /// The load balancer as CloudWatch names it, `app/NAME/ID`: the end of its ARN.
  var balancerName: String {
    get throws {
      let arn = try balancer
      return arn.range(of: ":loadbalancer/").map { String(arn[$0.upperBound...]) } ?? arn
    }
  }
  var repository: String { get throws { try first("AWS::ECR::Repository", "image repository") } }
  var zone: String { get throws { try first("AWS::Route53::HostedZone", "DNS zone") } }
  /// The ids of every resource of a type; none says that the stack holds none.
  /// - Throws: ``PlanProblem`` when the stack has not been listed, so that nobody knows.
  func all(_ type: String) throws -> [String] { try listed()[type] ?? [] }

  /// The ids of every resource of the stack, and the stack's own.
  /// - Throws: ``PlanProblem`` when the stack has not been listed.
  func everything() throws -> [String] {
    try listed().values.flatMap { $0 }.filter { !$0.isEmpty }
  }

  private func listed() throws -> [String: [String]] {
    guard !ids.isEmpty else {
      throw PlanProblem("The stack has not been listed, so this can't be read.")
    }
    return ids
  }

  private func first(_ type: String, _ words: String) throws -> String {
    guard let id = try all(type).first else {
      throw PlanProblem(
        "The stack holds no \(words). Check “stack” and “region” in the configuration.")
    }
    return id
  }

  /// What an ARN names within its service: all behind its last colon.
  static func name(in arn: String) -> String {
    arn.split(separator: ":").last.map(String.init) ?? arn
  }

  private static func end(of arn: String) -> String {
    arn.split(separator: "/").last.map(String.init) ?? arn
  }
}
