/// Something that AWS sells and a Ghost stack uses, apart from the region it is sold in.
public enum Product: Hashable, Sendable {
  /// One vCPU of a Fargate task for an hour, on `X86_64` or `ARM64`.
  case fargateVCPU(architecture: String)
  /// One GB of memory of a Fargate task for an hour.
  case fargateMemory(architecture: String)
  /// An instance of RDS for MySQL for an hour.
  case databaseInstance(class: String, multiAZ: Bool)
  /// One GB of an instance's storage, `gp2` or `gp3`, for a month.
  case databaseStorage(type: String, multiAZ: Bool)
  /// One GB of backups beyond the size of the instances, for a month.
  case databaseBackup
  /// A load balancer for HTTP for an hour.
  case balancer
  /// A capacity unit of a load balancer for an hour.
  case balancerCapacity
  /// A NAT gateway for an hour.
  case gateway
  /// One GB through a NAT gateway.
  case gatewayData
  /// A public IPv4 address for an hour.
  case address
  /// One GB in S3 Standard for a month, of the first 50 TB.
  case bucketStorage
  /// One GB written to CloudWatch Logs.
  case logIngestion
  /// One GB kept by CloudWatch Logs, compressed, for a month.
  case logStorage
  /// An alarm on one metric for a month.
  case alarm
  /// One GB of images for a month.
  case imageStorage
  /// A secret for a month.
  case secret
  /// A hosted zone for a month, of the first 25.
  case zone

  /// The name under which its price is kept, `rds.db.t3.micro.single`.
  public var code: String {
    switch self {
    case .fargateVCPU(let architecture): "fargate.vcpu.\(architecture.lowercased())"
    case .fargateMemory(let architecture): "fargate.memory.\(architecture.lowercased())"
    case .databaseInstance(let name, let multiAZ): "rds.\(name).\(multiAZ ? "multi" : "single")"
    case .databaseStorage(let type, let multiAZ): "rds.\(type).\(multiAZ ? "multi" : "single")"
    case .databaseBackup: "rds.backup"
    case .balancer: "alb"
    case .balancerCapacity: "alb.capacity"
    case .gateway: "nat"
    case .gatewayData: "nat.data"
    case .address: "ipv4"
    case .bucketStorage: "s3.standard"
    case .logIngestion: "logs.ingestion"
    case .logStorage: "logs.storage"
    case .alarm: "alarm"
    case .imageStorage: "ecr"
    case .secret: "secret"
    case .zone: "route53.zone"
    }
  }

  /// What it is, as people call it.
  public var label: String {
    switch self {
    case .fargateVCPU: "Fargate vCPU"
    case .fargateMemory: "Fargate memory"
    case .databaseInstance(let name, let multiAZ): "RDS \(name), \(Self.zones(multiAZ))"
    case .databaseStorage(let type, let multiAZ): "RDS storage \(type), \(Self.zones(multiAZ))"
    case .databaseBackup: "Backups beyond the size of the database"
    case .balancer: "Load balancer"
    case .balancerCapacity: "Load balancer's capacity"
    case .gateway: "NAT gateway"
    case .gatewayData: "Data through the NAT gateway"
    case .address: "Public IPv4 addresses"
    case .bucketStorage: "Media in S3"
    case .logIngestion: "Log lines written"
    case .logStorage: "Log lines kept"
    case .alarm: "Alarms"
    case .imageStorage: "Images in ECR"
    case .secret: "Secrets"
    case .zone: "Hosted zones"
    }
  }

  /// What the price is for.
  public var unit: String {
    switch self {
    case .fargateVCPU: "vCPU-hour"
    case .fargateMemory: "GB-hour"
    case .databaseInstance: "instance-hour"
    case .balancer, .gateway: "hour"
    case .balancerCapacity: "LCU-hour"
    case .address: "address-hour"
    case .gatewayData, .logIngestion: "GB"
    case .databaseStorage, .databaseBackup, .bucketStorage, .logStorage, .imageStorage: "GB-month"
    case .alarm: "alarm-month"
    case .secret: "secret-month"
    case .zone: "zone-month"
    }
  }

  /// How often a unit is paid for in a month.
  public var timesAMonth: Int64 { unit.hasSuffix("hour") ? Cost.hoursPerMonth : 1 }

  private static func zones(_ multiAZ: Bool) -> String { multiAZ ? "Multi-AZ" : "Single-AZ" }
}
