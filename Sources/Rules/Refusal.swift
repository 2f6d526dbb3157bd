/// Why a person's act was refused. Each case becomes a sentence that says what to do.
public enum Refusal: Error, Hashable, Sendable {
  /// The person's role does not hold the permission.
  case notPermitted(Permission)
  /// The requester tried to decide about their own change.
  case ownChange
  /// The change is not in a state that allows it.
  case wrongState(ChangeState)
  /// The plan on the page is not the plan as it stands.
  case planMoved
  /// The person has decided about this plan before.
  case alreadyVoted
  /// A rejection came without a reason.
  case rejectionNeedsReason
  /// A proposal came without a reason.
  case reasonMissing
  /// A price is missing, and nothing is scaled without one.
  case costNotKnown
  /// The prices are those of Caretaker's book, and too old to scale by.
  case pricesTooOld(days: Int64)
  /// Too few people in the team could approve it; why each of the others can't.
  case nobodyCanApprove(needed: Int, missing: [String])
  /// The policy, or the team, asks for more than the plan on the page says.
  case policyMoved
  /// The person may approve, but not this change.
  case doesNotCount(Ineligible)
  /// The person has no approval to take back.
  case notYourVote
  /// The time at which the clock should run it is past.
  case timeHasPassed(Moment)
  /// The clock should run what somebody has to name by hand.
  case clockTypesNoName
  /// Only the requester may do this.
  case notYours
  /// The requester has been disabled since.
  case requesterGone
  /// Too few approvals count now; why those that were given don't.
  case approvalNoLongerCounts([String])
  /// The change rests, or waits for its time.
  case tooEarly(Moment)
  /// Nothing of this kind is run now.
  case frozen(until: Moment, reason: String)
  /// The name of what is lost was not typed.
  case nameNotTyped(String)
  /// The newest backup is too old, or could not be read.
  case backupTooOld(String, newest: Moment?)
  /// The rest of an unknown run can't be made.
  case notResumable(String)
  /// An emergency waits for its review, so no other may be declared.
  case emergencyLocked(number: Int64)
  /// The person has an emergency going.
  case emergencyOpen(until: Moment)
  /// Who declared an emergency cannot review it.
  case ownEmergency
  /// Somebody has reviewed it before.
  case alreadyReviewed
  /// The live reading is older than allowed.
  case readingTooOld
  /// The live state could not be read; the sentence says why.
  case notRead(String)
  /// The live resources are not what was approved.
  case drifted([Drift])
  /// What a month costs afterwards has risen too far, or is not known any more.
  case priceMoved(approved: Money?, now: Money?)
  /// Nobody who ran a change can say what became of it.
  case executorCannotFind
  /// A finding came without what was found, or without what it rests on.
  case findingIncomplete
  /// What was typed holds something that looks like a secret.
  case holdsSecret(String)
  /// Another change holds a resource this one needs.
  case locked(resource: String, byNumber: Int64)
  /// What is outside does not vouch for the log as it should.
  case logNotVouchedFor(LogStanding)
  /// The password given to confirm is wrong.
  case wrongPassword
  /// The code given to confirm is wrong, or was taken before.
  case wrongCode
  /// Somebody without a password has no second factor to confirm with.
  case factorNeeded
  /// Somebody without a password signed in too long ago to change their second factor.
  case signInTooOld
  /// No passkey of the person has answered what was on the page.
  case wrongPasskey
  /// Without a second factor the password would be too weak; the sentence says why.
  case passwordWeakAlone(String)
  /// The machine can't be trusted to keep what a run does; the sentence says why.
  case machineUnfit(String)
  /// Another portal may work in place of this one; the sentence says why.
  case leaseNotHeld(String)

