import AWS
import Cryptography
import Foundation
import Rules

/// What one site is made of as it is called: AWS, its repository on GitHub and Ghost itself, and
/// what their answers mean as facts.
struct Cloud: Sendable {
  let site: Site
  let github: GitHub
  let ghost: Ghost
  /// AWS's time, for spans up to now.
  let now: @Sendable () -> Moment
  /// The way to the site itself.
  let transport: Transport
  private var client: Client

  /// How many milliseconds AWS's clock was ahead at its last answer; nil before the first.
  var clockLeadMs: Int64? { client.clockLeadMs }

  /// How many attempts at calls there were since the start.
  var calls: [CallTally: Int] { client.calls }

  /// Calls for a site, with the credentials its configuration names.
  /// - Parameter time: what calls keep their pace by; nil for the clock's, waiting for real.
  init(
    site: Site, transport: Transport, environment: [String: String],
    now: @escaping @Sendable () -> Moment, time: Time? = nil,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.site = site
    self.now = now
    self.transport = transport
    let date: @Sendable () -> Date = {
      Date(timeIntervalSince1970: Double(now().ms) / 1_000)
    }
    let time = time ?? Time(nowMs: { now().ms })
    var environment = environment
    // An endpoint of one's own is a demo or a test: the machine's real role is not for it.
    if site.endpoint != nil { environment["AWS_EC2_METADATA_DISABLED"] = "true" }
    let client = Client(
      region: site.region,
      credentials: CredentialsChain(
        environment: environment, profile: site.profile, role: site.role, transport: transport,
        now: date),
      transport: transport, endpoint: site.endpoint, time: time,
      clean: SecretScan.redacted, random: random)
    self.client = site.runRole == nil ? client : client.reading(saying: Self.onlyRunsWrite)
    github = GitHub(
      site: site, transport: transport, environment: environment, now: now, sleep: time.sleep)
    ghost = Ghost(site: site, transport: transport, environment: environment, now: now)
  }
}

extension Cloud {
  private static let onlyRunsWrite =
    "This site has a “run_role”, so that nothing but the run of a change writes. Nothing was sent."

  /// The same cloud for what Caretaker writes of its own: notices and the log's anchors.
  var asCaretaker: Cloud {
    var copy = self
    copy.client = client.writing()
    return copy
  }

  /// The same cloud, which writes nothing while another portal may work.
  func writing(under lease: LeaseHold) -> Cloud {
    var copy = self
    copy.client = client.asking { lease.standing.refusal?.sentence }
    return copy
  }

  /// The same cloud, which writes as one session of a role.
  func acting(as role: RoleRequest) async throws -> Cloud {
    var copy = self
    copy.client = try await client.writing(as: role)
    return copy
  }
}

/// The services, one by one.
extension Cloud {
  var sts: STS { STS(client) }
  var cloudFormation: CloudFormation { CloudFormation(client) }
  var ecs: ECS { ECS(client) }
  var ecr: ECR { ECR(client) }
  var ec2: EC2 { EC2(client) }
  var balancing: ElasticLoadBalancing { ElasticLoadBalancing(client) }
  var rds: RDS { RDS(client) }
  var s3: S3 { S3(client) }
  var logs: Logs { Logs(client) }
  var cloudWatch: CloudWatch { CloudWatch(client) }
  var sns: SNS { SNS(client) }
  var events: EventBridge { EventBridge(client) }
  var ses: SES { SES(client) }
  var route53: Route53 { Route53(client) }
  var acm: ACM { ACM(client) }
  var pricing: Pricing { Pricing(client) }
  var costExplorer: CostExplorer { CostExplorer(client) }
  var cloudTrail: CloudTrail { CloudTrail(client) }
}
