/// What one archive may take. Past a limit it is refused.
public struct ZipLimits: Sendable {
  /// The archive itself, in bytes.
  public var archiveBytesMax = 67_108_864
  /// The list of its entries, in bytes: it is read into memory.
  public var directoryBytesMax = 4_194_304
  /// Files and folders.
  public var entriesMax = 10_000
  /// One file when it is unpacked, in bytes.
  public var entryBytesMax = 67_108_864
  /// All files when they are unpacked, in bytes.
  public var totalBytesMax = 268_435_456
  /// How many times larger than packed a file may be, and all files together. Text reaches 10,
  /// deflate can reach 1,032.
  public var ratioMax = 100
  /// What is no larger than this unpacked, in bytes, may have any ratio.
  public var ratioFreeBytes = 1_048_576
  /// The folders a name may have, and the file.
  public var depthMax = 16

  /// Limits for themes.
  public init() {}
}
