import Rules

extension WorkflowFacts: Shown {
  /// Where a token is put, and what it unlocks.
  static let howToAddToken =
    "Make a fine-grained token for the repository with Actions (read and write), Contents (read) "
    + "and Metadata (read), put it into a file, and name the file as github_token_file of the site."

  var isSetUp: Bool { hasToken }

  var known: String {
    guard hasToken else { return "no GitHub token, so nothing is known of deployments" }
    if let problem { return problem }
    return workflows.map { "\($0.name) \($0.lastOver?.conclusion.spoken ?? "never run")" }
      .joined(separator: ", ")
  }

  var details: [Detail] {
    guard hasToken else { return [Detail("How to add a token", Self.howToAddToken)] }
    return [
      Detail("Repository", repository), Detail("Main is at", head ?? "not known"),
      Detail("Token valid until", tokenUntil.map(\.local) ?? "GitHub names no end"),
      Detail("The token lacks", missing.map(GitHubPermission.words).joined(separator: "; ")),
      Detail("Calls left of the hour", callsWords),
    ]
  }

  /// How many calls are left, of how many.
  var callsWords: String {
    guard let remaining, let limit else { return "not known" }
    return "\(remaining) of \(limit)"
  }

  var tables: [DetailTable] {
    guard hasToken else { return [] }
    return [
      DetailTable(
        "Workflows", ["Workflow", "State", "Last run", "Behind main"],
        workflows.map {
          [$0.file, $0.state.spoken, $0.runs.first?.outcome.spoken ?? "none", $0.behindWords]
        }, empty: "None of the three could be read.")
    ]
  }
}

extension WorkflowSummary {
  /// How far the last successful run is behind main.
  var behindWords: String {
    guard let behind else { return "not known" }
    guard behind > 0 else { return "as main is" }
    let folder = Workflow.folder(of: file)
    return count(behind, "commit") + " behind main; \(folder) "
      + (isStale ? "has changed since" : "is the same")
  }
}
