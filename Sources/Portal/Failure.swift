import AWS
import GRDB
import HTTPTypes
import Rules

/// Why a page could not be shown or an act not be done, in words. Every error of a request becomes
/// one of these, in one place.
struct Failure: Error {
  let status: HTTPResponse.Status
  let title: String
  let sentence: String
  var retryAfterSeconds: Int64? = nil

  static let notFound = Failure(
    status: .notFound, title: "There is no such page",
    sentence: "The address may be mistyped, or what it named is gone. Nothing was changed.")

  static let signInNeeded = Failure(
    status: .unauthorized, title: "Sign in first",
    sentence: "Your session has ended. Sign in and try again; nothing was changed.")

  static func badForm(_ why: String) -> Failure {
    Failure(
      status: .badRequest, title: "The form can't be read",
      sentence: "\(why) Nothing was changed. Go back, reload the page and try again.")
  }

  static let badToken = Failure(
    status: .forbidden, title: "This form is not from your session",
    sentence: "It was opened before you signed in, or it comes from another page. Nothing was "
      + "changed. Go back, reload the page and try again.")

  static let embedded = Failure(
    status: .forbidden, title: "This page is not shown inside another site",
    sentence: "Another site's page asked for it as a part of its own. Nothing was changed. Open "
      + "Caretaker in a tab of its own.")

  static let twoSources = badForm("Values stand in its address, where only a form may have them.")

  static func tooManyAttempts(waitMs: Int64) -> Failure {
    tooMany("Too many wrong tries", waitMs: waitMs)
  }

  static func tooManyPages(waitMs: Int64) -> Failure {
    tooMany("Too many pages at once", waitMs: waitMs)
  }

  private static func tooMany(_ title: String, waitMs: Int64) -> Failure {
    let seconds = (waitMs + Span.second - 1) / Span.second
    return Failure(
      status: .tooManyRequests, title: title,
      sentence: "Wait \(seconds == 1 ? "a second" : "\(seconds) seconds"), then try again. "
        + "Nothing was changed.",
      retryAfterSeconds: seconds)
  }

  /// The failure that any error is to the person who meets it.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let refusal as Refusal:
      let isRole = if case .notPermitted = refusal { true } else { false }
      self.init(
        status: isRole ? .forbidden : .conflict,
        title: isRole ? "You may not do this" : "This can't be done",
        sentence: Self.unchanged(refusal.sentence))
    case let refusal as ReviewRefusal:
      self.init(
        status: .conflict, title: "This can't be done", sentence: Self.unchanged(refusal.sentence))
    case let error as any CallError:
      let service = error is GitHubError ? "GitHub" : error is GhostError ? "Ghost" : "AWS"
      self.init(
        status: .badGateway, title: "\(service) did not answer as it should",
        sentence: error.effect == .none ? Self.unchanged(error.sentence) : error.sentence)
    case let problem as PlanProblem:
      self.init(
        status: .conflict, title: "This can't be done", sentence: Self.unchanged(problem.sentence))
    case let damage as Damage:
      self.init(
        status: .internalServerError, title: "\(damage.name) is damaged",
        sentence: damage.sentence)
    case is Busy:
      self.init(
        status: .serviceUnavailable, title: "Caretaker is busy",
        sentence: "Too much waits to be done. Nothing was changed; try again in a few seconds.",
        retryAfterSeconds: 5)
    case let error as DatabaseError where error.isHeld:
      self.init(
        status: .serviceUnavailable, title: "The database is in use",
        sentence: DatabaseError.heldSentence + " Nothing was changed; try again in a few seconds.",
        retryAfterSeconds: 5)
    case let error as DatabaseError where error.unwritable != nil:
      self.init(
        status: .serviceUnavailable,
        title: error.isDamage ? "The database is damaged" : "The database can't be written",
        sentence: (error.unwritable ?? "") + " Nothing was changed.")
    default:
      self.init(
        status: .internalServerError, title: "Something went wrong here",
        sentence: "It is not known whether anything was changed: look at the change or the page "
          + "before you try again. The reference below finds the cause in the log.")
    }
  }

  /// What went wrong, for a line that somebody reads beside something else.
  static func words(of error: any Error) -> String {
    if let spoken = error as? any SpokenError { return spoken.sentence }
    let isOfFile = (error as? DatabaseError).map { $0.isHeld || $0.unwritable != nil } ?? false
    return isOfFile
      ? "\(Portal.inWords(error))" : "It failed in Caretaker itself; its log says how."
  }

  /// A sentence that says, once, that nothing was changed.
  private static func unchanged(_ sentence: String) -> String {
    sentence.contains("Nothing was changed") ? sentence : sentence + " Nothing was changed."
  }

  init(
    status: HTTPResponse.Status, title: String, sentence: String, retryAfterSeconds: Int64? = nil
  ) {
    self.status = status
    self.title = title
    self.sentence = sentence
    self.retryAfterSeconds = retryAfterSeconds
  }
}
