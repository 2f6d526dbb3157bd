import Rules

extension TrailFacts: Shown {
  var known: String { count(acts.count, "act") + " since \(since.local), by anybody" }

  var details: [Detail] { [Detail("Caretaker itself is", ownIdentity)] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Acts on what the stack holds", ["When", "Who", "What", "On what"],
        acts.reversed().map { act in
          [act.at.local, act.who, "\(act.service) \(act.operation)", act.resource]
        },
        empty: "Nobody has changed anything since.")
    ]
  }
}
