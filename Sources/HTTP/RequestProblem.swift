import HTTPTypes

/// Why a request is refused, and the status that says so. The connection is closed afterwards:
/// nobody can tell where the next request begins.
struct RequestProblem: Error, Equatable {
  let status: HTTPResponse.Status
  /// A sentence for people; repeats nothing the client sent.
  let why: String

  init(_ status: HTTPResponse.Status, _ why: String) {
    self.status = status
    self.why = why
  }

  /// A request that breaks the grammar: 400.
  static func bad(_ why: String) -> RequestProblem { RequestProblem(.badRequest, why) }

  static let lineTooLong = RequestProblem(.uriTooLong, "The request line is too long.")
  static let headTooLarge = RequestProblem(
    .requestHeaderFieldsTooLarge, "The header fields are too large.")
  static let tooManyFields = RequestProblem(
    .requestHeaderFieldsTooLarge, "There are too many header fields.")
  static let bodyTooLarge = RequestProblem(.contentTooLarge, "The body is too large.")
  static let timeout = RequestProblem(.requestTimeout, "The request took too long to arrive.")
  static let tooBusy = RequestProblem(.serviceUnavailable, "There are too many connections.")
}
