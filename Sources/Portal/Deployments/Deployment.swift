import Rules

/// Something that was, or was to be, deployed: a change that ran, a run of a workflow, or a rollout
/// of the service. One action may be several of them: what was approved, what GitHub did, and what
/// ECS made of it.
struct Deployment: Sendable {
  /// What was deployed.
  enum Area: String, CaseIterable, Sendable {
    case image, theme, infrastructure, service

    var label: String {
      switch self {
      case .image: "Images"
      case .theme: "Themes"
      case .infrastructure: "Infrastructure"
      case .service: "Rollouts"
      }
    }

    /// The kinds of change that deploy it.
    var kinds: [ChangeKind] {
      switch self {
      case .image: [.imageRollback, .redeploy, .rolloutStop]
      case .theme: [.themeDeploy]
      case .infrastructure: [.changeSetExecution, .continuedRollback]
      case .service: [.serviceCount, .taskSize]
      }
    }

    /// The workflow that deploys it; nil where none does.
    var workflow: String? {
      switch self {
      case .image: "image-deploy.yml"
      case .theme: "theme-deploy.yml"
      case .infrastructure: "infra-deploy.yml"
      case .service: nil
      }
    }
  }

  /// What it is called in addresses: `change-12`, `run-5001`, `rollout-` and ECS's id of it.
  let key: String
  let at: Moment
  let area: Area
  /// What was done, in words.
  let words: String
  /// Who: a person, or GitHub's or ECS's name of who it was.
  let who: String
  /// How it ended, or how far it is.
  let outcome: Outcome
  /// Where it is told in full.
  let path: String
  /// The number of the change that asked for it; nil where none did.
  let change: Int64?
  /// What was there before, in the terms of ``to``; empty where not known.
  let from: String
  /// The commit, the revision, the version or the setting it brought; empty where not told.
  let to: String
  /// How many more differences it brought than the one from ``from`` to ``to``.
  var others = 0
  /// What it adds to a month; nil where it has no price, or that is not known.
  var cost: Money? = nil
  /// The commits to compare, oldest first; nil where it is not between two commits.
  var commits: (from: String, to: String)? = nil

  enum Outcome: Sendable, Equatable {
    case change(ChangeState)
    case good(String)
    case running(String)
    case failed(String)

    /// Whether what it was to bring is there.
    var isGood: Bool {
      switch self {
      case .change(let state): state == .succeeded
      case .good: true
      case .running, .failed: false
      }
    }
  }
}
