import Rules

extension ChangeSetFacts: Shown {
  var known: String {
    let open = sets.filter(\.isAvailable).count
    guard !sets.isEmpty else { return "none" }
    return count(sets.count, "change set")
      + (open == 0 ? "; none can be executed" : "; \(open) can be executed")
  }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Change sets", ["Name", "Made", "What it would do", "Standing"],
        sets.map { [$0.name, $0.createdAt.local, $0.counts, $0.standing] },
        empty: "The stack has no change set. A run of infra-deploy in mode “plan” makes one.")
    ]
  }
}
