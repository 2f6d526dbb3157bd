import Rules

/// Plans that Ghost's settings of members are set.
struct MemberChange {
  static let kind = "ghost.members"
  /// How SES stands, as it is read with the settings.
  static let mailField = "ses.access"
  static let sandbox = "sandbox"
  static let production = "production"
  /// What stands for a setting this Ghost does not tell of.
  static let notTold = "not told"
  /// How long Ghost may take to show what it took.
  static let verifyWithinMs = Span.minute
  /// The longest exception.
  static let exceptionLengthMax = 200

  /// Everything that was read; of SES, where sign-up opens.
  var fields: [String: String]
  /// What differs from that.
  let wanted: [MemberSetting: String]
  let exception: String

  /// - Throws: ``PlanProblem`` where nothing differs.
  init(fields: [String: String], wanted: [MemberSetting: String], exception: String) throws {
    self.fields = fields
    self.wanted = wanted.filter { fields[$0.key.field] != $0.value }
    self.exception = exception
    guard !self.wanted.isEmpty else {
      throw PlanProblem("The settings are like that already. Choose what is to be otherwise.")
    }
    if let missing = self.wanted.keys.first(where: { fields[$0.field] == Self.notTold }) {
      throw PlanProblem(
        "This Ghost does not tell of \(missing.key), and drops without a word what it does not "
          + "know. Nothing was changed.")
    }
  }

  /// The settings that are set, in their order.
  private var settings: [MemberSetting] { MemberSetting.allCases.filter { wanted[$0] != nil } }
  private func before(_ setting: MemberSetting) -> String { fields[setting.field] ?? Self.notTold }
  private var accessBefore: MemberAccess? { MemberAccess(rawValue: before(.access)) }
  private var accessAfter: MemberAccess? {
    MemberAccess(rawValue: wanted[.access] ?? before(.access))
  }
  private var isSandboxed: Bool { fields[Self.mailField] != Self.production }

  /// Whether more people are asked to sign up than before: by who may, or by a button that leads
  /// to an open sign-up.
  var opens: Bool {
    guard accessAfter != MemberAccess.none else { return false }
    if wanted[.button] == "on" { return true }
    guard let before = accessBefore, let after = accessAfter else {
      return wanted[.access] != nil
    }
    return after.isWider(than: before)
  }
  private var isException: Bool { opens && isSandboxed }

  /// The plan, or why there is none.
  func plan(for asked: Asked) throws -> Plan {
    if isException { try checkException() }
    var parameters = Dictionary(
      uniqueKeysWithValues: settings.map { ($0.key, wanted[$0] ?? "") })
    if isException { parameters["exception"] = exception }
    return Plan(
      change: asked.change, kind: Self.kind, site: asked.site.name, title: title,
      guarding: opens ? .guarded : .logged, parameters: parameters,
      locks: ["ghost:settings:\(asked.site.name)"],
      preconditions: preconditions,
      steps: [
        Step(
          service: "ghost", operation: "EditSettings", words: "Set \(words)",
          parameters: Dictionary(
            uniqueKeysWithValues: settings.map { ($0.key, $0.sent(wanted[$0] ?? "")) }),
          recovery: .setTo)
      ],
      expected: settings.map { Reading($0.field, $0.label, wanted[$0] ?? "") },
      failure: [], verifyWithinMs: Self.verifyWithinMs, effects: effects, cost: .none,
      inverse: inverse)
  }

  /// What was read of what is set; of who may sign up also where only the button moves, for then
  /// that says what the button does; and of SES where the plan stands on its mailing anybody.
  private var preconditions: [Reading] {
    let read = MemberSetting.allCases.filter {
      wanted[$0] != nil || $0 == .access && wanted[.button] != nil
    }
    return read.map { Reading($0.field, $0.label, before($0)) }
      + (opens && !isSandboxed ? [Reading(Self.mailField, "SES", Self.production)] : [])
  }

  private func checkException() throws {
    let words = accessAfter.map { "for \($0.words)" } ?? "open"
    guard !exception.isEmpty else {
      throw PlanProblem(
        "SES is in the sandbox: whoever signs up gets no link, and Ghost shows them an error. "
          + "Wait for production access, or name the exception: who needs sign-up \(words) now, "
          + "and why. Nothing was changed.", at: "exception")
    }
    guard exception.count <= Self.exceptionLengthMax else {
      throw PlanProblem(
        "The exception is longer than \(Self.exceptionLengthMax) characters. Nothing was changed; "
          + "shorten it.", at: "exception")
    }
  }

  private var words: String {
    settings.map { "\($0.label.lowercased()) to \(wanted[$0] ?? "")" }.joined(separator: ", ")
  }

  private var title: String {
    let changes = settings.map { "\($0.label) \(wanted[$0] ?? "") instead of \(before($0))" }
      .joined(separator: ", ")
    return "Members: \(changes)" + (isException ? ", by exception: \(exception)" : "")
  }

  private var effects: [String] {
    var effects: [String] = []
    if isException {
      effects += [
        "SES is in the sandbox: who signs up with an address that is not verified gets no link, "
          + "and Ghost shows them an error. Members can't sign in either.",
        "After eight tries Ghost makes a reader wait for ten minutes and more.",
        "The exception: “\(exception)”.",
      ]
    }
    if wanted[.access] == MemberAccess.none.rawValue {
      effects.append("Nobody new becomes a member. Who is one stays one.")
    } else if let access = accessAfter, wanted[.access] != nil {
      effects.append("Sign-up is for \(access.words).")
    }
    if let button = wanted[.button] {
      effects.append(
        button == "on"
          ? "Every page shows the Portal button."
          : "The Portal button goes. That alone disables nothing: #/portal/signup still opens.")
    }
    if let address = wanted[.supportAddress] {
      effects.append("Members are told to write to \(address). SES has to know its domain.")
    }
    return effects + [
      "Ghost answers 200 also where it drops a setting, so the settings are read back."
    ]
  }

  private var inverse: Inverse {
    Inverse(
      kind: Self.kind,
      form: Dictionary(uniqueKeysWithValues: settings.map { ($0.key, before($0)) }))
  }
}
