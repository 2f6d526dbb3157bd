import Mustache

/// The sign-in form, also with what was wrong with the last try.
struct SignInPage: Page {
  let next: String
  let login: String
  let problem: String

  static let template = "session/new"
  static let section: Section? = nil
  var title: String { problem.isEmpty ? "Sign in" : "Error: Sign in" }

  static let fields: [Field<SignInPage>] = [
    .text("next", { $0.next }), .text("login", { $0.login }), .text("problem", { $0.problem }),
  ]
}
