import AWS
import Foundation

/// A commit (`GET /repos/{owner}/{repo}/commits/{ref}`).
struct GitHubCommit: Decodable, Sendable, Hashable {
  struct Details: Decodable, Sendable, Hashable {
    struct Author: Decodable, Sendable, Hashable {
      let name: String
      let date: Date
    }
    let message: String
    let author: Author
  }

  let sha: String
  let htmlUrl: String
  let commit: Details

  /// The first line of the message.
  var subject: String {
    String(commit.message.prefix { !$0.isNewline })
  }
}

/// What lies between two commits (`GET /repos/{owner}/{repo}/compare/{base}...{head}`).
struct GitHubComparison: Decodable, Sendable, Hashable {
  struct File: Decodable, Sendable, Hashable {
    let filename: String
    let status: String
    let additions: Int64
    let deletions: Int64
    let patch: String?
  }

  /// `ahead`, `behind`, `diverged` or `identical`.
  let status: String
  let aheadBy: Int64
  let commits: [GitHubCommit]
  let files: [File]?
}

extension GitHub {
  /// The branch that is deployed from.
  static let branch = "main"
  /// The most bytes of an archive of the repository that are read.
  static let archiveBytesMax = 64 << 20

  /// Commits of the branch, newest first; with a path, those that touch it.
  func commits(touching path: String? = nil, most: Int = 30) async throws -> [GitHubCommit] {
    let query = [("sha", Self.branch), ("per_page", String(most))]
    return try await read(
      "/commits", query + (path.map { [("path", $0)] } ?? []), as: [GitHubCommit].self)
  }

  func commit(_ ref: String) async throws -> GitHubCommit {
    try await read("/commits/\(percentEncoded(ref))", as: GitHubCommit.self)
  }

  func compare(_ base: String, _ head: String) async throws -> GitHubComparison {
    try await read(
      "/compare/\(percentEncoded(base))...\(percentEncoded(head))", as: GitHubComparison.self)
  }

  /// A file's text at a commit or branch.
  func text(of path: String, at ref: String) async throws -> String {
    try await file(path, at: ref).text
  }

  /// A file at a commit or branch: its text and the hash git has it under.
  func file(_ path: String, at ref: String) async throws -> (text: String, blob: String) {
    struct Answer: Decodable {
      let content: String?
      let sha: String
    }
    let safe = path.split(separator: "/").map { percentEncoded(String($0)) }.joined(separator: "/")
    let answer = try await read("/contents/\(safe)", [("ref", ref)], as: Answer.self)
    let base64 = (answer.content ?? "").filter { !$0.isWhitespace }
    guard let data = Data(base64Encoded: base64) else {
      throw GitHubError(.unreadable("the file's content is not there"), "GET /contents/\(path)")
    }
    return (String(decoding: data, as: UTF8.self), answer.sha)
  }

  /// The repository at a commit, as a zip with one folder at its root.
  func archive(at ref: String) async throws -> [UInt8] {
    try await download("/zipball/\(percentEncoded(ref))", bytesMax: Self.archiveBytesMax)
  }

  /// The same, written to a file.
  func archive(at ref: String, to file: HTTPFile) async throws {
    _ = try await download(
      "/zipball/\(percentEncoded(ref))", bytesMax: Self.archiveBytesMax, to: file)
  }
}
