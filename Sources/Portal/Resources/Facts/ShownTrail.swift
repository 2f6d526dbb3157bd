import Rules

extension TrailFacts: Shown {
  var known: String { count(acts.count, "act") + " since \(since.words), by anybody" }

  var details: [Detail] { [Detail("Caretaker itself is", ownIdentity)] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Acts on what the stack holds", ["When", "Who", "What", "On what"],
        acts.reversed().map { [$0.at.words, $0.who, "\($0.service) \($0.operation)", $0.resource] },
        empty: "Nobody has changed anything since.")
    ]
  }
}
