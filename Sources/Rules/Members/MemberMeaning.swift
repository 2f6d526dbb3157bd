/// One of Ghost's settings with what it means together with SES as it stands.
public struct MemberMeaning: Hashable, Sendable {
  /// The setting as people call it.
  public let label: String
  /// Ghost's key of it.
  public let key: String
  /// Its value in words.
  public let value: String
  /// What it means now, in a sentence or two.
  public let meaning: String
  /// How well that is.
  public let health: Health
}

extension MemberMeaning {
  /// What every setting that was read means.
  /// - Parameter mail: how the account stands with SES; nil where that is not known.
  public static func all(of facts: MemberFacts, mail: MailStanding?) -> [MemberMeaning] {
    [access(facts, mail), button(facts), support(facts), sender(facts), devices(facts, mail)]
      .compactMap { $0 } + others(facts)
  }

  private static func access(_ facts: MemberFacts, _ mail: MailStanding?) -> MemberMeaning? {
    guard let told = facts.values[MemberSetting.access.key] else { return nil }
    let (meaning, health): (String, Health) =
      switch (facts.access, mail) {
      case (nil, _): ("This version of Caretaker does not know the value.", .unknown)
      case (.some(.none), .granted?):
        ("Nobody new becomes a member. SES would mail them: it can be opened.", .good)
      case (.some(.none), _):
        ("Nobody new becomes a member, so nobody waits for a link that SES does not send.", .good)
      case (_, .granted?): ("Who signs up gets their link: SES mails anybody.", .good)
      case (_, nil): ("Whether they get their link is not known: SES has not been read.", .unknown)
      default:
        (
          "Who signs up gets no link: SES mails verified addresses only, and Ghost shows an error. "
            + "Members can't sign in either.", .danger
        )
      }
    return MemberMeaning(
      label: MemberSetting.access.label, key: MemberSetting.access.key,
      value: facts.access.map { "for \($0.words)" } ?? told, meaning: meaning, health: health)
  }

  private static func button(_ facts: MemberFacts) -> MemberMeaning? {
    guard let isShown = facts.showsButton else { return nil }
    let isOpen = facts.isOpen ?? true
    let meaning: String
    switch (isShown, isOpen) {
    case (true, true): meaning = "Every page asks readers to sign up."
    case (true, false): meaning = "It leads readers to a sign-up that is closed."
    case (false, true):
      meaning = "Hidden, not disabled: #/portal/signup still opens, and so do links of the theme."
    case (false, false): meaning = "No page asks readers to sign up."
    }
    return MemberMeaning(
      label: MemberSetting.button.label, key: MemberSetting.button.key,
      value: isShown ? "shown" : "hidden", meaning: meaning,
      health: isShown == isOpen ? .good : .attention)
  }

  private static func support(_ facts: MemberFacts) -> MemberMeaning? {
    guard let told = facts.values[MemberSetting.supportAddress.key] else { return nil }
    let address = facts.supportAddress
    let meaning =
      address.isEmpty
      ? "Members see nobody to ask."
      : told == "noreply"
        ? "Members are told to write to \(address), which nobody reads."
        : "Members are told to write to \(address). SES has to know its domain."
    return MemberMeaning(
      label: MemberSetting.supportAddress.label, key: MemberSetting.supportAddress.key,
      value: told.isEmpty ? "none" : told, meaning: meaning,
      health: address.isEmpty ? .attention : .good)
  }

  private static func sender(_ facts: MemberFacts) -> MemberMeaning? {
    guard let address = facts.mailsAs else { return nil }
    return MemberMeaning(
      label: "Sender", key: "default_email_address", value: address,
      meaning: "Ghost has worked it out from its configuration. No setting changes it.",
      health: .good)
  }

  private static func devices(_ facts: MemberFacts, _ mail: MailStanding?) -> MemberMeaning? {
    guard let isOn = facts.verifiesDevices else { return nil }
    let isMailed = mail == .granted
    let meaning =
      isOn
      ? isMailed
        ? "Staff on a new device type a code that SES mails."
        : "Staff on a new device wait for a code that SES mails to verified addresses only: "
          + "verify each of them, or they are locked out."
      : isMailed
        ? "A password alone lets staff in from anywhere. SES mails codes now: turn it on again."
        : "A password alone lets staff in from anywhere. It is a makeshift for the sandbox."
    return MemberMeaning(
      label: "Staff device verification", key: "security.staffDeviceVerification",
      value: isOn ? "on" : "off", meaning: meaning,
      health: isOn ? (mail == nil ? .unknown : isMailed ? .good : .attention) : .attention)
  }

  private static func others(_ facts: MemberFacts) -> [MemberMeaning] {
    facts.values.keys.sorted().compactMap { key in
      guard let other = named[key], let value = facts.values[key] else { return nil }
      return MemberMeaning(
        label: other.label, key: key, value: words(value), meaning: other.meaning, health: .good)
    }
  }

  /// A value as people say it: on and off, and lists without the signs of JSON.
  private static func words(_ value: String) -> String {
    switch value {
    case "", "[]": "none"
    case "true": "on"
    case "false": "off"
    case _ where value.hasPrefix("["):
      value.filter { !"[]\"".contains($0) }.split(separator: ",").joined(separator: ", ")
    default: value
    }
  }

  private static let named: [String: (label: String, meaning: String)] = [
    "portal_name": ("Portal asks for a name", "A field of the sign-up, no more."),
    "portal_plans": ("Portal plans", "What the sign-up offers. It takes effect once that is open."),
    "portal_default_plan": ("Portal default plan", "Which payment is chosen at first."),
    "portal_button_style": ("Portal button style", "Only how the button looks."),
    "portal_button_signup_text": ("Portal button text", "What the button says."),
    "portal_signup_terms_html": (
      "Sign-up terms", "What people agree to. AWS asks for it when it reviews how they sign up."
    ),
    "portal_signup_checkbox_required": (
      "Terms have to be ticked", "On, nobody signs up without agreeing to the terms."
    ),
    "require_email_mfa": (
      "Staff type a mailed code at each sign-in",
      "On, every sign-in of staff hangs on SES, also on devices Ghost knows."
    ),
  ]
}

/// What is put back once SES mails anybody.
public enum MemberReturn {
  /// What to do, one sentence each.
  public static func steps(
    for facts: MemberFacts?, choice: MemberDecision.Choice?
  ) -> [String] {
    var steps: [String] = []
    if facts?.isOpen == false {
      steps.append(
        choice == .disable
          ? "It was decided to disable members: leave sign-up closed, or decide anew."
          : "Open sign-up again, and show the Portal button with it.")
    }
    if facts?.verifiesDevices == false {
      steps.append(
        "Take security__staffDeviceVerification out of the task's environment, in the CDK code.")
    }
    return steps + [
      "Have a reader sign up with an address that is not verified, and see that the link comes.",
      "Sign in as staff from a private window, and invite somebody.",
      "Note under Mail what came and what did not.",
    ]
  }
}
