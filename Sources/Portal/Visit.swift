import Foundation
import HTTP
import HTTPTypes
import Rules

/// One request as a handler sees it: routed, its sender known, its form checked.
struct Visit: Sendable {
  let request: Request
  /// Names the request in logs and on error pages.
  let id: String
  /// When it arrived; every decision about it uses this moment.
  let now: Moment
  /// Who sent it, behind any trusted proxy.
  let address: String
  /// Whether it came over TLS, here or at a trusted proxy.
  let isSecure: Bool
  /// What the pattern of the route has named.
  let parameters: [String: String]
  /// What was typed: the form of a POST, the query of a GET.
  let form: Form
  /// The frame's own figures, read with the session.
  let surroundings: Surroundings
  /// Who is signed in; nil only on routes that are open to everyone.
  private(set) var caller: Caller?
  /// The files of a form that has some; they stand in the request's own.
  var files: [Multipart.File] = []

  /// Whether its person has shown anew who they are.
  let proof = ShownProof()

  /// A field of the form without spaces around it; empty when it is not there.
  func field(_ name: String) -> String {
    (form[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The person on a route that asks for one.
  var person: Person {
    get throws {
      guard let caller else { throw Failure.signInNeeded }
      return caller.person
    }
  }

  /// The same visit of somebody who has more second factors than when they came.
  func knowing(_ added: Set<FactorKind>) -> Visit {
    var visit = self
    visit.caller?.factors.formUnion(added)
    return visit
  }

  /// A whole number from the route.
  func number(_ name: String) throws -> Int64 {
    guard let text = parameters[name], let number = Int64(text), number > 0,
      String(number) == text
    else { throw Failure.notFound }
    return number
  }
}

/// Whether somebody has shown anew, in the course of a request, who they are.
///
/// `@unchecked Sendable`: `lock` guards `shown`, the one thing that changes.
final class ShownProof: @unchecked Sendable {
  private let lock = NSLock()
  private var shown = false

  var isShown: Bool { lock.withLock { shown } }

  func show() { lock.withLock { shown = true } }
}
