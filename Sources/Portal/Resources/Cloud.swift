import AWS
import Cryptography
import Foundation
import Rules

/// What one site is made of as it is called: AWS, its repository on GitHub and Ghost itself, and
/// what their answers mean as facts.
struct Cloud: Sendable {
  let site: Site
  let sts: STS
  let cloudFormation: CloudFormation
  let ecs: ECS
  let ecr: ECR
  let ec2: EC2
  let balancing: ElasticLoadBalancing
  let rds: RDS
  let s3: S3
  let logs: Logs
  let cloudWatch: CloudWatch
  let sns: SNS
  let events: EventBridge
  let ses: SES
  let route53: Route53
  let acm: ACM
  let pricing: Pricing
  let costExplorer: CostExplorer
  let cloudTrail: CloudTrail
  let github: GitHub
  let ghost: Ghost
  /// AWS's time, for spans up to now.
  let now: @Sendable () -> Moment
  /// The way to the site itself.
  let transport: Transport
  private let client: Client

  /// How many milliseconds AWS's clock was ahead at its last answer; nil before the first.
  var clockLeadMs: Int64? { client.clockLeadMs }

  /// Calls for a site, with the credentials its configuration names.
  init(
    site: Site, transport: Transport, environment: [String: String],
    now: @escaping @Sendable () -> Moment
  ) {
    self.site = site
    self.now = now
    self.transport = transport
    let date: @Sendable () -> Date = {
      Date(timeIntervalSince1970: Double(now().ms) / 1_000)
    }
    var environment = environment
    // An endpoint of one's own is a demo or a test: the machine's real role is not for it.
    if site.endpoint != nil { environment["AWS_EC2_METADATA_DISABLED"] = "true" }
    client = Client(
      region: site.region,
      credentials: CredentialsChain(
        environment: environment, profile: site.profile, role: site.role, transport: transport,
        now: date),
      transport: transport, endpoint: site.endpoint, now: date,
      clean: SecretScan.redacted)
    sts = STS(client)
    cloudFormation = CloudFormation(client)
    ecs = ECS(client)
    ecr = ECR(client)
    ec2 = EC2(client)
    balancing = ElasticLoadBalancing(client)
    rds = RDS(client)
    s3 = S3(client)
    logs = Logs(client)
    cloudWatch = CloudWatch(client)
    sns = SNS(client)
    events = EventBridge(client)
    ses = SES(client)
    route53 = Route53(client)
    acm = ACM(client)
    pricing = Pricing(client)
    costExplorer = CostExplorer(client)
    cloudTrail = CloudTrail(client)
    github = GitHub(site: site, transport: transport, environment: environment, now: now)
    ghost = Ghost(site: site, transport: transport, environment: environment, now: now)
  }
}
