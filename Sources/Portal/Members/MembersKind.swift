import AWS
import Rules

extension ChangeKind {
  /// Who becomes a member, and what readers see of that.
  static let members = ChangeKind(
    id: MemberChange.kind, label: "Members",
    about: "Ghost's settings of members. While SES is in the sandbox, sign-up is opened only as an "
      + "exception that is named.",
    subject: .members, form: MemberChange.form,
    plan: { means, asked in
      let wanted = try MemberChange.wanted(by: asked)
      var change = try MemberChange(
        fields: try await means.memberFields(), wanted: wanted,
        exception: asked.field("exception"))
      if change.opens { change.fields[MemberChange.mailField] = try await means.mailAccess() }
      guard means.cloud.ghost.has(.staff) else {
        throw PlanProblem(
          "Only a staff access token may write Ghost's settings, and there is none. Name the file "
            + "with one as ghost_staff_token_file of the site. Nothing was changed.")
      }
      return try change.plan(for: asked)
    },
    read: { means, plan in
      var fields = try await means.memberFields()
      if plan.before(MemberChange.mailField) != nil {
        fields[MemberChange.mailField] = try await means.mailAccess()
      }
      return fields
    },
    perform: { means, _, step, _ in
      let after = try await means.cloud.ghost.editSettings(step.parameters)
      return try MemberChange.taken(step.parameters, after: after.values)
    })
}

extension Means {
  /// Ghost's settings of members, live.
  fileprivate func memberFields() async throws -> [String: String] {
    let values = try await cloud.ghost.settings().values
    return Dictionary(
      uniqueKeysWithValues: MemberSetting.allCases.map { setting in
        (setting.field, values[setting.key].map(setting.shown) ?? MemberChange.notTold)
      })
  }

  /// Whether SES mails anybody, live. Only what opens sign-up hangs on it: closing never waits for
  /// AWS.
  fileprivate func mailAccess() async throws -> String {
    try await cloud.ses.getAccount().productionAccess
      ? MemberChange.production : MemberChange.sandbox
  }
}

extension MemberSetting {
  /// The field, as readings name it.
  var field: String { "ghost." + key }

  /// A value of Ghost's as plans and people read it.
  func shown(_ value: String) -> String {
    switch self {
    case .button: value == "true" ? "on" : "off"
    case .access: GhostPage.shown(value)
    case .supportAddress: value.isEmpty ? "none" : GhostPage.shown(value)
    }
  }

  /// What is sent to Ghost for a value as plans have it.
  func sent(_ value: String) -> String {
    switch self {
    case .button: value == "on" ? "true" : "false"
    case .access: value
    case .supportAddress: value == "none" ? "" : value
    }
  }
}

/// Why a step came to nothing: Ghost changed nothing of what was asked of it.
struct MemberStepProblem: CallError {
  let sentence: String
  let effect = AWSError.Effect.none
}
