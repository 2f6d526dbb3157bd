import Cryptography
import Foundation
public import Rules
import Yams

/// When the portal is backed up, and where to.
public struct BackupSettings: Hashable, Sendable {
  /// A folder, or `s3://bucket/prefix`.
  public var place: String
  /// From one backup to the next.
  public var everyMs: Int64
  /// What stays in a folder. Of a bucket, its own lifecycle rules decide.
  public var retention: BackupRetention
  /// The file of the key that seals them; nil for open archives, in a folder alone.
  public var keyFile: String?
  /// The site whose credentials and region are used for a bucket.
  public var site: String

  init(_ node: Node, place: String, sites: [Site]) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(
      node, place: place,
      known: ["to", "every_hours", "keep_days", "keep_at_least", "key_file", "site"])
    self.place = try keys.needed("to")
    everyMs = Int64(try keys.number("every_hours", in: 1...168, else: 24)) * Span.hour
    retention = BackupRetention(
      keepMs: Int64(try keys.number("keep_days", in: 1...3_650, else: 30)) * Span.day,
      least: try keys.number("keep_at_least", in: 1...1_000, else: 7))
    keyFile = try keys.text("key_file")
    site = try keys.site(of: sites)
    guard BackupPlace(self.place) != nil else {
      throw ConfigurationProblem(
        "\(place): to must be a folder or s3://BUCKET/PREFIX, not “\(self.place)”.")
    }
    guard keyFile != nil || !self.place.hasPrefix(BackupPlace.scheme) else {
      throw ConfigurationProblem(
        "\(place): what leaves this machine is sealed. Add key_file; operations.md says how to "
          + "make one.")
    }
  }
}

/// Where backups are put.
enum BackupPlace: Hashable, Sendable {
  case folder(String)
  case bucket(String, prefix: String)

  static let scheme = "s3://"

  /// Nil for an address of a bucket that names none.
  init?(_ text: String) {
    guard text.hasPrefix(Self.scheme) else {
      self = .folder(text)
      return
    }
    let address = text.dropFirst(Self.scheme.count)
    let bucket = address.prefix { $0 != "/" }
    let prefix = String(address.dropFirst(bucket.count + 1))
    guard !bucket.isEmpty, !prefix.hasSuffix("/") else { return nil }
    self = .bucket(String(bucket), prefix: prefix)
  }
}

extension SealingKey {
  /// The key of backups in a file: 64 hexadecimal digits in one line.
  static func ofBackups(file: String) throws -> SealingKey {
    guard let line = try KeyFile.read(file, holding: "the key of the backups") else {
      throw OwnBackupProblem(
        "There is no key \(file). Make one and keep a copy elsewhere: openssl rand -hex 32 "
          + "> \(file); chmod 400 \(file)")
    }
    let text = String(decoding: line.bytes, as: UTF8.self)
    guard let bytes = Hex.decode(text), let key = SealingKey(Secret(bytes: bytes)) else {
      throw OwnBackupProblem("\(file) holds no key: 64 hexadecimal digits in one line.")
    }
    return key
  }
}
