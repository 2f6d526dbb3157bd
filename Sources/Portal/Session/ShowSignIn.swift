import HTTP

extension Portal {
  /// The sign-in form; somebody who is signed in goes on.
  func showSignIn(_ visit: Visit) async throws -> Response {
    let next = LocalPath(visit.field("next"))
    if visit.caller != nil { return .seeOther(next.text) }
    return page(signInPage(next: next.text), for: visit)
  }
}

/// An address within the portal: starts with one slash, so that it can't name another host.
struct LocalPath {
  let text: String

  /// The path, or the start page for anything that is not one.
  init(_ typed: String) {
    let isLocal =
      typed.hasPrefix("/") && !typed.hasPrefix("//")
      && typed.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
    text = isLocal ? typed : "/"
  }
}
