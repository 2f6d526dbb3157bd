/// What was read of the repository's three workflows, and of the token that reads them.
public struct WorkflowFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.workflows

  /// The repository, `owner/name`.
  public var repository: String
  /// Whether there is a token at all; without one nothing else is known.
  public var hasToken: Bool
  /// Why GitHub lets the token read nothing, in words; nil where it does.
  public var problem: String?
  /// The commit that main is at; nil where that can't be read.
  public var head: String?
  /// The three workflows, in the order of ``Workflow/all``.
  public var workflows: [WorkflowSummary]
  /// What the token lacks, as GitHub writes it: `actions=write`.
  public var missing: [String]
  /// Until when the token is valid; nil where GitHub names no end.
  public var tokenUntil: Moment?
  /// How many calls are left of the hour.
  public var remaining: Int64?
  /// How many calls an hour has.
  public var limit: Int64?
  /// When the hour begins anew.
  public var resetsAt: Moment?

  /// Facts, as read.
  public init(
    repository: String, hasToken: Bool, problem: String? = nil, head: String? = nil,
    workflows: [WorkflowSummary] = [], missing: [String] = [], tokenUntil: Moment? = nil,
    remaining: Int64? = nil, limit: Int64? = nil, resetsAt: Moment? = nil
  ) {
    self.repository = repository
    self.hasToken = hasToken
    self.problem = problem
    self.head = head
    self.workflows = workflows
    self.missing = missing
    self.tokenUntil = tokenUntil
    self.remaining = remaining
    self.limit = limit
    self.resetsAt = resetsAt
  }

  /// A workflow by the name of its file.
  public func workflow(_ file: String) -> WorkflowSummary? { workflows.first { $0.file == file } }
}

/// The three workflows that Caretaker knows.
public enum Workflow {
  /// Their files.
  public static let all = ["infra-deploy.yml", "image-deploy.yml", "theme-deploy.yml"]

  /// The folder of the repository that a workflow deploys, `image/`.
  public static func folder(of file: String) -> String {
    String(file.prefix { $0 != "-" }) + "/"
  }
}

/// One workflow.
public struct WorkflowSummary: Codable, Hashable, Sendable {
  /// Its file, `infra-deploy.yml`.
  public var file: String
  /// Whether GitHub has it: `active`, `disabled_manually`, `disabled_inactivity`… or `missing`.
  public var state: String
  /// What its file on main says; nil where that can't be read.
  public var definition: WorkflowDefinition?
  /// Its last runs, newest first.
  public var runs: [RunSummary]
  /// How many commits main has that its last successful run had not; nil where not known.
  public var behind: Int64?
  /// Whether any of them changes what it deploys.
  public var isStale: Bool

  /// A workflow.
  public init(
    file: String, state: String, definition: WorkflowDefinition? = nil, runs: [RunSummary] = [],
    behind: Int64? = nil, isStale: Bool = false
  ) {
    self.file = file
    self.state = state
    self.definition = definition
    self.runs = runs
    self.behind = behind
    self.isStale = isStale
  }

  /// Its file's name without the ending, as people call it.
  public var name: String { String(file.prefix { $0 != "." }) }
  /// The last run that is over.
  public var lastOver: RunSummary? { runs.first { $0.isOver } }
  /// The last run that deployed something.
  public var lastDeployed: RunSummary? { runs.first { $0.conclusion == "success" && $0.deploys } }
}

/// What a workflow's file says of how it is started by hand.
public struct WorkflowDefinition: Codable, Hashable, Sendable {
  /// Whether `workflow_dispatch` stands below `on`.
  public var isDispatchable: Bool
  /// Whether a run's title carries the input `change_id`.
  public var carriesMark: Bool
  /// The inputs, in the file's order.
  public var inputs: [WorkflowInput]

  /// A definition.
  public init(isDispatchable: Bool, carriesMark: Bool, inputs: [WorkflowInput]) {
    self.isDispatchable = isDispatchable
    self.carriesMark = carriesMark
    self.inputs = inputs
  }

  /// The input that carries the change's id.
  public static let changeInput = "change_id"
  /// The input that carries who asked.
  public static let personInput = "requested_by"

  /// The inputs that a person fills in.
  public var asked: [WorkflowInput] {
    inputs.filter { ![Self.changeInput, Self.personInput].contains($0.name) }
  }
}
