import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The folder of the repository that the workflow packs the theme from.
  static let themeFolder = "theme/"
  /// The workflow that deploys it.
  static let themeWorkflow = "theme-deploy.yml"

  /// Puts the theme of a commit into the library, from GitHub's archive of the repository.
  func importTheme(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let typed = visit.field("commit").lowercased()
    guard (7...40).contains(typed.utf8.count), typed.utf8.allSatisfy(\.isHexadecimal) else {
      return try await themes(
        problems: [
          Mistake(
            "Write the commit by its SHA: 7 to 40 digits and letters from a to f.", at: "commit")
        ],
        visit)
    }
    let github = outside.cloud(configuration.sites[0]).github
    do {
      let commit = try await github.commit(typed).sha
      let runs = try? await github.runs(of: Self.themeWorkflow, [("head_sha", commit)])
      let isDeployed = runs?.contains { $0.conclusion == "success" } ?? false
      let draft = try await themeLibrary.draft()
      try await github.archive(at: commit, to: draft.destination())
      return try await keep(
        draft, below: Self.themeFolder, source: isDeployed ? .workflow : .commit, origin: commit,
        by: person, visit)
    } catch let error as GitHubError {
      return try await themes(problems: [Mistake(error.sentence, at: "commit")], visit)
    }
  }
}

extension UInt8 {
  /// Whether it is one of 0-9 and a-f.
  fileprivate var isHexadecimal: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
