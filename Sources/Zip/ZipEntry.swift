/// A file or folder in an archive.
public struct ZipEntry: Sendable, Equatable {
  /// How the bytes are packed (APPNOTE 4.4.5).
  enum Method: Int, Sendable {
    case stored = 0
    case deflated = 8
  }

  /// The path below the archive's root: safe to join to a folder. A folder's ends in a slash.
  public let name: String
  /// The length unpacked, in bytes.
  public let bytes: Int
  /// The length packed, in bytes.
  public let compressedBytes: Int
  /// The CRC-32 of what is unpacked.
  public let crc32: UInt32
  /// Whether it is a folder, which has no content.
  public var isFolder: Bool { name.hasSuffix("/") }

  let method: Method
  /// Where the packed bytes begin in the archive.
  let start: Int
}
