import Mustache
import Rules

/// One deployment in the list.
struct DeploymentLine: TemplateData {
  let deployment: Deployment
  let repository: String?
  let now: Moment
  /// Which of its list it is, from 0 for the newest.
  var place = 0

  static let fields: [Field<DeploymentLine>] = [
    .text("area", { $0.deployment.area.label }), .text("words", { $0.words }),
    .link("href", { $0.deployment.path }), .text("who", { $0.deployment.who }),
    .item("tag", { Tag($0.deployment.outcome) }),
    .item("when", { When($0.deployment.at, now: $0.now) }),
    .text("change", { $0.deployment.change.map { "CR-\($0)" } ?? "" }),
    .link("changeHref", { $0.deployment.change.map { "/changes/\($0)" } ?? "" }),
    .text("key", { $0.deployment.key }),
    .flag("isFirst", { $0.place == 0 }), .flag("isSecond", { $0.place == 1 }),
    .text("from", { short($0.deployment.from) }), .text("to", { short($0.deployment.to) }),
    .text("others", { $0.others }),
    .text("cost", { $0.deployment.cost?.formattedDifference() ?? "" }),
    .link("compare", { $0.compare }), .flag("comparable", { !$0.compare.isEmpty }),
  ]

  /// How many characters of a commit or digest people read.
  private static let shortLength = 7
  /// From how many hexadecimal digits on a word is a commit, a digest or a change's id.
  private static let longLength = 32

  /// What was done, with commits and ids as short as people read them.
  var words: String {
    deployment.words.split(separator: " ").map { word in
      let isLong = word.count >= Self.longLength && word.allSatisfy(\.isHexDigit)
      return isLong ? String(word.prefix(Self.shortLength)) : String(word)
    }.joined(separator: " ")
  }

  /// The same with a commit or digest as short as people read it.
  static func short(_ what: String) -> String {
    let start = what.lastIndex(of: ":").map(what.index(after:)) ?? what.startIndex
    let end = what[start...]
    guard end.count >= longLength, end.allSatisfy(\.isHexDigit) else { return what }
    return String(what[..<start] + end.prefix(shortLength))
  }

  private var others: String {
    deployment.others > 0 ? " and " + count(deployment.others, "more difference") : ""
  }

  /// Where GitHub shows what lies between the two commits.
  private var compare: String {
    guard let repository, let commits = deployment.commits else { return "" }
    return "\(repository)/compare/\(commits.from)...\(commits.to)"
  }
}

extension Tag {
  /// How a deployment ended, or how far it is.
  init(_ outcome: Deployment.Outcome) {
    switch outcome {
    case .change(let state): self.init(state)
    case .good(let word): self.init("good", word)
    case .running(let word): self.init("attention", word, icon: "running")
    case .failed(let word): self.init("danger", word)
    }
  }
}
