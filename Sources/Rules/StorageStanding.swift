/// Whether what a run does could be written down at this moment. A run that could not be is not
/// begun.
public enum StorageStanding: Hashable, Sendable {
  /// Writes succeed and there is room.
  case healthy
  /// So few bytes are free that an outcome may find no room.
  case low(freeBytes: Int64)
  /// The last write failed, or an outcome waits to be written. The sentence says which.
  case cannotWrite(String)

  /// Below so many free bytes nothing guarded is begun: 512 MiB.
  public static let freeBytesMin: Int64 = 512 << 20
  /// Below this part of the disk, in percent, neither.
  public static let freePercentMin: Int64 = 5

  /// The standing of a disk that can be written.
  public init(freeBytes: Int64, totalBytes: Int64) {
    let isLow = freeBytes < max(Self.freeBytesMin, totalBytes / 100 * Self.freePercentMin)
    self = isLow ? .low(freeBytes: freeBytes) : .healthy
  }

  /// What is wrong and what to do; nil when nothing is.
  public var problem: String? {
    switch self {
    case .healthy: nil
    case .low(let freeBytes):
      "The disk of the data folder has only \(freeBytes >> 20) MiB left. Make room; Caretaker goes "
        + "on by itself."
    case .cannotWrite(let why): why
    }
  }

  /// Why nothing guarded is begun; nil when it may be.
  public var refusal: Refusal? { problem.map(Refusal.machineUnfit) }
}
