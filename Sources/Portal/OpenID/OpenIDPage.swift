import Mustache

/// What stands between our sign-in page and the provider's, on the way there and when it led
/// nowhere.
struct OpenIDPage: Page {
  let title: String
  let sentence: String
  let isRefusal: Bool
  let link: (href: String, words: String)

  static let template = "openid/show"
  static let section: Section? = nil

  static let fields: [Field<OpenIDPage>] = [
    .text("heading", { $0.title }), .text("sentence", { $0.sentence }),
    .flag("refused", { $0.isRefusal }),
    .link("href", { $0.link.href }), .text("words", { $0.link.words }),
  ]

  /// The way there. A link, and no redirect: a browser holds each redirect behind a form against
  /// `form-action`, also those from the provider to others, which nobody here can name.
  init(goingTo address: String) {
    title = "On the way to your provider"
    sentence = "Your browser goes on by itself."
    isRefusal = false
    link = (address, "Go on")
  }

  init(_ refusal: OpenIDRefusal) {
    title = "You are not signed in"
    sentence = refusal.sentence
    isRefusal = true
    link = ("/sign-in", "Back to signing in")
  }
}