  /// What happened and what to do. Nothing was changed; many say so themselves.
  public var sentence: String {
    switch self {
    case .notPermitted(let permission):
      "Your role does not let you \(permission.words). "
        + "Ask somebody who is \(Role.holders(of: permission))."
    case .ownChange:
      "You proposed this change, so somebody else has to decide about it."
    case .wrongState(let state):
      "The change is “\(state.words)”, so this can't be done now."
    case .planMoved:
      "The plan is not the one you were shown. Read it again, then decide."
    case .alreadyVoted: "You have already decided about this plan."
    case .rejectionNeedsReason: "Say why you reject it, so that the requester can mend it."
    case .reasonMissing: "Give a reason: the person who approves has nothing else to go by."
    case .costNotKnown:
      "A price is not known, and nothing is scaled without its cost. Preview again later."
    case .pricesTooOld(let days):
      "The prices are those of Caretaker’s book, \(days) days old. Nothing guarded is scaled by "
        + "prices older than \(PriceAge.daysMax) days. Newer ones come from the AWS Price List: "
        + "give Caretaker’s role the action pricing:GetProducts, then preview it again. Costs says "
        + "why the list could not be read."
    case .nobodyCanApprove(let needed, let missing):
      "It needs \(needed) other \(needed == 1 ? "person" : "people") who can approve it, and the "
        + "team has too few. "
        + (missing.isEmpty ? "" : missing.joined(separator: "; ") + ". ")
        + "Ask an administrator to add an approver."
    case .doesNotCount(let why): Self.sentence(of: why)
    case .policyMoved:
      "What it needs is more than it was at the preview. Nothing was proposed; preview it again."
    case .notYourVote: "You have not approved this plan, so there is nothing to take back."
    case .timeHasPassed(let moment): "\(moment.words) is past. Choose a later time."
    case .clockTypesNoName:
      "Somebody has to type the name of what is lost when it runs, and the clock can't. Leave the "
        + "time out."
    case .notYours: "Only the person who proposed a change can withdraw it."
    case .requesterGone: "The requester's account has been disabled since, so it can't be run."
    case .approvalNoLongerCounts(let why):
      "It has too few approvals that count now"
        + (why.isEmpty ? "" : ": " + why.joined(separator: "; "))
        + ". Withdraw it and propose it again."
    case .tooEarly(let moment): "It can be run from \(moment.words) on. Nothing was changed."
    case .frozen(let until, let reason):
      "There is a freeze until \(until.words): “\(reason)”. Nothing was changed. Wait, or have "
        + "the freeze lifted under Safety."
    case .nameNotTyped(let name):
      "Type “\(name)” exactly, to show that you know what is lost. Nothing was changed."
    case .backupTooOld(let what, let newest):
      (newest.map { "The newest point that \(what) can be restored to is \($0.words), too old" }
        ?? "No backup of \(what) could be found") + ". Make one first. Nothing was changed."
    case .notResumable(let why):
      "It can't be gone on with: \(why). Nothing was sent. Look, and say what you find."
    case .emergencyLocked(let number):
      "Emergency E-\(number) was not reviewed in time. Somebody else has to review it before "
        + "another is declared."
    case .emergencyOpen(let until): "You have an emergency going until \(until.words)."
    case .ownEmergency: "You declared this emergency, so somebody else has to review it."
    case .alreadyReviewed: "Somebody has reviewed it already."
    case .readingTooOld: "The live reading was too old to decide on. Press Run again."
    case .notRead(let why):
      "The live state could not be read, so nothing was run. \(why)"
    case .drifted(let drift):
      "The live state is not what was approved: "
        + drift.map { item in
          "\(item.required.label) was \(item.required.value), "
            + (item.seen.map { "is \($0) now" } ?? "could not be read")
        }.joined(separator: "; ")
        + ". Preview it again."
    case .priceMoved(let approved?, let now?):
      "A month was to cost \(approved.formatted()) and would cost \(now.formatted()) now. "
        + "Nothing was changed: it needs another approval, with the new price."
    case .priceMoved:
      "The price is not known now, so nobody can say what it would cost. Nothing was changed. "
        + "Try again later."
    case .executorCannotFind:
      "You ran this change, so somebody else has to say what became of it."
    case .findingIncomplete:
      "Say what you found, and what your finding rests on."
    case .holdsSecret(let what):
      "The text holds what looks like \(what). Nothing was kept. Take it out: the log is for ever. "
        + "If it is a real one, change it, for it has been sent."
    case .locked(let resource, let number):
      "CR-\(number) is changing \(resource) and is not finished. Wait for it."
    case .logNotVouchedFor(let standing): standing.sentence ?? ""
    case .wrongPassword: "The password is not right. Nothing was changed; try again."
    case .wrongCode:
      "The code is not right, or was used already: each is good once. Nothing was changed; type "
        + "the next one."
    case .factorNeeded:
      "You have no password here to confirm this with. Nothing was changed: add a second factor "
        + "under Your account, then do it again."
    case .signInTooOld:
      "You have no password here, so this is done within ten minutes of signing in. Nothing was "
        + "changed: sign out, sign in again, then do it."
    case .wrongPasskey:
      "No passkey of yours has confirmed this, or the page had waited for longer than five "
        + "minutes. Nothing was changed; try again."
    case .passwordWeakAlone(let why):
      "Without the second factor your password stands alone, and is too weak for that. \(why) "
        + "Nothing was changed: choose another password first."
    case .machineUnfit(let why), .leaseNotHeld(let why): why
    }
  }

  private static func sentence(of why: Ineligible) -> String {
    switch why {
    case .requester, .editor: "You wrote this plan, so somebody else has to decide about it."
    case .samePerson: "The author of this plan is you, by another account. Somebody else decides."
    case .disabled, .noPassword, .role: "Your role does not let you approve changes."
    case .newRole(let until):
      "You have your role only recently. You can approve from \(until.words)."
    case .tied(let until):
      "Its author added or promoted you, or gave you a password. You can approve what they write "
        + "from \(until.words)."
    }
  }

  /// The sentence as the log keeps it: names stand beside the log, where they can be erased.
  public var entry: String {
    switch self {
    case .nobodyCanApprove(let needed, _):
      Refusal.nobodyCanApprove(needed: needed, missing: []).sentence
    case .approvalNoLongerCounts: Refusal.approvalNoLongerCounts([]).sentence
    default: sentence
    }
  }

  /// Whether typing again may help, so that the form comes back with what was typed.
  public var isMendable: Bool {
    switch self {
    case .wrongPassword, .wrongCode, .wrongPasskey, .rejectionNeedsReason, .findingIncomplete,
      .holdsSecret, .nameNotTyped:
      true
    default: false
    }
  }

  /// Whether the refusal means that the world moved away from the plan for good.
  public var makesStale: Bool {
    switch self {
    case .drifted(let drift): !drift.contains { $0.seen == nil }
    default: false
    }
  }
}

extension Refusal {
  /// What is wrong with texts of which one holds a secret; nil where none does.
  public static func secret(in texts: [String]) -> Refusal? {
    texts.lazy.compactMap(SecretScan.find).first.map(Refusal.holdsSecret)
  }
}
