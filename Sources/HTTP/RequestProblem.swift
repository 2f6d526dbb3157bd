import Glibc
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
  static let tooManyUploads = RequestProblem(
    .serviceUnavailable, "Other uploads are under way. Try again in a minute.")
  static let timeout = RequestProblem(.requestTimeout, "The request took too long to arrive.")
  static let tooBusy = RequestProblem(.serviceUnavailable, "There are too many connections.")

  /// A body that could not be put on the disk.
  static func notStored(_ problem: AnonymousFile.Problem) -> RequestProblem {
    guard !problem.isFull else {
      // RFC 4918 §11.5.
      return RequestProblem(
        .init(code: 507, reasonPhrase: "Insufficient Storage"),
        "The server's disk has no room for this upload. Nothing of it was kept.")
    }
    let reason = String(cString: strerror(problem.number))
    return RequestProblem(
      .internalServerError,
      "The server could not store this upload: \(reason). Nothing of it was kept.")
  }
}
