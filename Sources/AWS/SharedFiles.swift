internal import Dispatch
internal import Foundation

/// The files that AWS's tools share, `~/.aws/config` and `~/.aws/credentials` ("Shared config and
/// credentials files", AWS SDKs and Tools Reference Guide).
struct SharedFiles: Sendable {
  /// Most bytes that are read of a file.
  static let bytesMax = 1 << 20

  /// Settings by profile. Where both files have one, the credentials file's counts.
  private(set) var profiles: [String: [String: String]] = [:]

  /// Reads both; one that is not there or cannot be read holds nothing.
  static func read(_ environment: [String: String]) async -> SharedFiles {
    let home = environment.nonEmpty("HOME")
    let config = environment.nonEmpty("AWS_CONFIG_FILE") ?? home.map { $0 + "/.aws/config" }
    let credentials =
      environment.nonEmpty("AWS_SHARED_CREDENTIALS_FILE") ?? home.map { $0 + "/.aws/credentials" }
    var files = SharedFiles()
    files.add(await text(config), isConfig: true)
    files.add(await text(credentials), isConfig: false)
    return files
  }

  /// A small file's text; empty when it cannot be read.
  static func text(_ path: String?) async -> String {
    guard let path else { return "" }
    // Reading a file can wait for a disk or a network, so not on a thread that tasks run on.
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let file = FileHandle(forReadingAtPath: path)
        let data = (try? file?.read(upToCount: bytesMax)) ?? Data()
        continuation.resume(returning: String(decoding: data, as: UTF8.self))
      }
    }
  }

  /// Adds the profiles of one file. The config file writes `[profile name]` for all but the
  /// default one, and has sections of other kinds, which are passed over.
  mutating func add(_ text: String, isConfig: Bool) {
    var section: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let isNested = line.first == " " || line.first == "\t"
      let trimmed = line.trimmingSpaces
      if trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
        let title = trimmed[trimmed.index(after: trimmed.startIndex)..<end].trimmingSpaces
        section = Self.profile(title, isConfig: isConfig)
        if let section { profiles[section, default: [:]] = profiles[section] ?? [:] }
      } else if !isNested, let section, let equals = trimmed.firstIndex(of: "=") {
        let name = trimmed[..<equals].trimmingSpaces.lowercased()
        let value = trimmed[trimmed.index(after: equals)...].trimmingSpaces
        profiles[section]?[name] = value
      }
    }
  }

  private static func profile(_ title: String, isConfig: Bool) -> String? {
    guard isConfig, title != "default" else { return title }
    let words = title.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    guard words.count == 2, words[0] == "profile" else { return nil }
    return words[1].trimmingSpaces
  }
}
