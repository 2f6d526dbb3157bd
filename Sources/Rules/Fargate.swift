/// A size that AWS Fargate offers for Linux tasks.
/// Source: Amazon ECS Developer Guide, "Task CPU and memory".
public struct FargateSize: Hashable, Comparable, Sendable {
  /// CPU units; 1,024 are one vCPU.
  public let cpuUnits: Int64
  /// Memory in MiB.
  public let memoryMiB: Int64

  /// Every size on offer up to 16 vCPU, small to large.
  public static let all: [FargateSize] =
    sizes(cpu: 256, memory: [512, 1024, 2048])
    + sizes(cpu: 512, memory: stride(from: 1, through: 4, by: 1).map { $0 * 1024 })
    + sizes(cpu: 1024, memory: stride(from: 2, through: 8, by: 1).map { $0 * 1024 })
    + sizes(cpu: 2048, memory: stride(from: 4, through: 16, by: 1).map { $0 * 1024 })
    + sizes(cpu: 4096, memory: stride(from: 8, through: 30, by: 1).map { $0 * 1024 })
    + sizes(cpu: 8192, memory: stride(from: 16, through: 60, by: 4).map { $0 * 1024 })
    + sizes(cpu: 16384, memory: stride(from: 32, through: 120, by: 8).map { $0 * 1024 })

  /// The size with these figures, or nil when Fargate has none.
  public init?(cpuUnits: Int64, memoryMiB: Int64) {
    let size = FargateSize(unchecked: cpuUnits, memoryMiB)
    guard Self.all.contains(size) else { return nil }
    self = size
  }

  private init(unchecked cpuUnits: Int64, _ memoryMiB: Int64) {
    self.cpuUnits = cpuUnits
    self.memoryMiB = memoryMiB
  }

  private static func sizes(cpu: Int64, memory: [Int64]) -> [FargateSize] {
    memory.map { FargateSize(unchecked: cpu, $0) }
  }

  /// The size as a form sends it, `512-1024`; nil for anything else.
  public init?(code: String) {
    let parts = code.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 2, let cpu = parts[0], let memory = parts[1] else { return nil }
    self.init(cpuUnits: cpu, memoryMiB: memory)
  }

  /// The size as a form sends it.
  public var code: String { "\(cpuUnits)-\(memoryMiB)" }

  /// Thousandths of a vCPU that so many tasks take; the largest number where it would not fit.
  public func milliVCPU(tasks: Int64) -> Int64 { Self.thousandths(of: cpuUnits, tasks: tasks) }

  /// Thousandths of a GB that so many tasks take; the largest number where it would not fit.
  public func milliGB(tasks: Int64) -> Int64 { Self.thousandths(of: memoryMiB, tasks: tasks) }

  private static func thousandths(of amount: Int64, tasks: Int64) -> Int64 {
    let (product, overflow) = tasks.multipliedReportingOverflow(by: amount * 1_000)
    return overflow ? .max : product / 1_024
  }

  /// The size in words, `0.25 vCPU, 512 MiB`.
  public var words: String {
    let vcpu =
      switch cpuUnits {
      case 256: "0.25"
      case 512: "0.5"
      default: String(cpuUnits / 1024)
      }
    let memory = memoryMiB < 1024 ? "\(memoryMiB) MiB" : "\(memoryMiB / 1024) GiB"
    return "\(vcpu) vCPU, \(memory)"
  }

  /// By CPU, then by memory.
  public static func < (left: FargateSize, right: FargateSize) -> Bool {
    (left.cpuUnits, left.memoryMiB) < (right.cpuUnits, right.memoryMiB)
  }
}

/// The database classes a Ghost blog grows through, smallest first.
public enum DatabaseClass {
  /// General classes of RDS for MySQL that can be asked for.
  public static let all = [
    "db.t4g.micro", "db.t3.micro", "db.t4g.small", "db.t3.small", "db.t4g.medium",
    "db.t3.medium", "db.t4g.large", "db.t3.large", "db.m6g.large", "db.m7g.large",
    "db.m6g.xlarge", "db.m7g.xlarge", "db.m6g.2xlarge", "db.m7g.2xlarge",
  ]
}
