import Mustache

/// The sign-in form, also with what was wrong with the last try.
struct SignInPage: Page {
  let next: String
  let login: String
  let problems: [Mistake]
  /// What stands on the button of the OpenID provider; empty without one.
  let openID: String

  static let template = "session/new"
  static let section: Section? = nil
  var title: String { "Sign in" }

  static let fields: [Field<SignInPage>] = [
    .text("next", { $0.next }), .text("login", { $0.login }),
    .text("openID", { $0.openID }),
  ]
}

extension Portal {
  /// The sign-in form with the ways there are.
  func signInPage(next: String, login: String = "", problems: [Mistake] = []) -> SignInPage {
    SignInPage(
      next: next, login: login, problems: problems, openID: openID?.settings.label ?? "")
  }
}
