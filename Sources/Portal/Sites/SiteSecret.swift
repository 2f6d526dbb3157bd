import Cryptography
import Foundation

/// Where a site's secret for another service is kept: a file, or a variable of the process. Read
/// when it is needed, so that a new one counts at once, and never stored.
struct SiteSecret: Sendable {
  /// What it is, as people call it: `GitHub token`.
  let name: String
  /// The key of the configuration that names its file.
  let key: String
  /// The file; nil where none is configured.
  let file: String?
  /// The value of the variable; nil where it is not set.
  let value: Secret?

  /// The most bytes of a file that are read.
  static let bytesMax = 16_384

  /// The secret without spaces or line ends around it; nil where none is configured.
  /// - Throws: ``PlanProblem`` with what is wrong with the file.
  func read() throws -> Secret? {
    guard let file else { return value }
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw PlanProblem("The \(name) can't be read from \(file). Check \(key) and the file's mode.")
    }
    defer { try? handle.close() }
    let bytes = try handle.read(upToCount: Self.bytesMax) ?? Data()
    let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
    let trimmed = Array(
      bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    guard !trimmed.isEmpty else {
      throw PlanProblem("\(file) is empty: there is no \(name) in it.")
    }
    return Secret(bytes: trimmed)
  }
}

extension Site {
  func githubToken(_ environment: [String: String]) -> SiteSecret {
    SiteSecret(
      name: "GitHub token", key: "github_token_file", file: githubTokenFile,
      value: environment["CARETAKER_GITHUB_TOKEN"].map { Secret($0) })
  }

  func ghostKey(_ environment: [String: String]) -> SiteSecret {
    SiteSecret(
      name: "Ghost integration key", key: "ghost_key_file", file: ghostKeyFile,
      value: environment["CARETAKER_GHOST_KEY"].map { Secret($0) })
  }

  func ghostStaffToken(_ environment: [String: String]) -> SiteSecret {
    SiteSecret(
      name: "Ghost staff access token", key: "ghost_staff_token_file", file: ghostStaffTokenFile,
      value: environment["CARETAKER_GHOST_STAFF_TOKEN"].map { Secret($0) })
  }
}
