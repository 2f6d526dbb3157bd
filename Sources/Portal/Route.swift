import HTTP
import HTTPTypes
import Rules

/// One row of the route table: method, pattern, who may, what answers, and the page it shows.
struct Route: Sendable {
  /// Who may use a route.
  enum Access: Sendable, Equatable {
    /// Anybody, signed in or not.
    case everyone
    /// People with this permission.
    case only(Permission)
  }

  typealias Handler = @Sendable (Portal) -> @Sendable (Visit) async throws -> Response

  let method: HTTPRequest.Method
  let pattern: String
  let access: Access
  let handler: Handler
  /// What it shows. Its template is bound when the portal starts, so that a misspelt tag is found
  /// then.
  let page: (any Page.Type)?

  /// The route as the log names it, `POST /changes/:number/approval`.
  let name: String

  private let segments: [String]

  private init(
    _ method: HTTPRequest.Method, _ pattern: String, _ access: Access,
    _ handler: @escaping Handler, page: (any Page.Type)? = nil
  ) {
    self.method = method
    self.pattern = pattern
    self.access = access
    self.handler = handler
    self.page = page
    name = "\(method.rawValue) \(pattern)"
    segments = Self.segments(of: pattern)
  }

  /// A page.
  static func get<Content: Page>(
    _ pattern: String, _ access: Access, _ page: Content.Type, _ handler: @escaping Handler
  ) -> Route {
    Route(.get, pattern, access, handler, page: page)
  }

  /// An address that shows no page of its own.
  static func get(_ pattern: String, _ access: Access, _ handler: @escaping Handler) -> Route {
    Route(.get, pattern, access, handler)
  }

  /// An act.
  static func post(_ pattern: String, _ access: Access, _ handler: @escaping Handler) -> Route {
    Route(.post, pattern, access, handler)
  }

  /// Whether it serves who has to add a second factor first: adding one, and leaving.
  var servesWithoutFactor: Bool {
    access == .everyone || pattern.hasPrefix("/account/factors") || pattern == "/session/end"
  }

  /// Whether it shows a page that may go on by itself.
  var isFollowed: Bool { Self.followed.contains(name) }

  private static let followed: Set = [
    "GET /changes/:number", "GET /images", "GET /workflows/runs/:run",
  ]

  /// What stands before the secret in this route's addresses; nil where they hold none.
  var beforeSecret: String? {
    for name in ["/:token", "/:key"] {
      if let range = pattern.firstRange(of: name) { return pattern[..<range.lowerBound] + "/" }
    }
    return nil
  }

  /// The parameters of a path that has this route's shape; nil for any other.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      if segment.hasPrefix(":"), !part.isEmpty {
        parameters[String(segment.dropFirst())] = part
      } else if segment != part {
        return nil
      }
    }
    return parameters
  }

  /// The parts of a path between slashes. A slash at the end makes another path.
  static func segments(of path: String) -> [String] {
    path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
