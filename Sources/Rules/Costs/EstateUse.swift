/// How much of a product a resource of a site uses.
public struct EstateUse: Hashable, Sendable {
  /// The resource it belongs to.
  public let subject: Subject
  /// What is used; nil where the resource could not be read.
  public let product: Product?
  /// How much, at any moment; nil when not known.
  public let quantity: Quantity?
  /// Why it is between bounds or not known; empty where it is exact.
  public let note: String

  init(_ subject: Subject, _ product: Product?, _ quantity: Quantity?, _ note: String = "") {
    self.subject = subject
    self.product = product
    self.quantity = quantity
    self.note = note
  }

  /// Everything a site uses that is sold by time or size.
  /// - Parameter holdings: how many resources of each CloudFormation type the stack holds; nil
  ///   before it was listed.
  public static func all(of estate: Estate, holdings: [String: Int64]?) -> [EstateUse] {
    let database = estate[DatabaseFacts.self]
    return uses(estate[ServiceFacts.self]) { service($0) }
      + uses(database) { instance($0) }
      + uses(estate[BackupFacts.self]) { backups($0, of: database.facts) }
      + held(.balancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", holdings) { balancers($0) }
      + network(estate[NetworkFacts.self].facts, holdings)
      + held(.zone, "AWS::Route53::HostedZone", holdings) {
        [EstateUse(.zone, .zone, .exactly($0))]
      }
      + uses(estate[LogFacts.self]) { logs($0) }
      + uses(estate[AlarmFacts.self]) { alarms($0) }
      + uses(estate[ImageFacts.self]) { images($0) }
      + [EstateUse(.bucket, .bucketStorage, .followsUse, "As much as is uploaded.")]
      + held(.stack, "AWS::SecretsManager::Secret", holdings) {
        [EstateUse(.stack, .secret, .exactly($0))]
      }
  }

  /// What is used of facts; a line that says why where they are not known.
  private static func uses<Facts: Observed>(
    _ known: Known<Facts>, _ uses: (Facts) -> [EstateUse]
  ) -> [EstateUse] {
    switch known {
    case .read(let facts): uses(facts)
    case .failed(let sentence): [EstateUse(Facts.subject, nil, nil, sentence)]
    case .never: [EstateUse(Facts.subject, nil, nil, "It has not been read.")]
    }
  }

  /// What is used by so many resources of a type.
  private static func held(
    _ subject: Subject, _ type: String, _ holdings: [String: Int64]?,
    _ uses: (Int64) -> [EstateUse]
  ) -> [EstateUse] {
    guard let holdings else {
      return [EstateUse(subject, nil, nil, "The stack has not been listed.")]
    }
    guard let count = holdings[type], count > 0 else { return [] }
    return uses(count)
  }
}

extension EstateUse {
  private static func service(_ facts: ServiceFacts) -> [EstateUse] {
    guard let size = FargateSize(cpuUnits: facts.cpuUnits, memoryMiB: facts.memoryMiB) else {
      return [EstateUse(.service, nil, nil, "Fargate has no tasks of this size.")]
    }
    return [
      EstateUse(
        .service, .fargateVCPU(architecture: facts.architecture),
        .exactly(milliUnits: size.milliVCPU(tasks: facts.desired))),
      EstateUse(
        .service, .fargateMemory(architecture: facts.architecture),
        .exactly(milliUnits: size.milliGB(tasks: facts.desired))),
    ]
  }

  private static func instance(_ facts: DatabaseFacts) -> [EstateUse] {
    let storage = EstateUse(
      .database, .databaseStorage(type: facts.storageType, multiAZ: facts.multiAZ),
      .exactly(facts.storageGiB))
    guard facts.engine == "mysql" else {
      let note = "Caretaker knows the prices of MySQL, and this is \(facts.engine)."
      return [EstateUse(.database, nil, nil, note), storage]
    }
    return [
      EstateUse(
        .database, .databaseInstance(class: facts.instanceClass, multiAZ: facts.multiAZ),
        .exactly(facts.status == "stopped" ? 0 : 1)),
      storage,
    ]
  }

  /// A snapshot takes up at most the storage it is of, and as much as the instance has is free.
  private static func backups(_ facts: BackupFacts, of database: DatabaseFacts?) -> [EstateUse] {
    let held = facts.snapshots.reduce(into: Int64(0)) { sum, snapshot in
      let (total, overflow) = sum.addingReportingOverflow(max(snapshot.storageGiB, 0))
      sum = overflow ? .max : total
    }
    let beyond = max(held - max(database?.storageGiB ?? 0, 0), 0)
    return [
      EstateUse(
        .backups, .databaseBackup, .between(0, beyond),
        beyond == 0 ? "" : "Snapshots hold what has changed, at most their whole size.")
    ]
  }

  private static func balancers(_ count: Int64) -> [EstateUse] {
    let (addresses, overflow) = count.multipliedReportingOverflow(by: 2_000)
    return [
      EstateUse(.balancer, .balancer, .exactly(count)),
      EstateUse(.balancer, .balancerCapacity, .followsUse, "As much as readers ask for."),
      EstateUse(
        .balancer, .address, Quantity(low: overflow ? .max : addresses, high: nil),
        "One for each zone, two at least, and more under load."),
    ]
  }

  /// Gateways as EC2 tells them, or else as the stack lists them, and their addresses.
  private static func network(_ facts: NetworkFacts?, _ holdings: [String: Int64]?) -> [EstateUse] {
    let gone: Set = ["deleted", "failed"]
    let seen = facts.map { Int64($0.gateways.values.filter { !gone.contains($0) }.count) }
    let type = "AWS::EC2::NatGateway"
    return held(.network, type, seen.map { [type: $0] } ?? holdings) { count in
      [
        EstateUse(.network, .gateway, .exactly(count)),
        EstateUse(.network, .gatewayData, .followsUse, "As much as tasks send and fetch."),
      ]
    }
      + (holdings == nil
        ? []
        : held(.network, "AWS::EC2::EIP", holdings) {
          [EstateUse(.network, .address, .exactly($0))]
        })
  }

  private static func logs(_ facts: LogFacts) -> [EstateUse] {
    [
      EstateUse(.logs, .logIngestion, .followsUse, "As much as Ghost writes."),
      EstateUse(
        .logs, .logStorage, .upTo(bytes: facts.storedBytes),
        facts.storedBytes > 0 ? "Paid for as compressed, at most as written." : ""),
    ]
  }

  /// Alarms of an account that cost nothing (Amazon CloudWatch Pricing, "Free tier").
  private static let freeAlarms: Int64 = 10

  private static func alarms(_ facts: AlarmFacts) -> [EstateUse] {
    let count = Int64(facts.alarms.count)
    guard count > 0 else { return [] }
    return [
      EstateUse(
        .alarms, .alarm, .between(max(count - freeAlarms, 0), count),
        "The first \(freeAlarms) of an account are free.")
    ]
  }

  /// Layers that images share are kept once: at least the largest image, at most all of them.
  private static func images(_ facts: ImageFacts) -> [EstateUse] {
    let sizes = facts.images.map { max($0.bytes, 0) }
    let all = sizes.reduce(Int64(0)) { sum, size in
      let (total, overflow) = sum.addingReportingOverflow(size)
      return overflow ? .max : total
    }
    return [
      EstateUse(
        .images, .imageStorage, .upTo(bytes: all, atLeast: sizes.max() ?? 0),
        sizes.count > 1 ? "Layers that images share are kept once." : "")
    ]
  }
}
