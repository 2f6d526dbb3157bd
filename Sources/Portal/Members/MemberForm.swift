import Rules

extension MemberChange {
  /// The fields of the form, from what was last seen.
  @Sendable static func form(_ estate: Estate) -> [FormField] {
    let facts = estate[MemberFacts.self].facts
    return [
      FormField(
        MemberSetting.access.key, "Sign-up is for",
        .choice(MemberAccess.allCases.map { ($0.rawValue, $0.words.capitalizedFirst) }),
        hint: "Nobody disables members. Who pays is known to newer versions of Ghost alone.",
        value: facts?.access?.rawValue ?? MemberAccess.none.rawValue),
      .toggle(
        MemberSetting.button.key, "Portal button", isOn: facts?.showsButton ?? false,
        hint: "The floating button on every page. Hiding it disables nothing."),
      FormField(
        MemberSetting.supportAddress.key, "Support address", .text,
        hint: "Within the domain SES has verified; or noreply, which takes the sender's domain. "
          + "Empty leaves it as it is.",
        value: facts?.values[MemberSetting.supportAddress.key] ?? ""),
      FormField(
        "exception", "Exception", .area,
        hint: "Only where sign-up opens while SES is in the sandbox: who needs it now, and why."),
    ]
  }

  /// What a form asks for. What it does not name, or leaves empty, stays as it is.
  static func wanted(by asked: Asked) throws -> [MemberSetting: String] {
    var wanted: [MemberSetting: String] = [:]
    for setting in MemberSetting.allCases where !asked.field(setting.key).isEmpty {
      wanted[setting] = asked.field(setting.key)
    }
    let mistakes = MemberSetting.allCases.compactMap { setting in
      wanted[setting].flatMap(setting.problem(of:)).map { Mistake($0, at: setting.key) }
    }
    guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
    return wanted
  }

  /// What Ghost's answer says of what was asked of it.
  /// - Throws: ``MemberStepProblem`` where it took nothing of it.
  static func taken(_ asked: [String: String], after: [String: String]) throws -> String {
    let dropped = MemberSetting.allCases.filter { setting in
      asked[setting.key].map { $0 != after[setting.key] } ?? false
    }
    guard !dropped.isEmpty else { return "Ghost took it." }
    let words = dropped.map { setting in
      let value = after[setting.key].map { "at “\(setting.shown($0))”" } ?? "out altogether"
      return "\(setting.key) \(value)"
    }
    let sentence =
      "Ghost answered 200 and left \(words.joined(separator: ", ")): it drops without a word what "
      + "it does not know or lets nobody change."
    guard dropped.count < asked.count else {
      throw MemberStepProblem(sentence: sentence + " Nothing was changed.")
    }
    return sentence
  }
}

extension MemberSetting {
  /// Why Ghost can't have a value; nil where it can.
  fileprivate func problem(of value: String) -> String? {
    switch self {
    case .access:
      MemberAccess(rawValue: value) == nil
        ? "Choose whom sign-up is for: nobody, the invited, who pays, anybody." : nil
    case .button: ["on", "off"].contains(value) ? nil : "Choose on or off."
    case .supportAddress:
      ["noreply", "none"].contains(value) || MailAddress(value) != nil
        ? nil : "Write one address, support@example.com; or noreply, or none."
    }
  }
}
