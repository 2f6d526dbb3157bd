extension Check {
  /// What members are held to.
  static let members: [Check] = [
    Check(
      "members.open-in-sandbox", of: MemberFacts.self, .danger,
      expects: "Nobody is invited to sign up while SES can't mail them",
      why: "Who signs up gets no link from the sandbox: Ghost shows them an error."
    ) { facts, estate in
      guard let access = facts.access else { return .noData("Ghost does not tell who signs up.") }
      guard access != .none else { return .pass("Sign-up is for nobody.") }
      guard let mail = estate[MailFacts.self].facts else {
        return .noData("Whether SES is in the sandbox is not known.")
      }
      return .met(
        mail.productionAccess, "Sign-up is for \(access.words), and SES mails anybody.",
        else: "Sign-up is for \(access.words), and SES is in the sandbox.",
        remedy: "Close sign-up until SES has production access.", mend: MemberFacts.closing)
    },
    Check(
      "members.button-only", of: MemberFacts.self, .attention,
      expects: "Members are not merely hidden",
      why: "Without its button Portal still opens at #/portal/signup, and whoever knows signs up."
    ) { facts, _ in
      guard let access = facts.access, let isShown = facts.showsButton else { return nil }
      return .met(
        isShown || access == .none,
        isShown ? "The Portal button is shown." : "Sign-up is for nobody.",
        else: "The Portal button is hidden, and sign-up is for \(access.words).",
        remedy: "Close sign-up, or show the button again: hiding it disables nothing.",
        mend: MemberFacts.closing)
    },
    Check(
      "members.support-address", of: MemberFacts.self, .attention,
      expects: "Members have an address to ask, within the verified domain",
      why: "SES refuses mail as an address that is not verified, and answers to it get lost."
    ) { facts, estate in facts.judgeSupport(in: estate) },
    Check(
      "members.decision", of: MemberFacts.self, .attention,
      expects: "It is decided what becomes of the Members overlay",
      why: "An overlay nobody has decided about asks readers to sign up for nothing."
    ) { _, estate in
      guard let decision = estate.memberDecision else {
        return .fail(
          "Nobody has decided yet about the Members overlay.",
          remedy: "Decide under Mail, Members: disable, customise or keep it, with an owner.")
      }
      return .pass("It was decided to \(decision.words), for which \(decision.owner) answers.")
    },
    Check(
      "members.as-decided", of: MemberFacts.self, .attention,
      expects: "Members are as it was decided", why: "A decision that is not carried out is none."
    ) { facts, estate in
      guard estate.memberDecision?.choice == .disable, let access = facts.access else {
        return nil
      }
      return .met(
        access == .none, "It was decided to disable it, and sign-up is for nobody.",
        else: "It was decided to disable it, and sign-up is for \(access.words).",
        remedy: "Close sign-up, or decide anew.",
        mend: Mend("ghost.members", MemberDecision.Choice.disable.form ?? [:]))
    },
  ]
}

extension MemberFacts {
  /// The change that closes sign-up.
  static let closing = Mend("ghost.members", [MemberSetting.access.key: MemberAccess.none.rawValue])

  fileprivate func judgeSupport(in estate: Estate) -> Judgement? {
    guard values[MemberSetting.supportAddress.key] != nil else { return nil }
    let address = supportAddress
    guard !address.isEmpty else {
      return .fail(
        "There is no support address.",
        remedy: "Set one that somebody reads, within the verified domain.")
    }
    guard let identities = estate[IdentityFacts.self].facts, !identities.domain.isEmpty else {
      return .noData("Which domain SES has verified is not known.")
    }
    return .met(
      SenderAddress(address).isWithin(identities.domain), "Members ask \(address).",
      else: "Members ask \(address), outside \(identities.domain).",
      remedy: "Set an address of \(identities.domain) that somebody reads.")
  }
}

extension MemberDecision {
  /// What was decided, behind “it was decided to”.
  var words: String { "\(choice.rawValue) it" }
}
