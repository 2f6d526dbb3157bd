public import HTTPTypes

/// An answer. The server itself adds Content-Length or Transfer-Encoding, Date and Connection,
/// drops those set here, and leaves out the body where there may be none.
public struct Response: Sendable {
  /// A final status, 200 to 599. Anything else is answered as 500.
  public var status: HTTPResponse.Status
  /// Fields of this answer. Standing headers of the server are added unless set here.
  public var headers: HTTPFields
  /// The content. For HEAD it is the content that GET would have.
  public var body: [UInt8]
  /// A file whose content is sent in place of `body`, a block at a time; nil for that.
  public var file: ResponseFile?
  /// Content that is made while it is sent, in place of `body` and `file`; nil for those.
  public var stream: ResponseStream?

  /// How long the content is, in bytes; nil where nobody knows before its end.
  var byteCount: Int? { stream == nil ? file?.byteCount ?? body.count : nil }

  /// An answer from its parts.
  public init(
    status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: [UInt8] = []
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Answers a request. Runs on the event loop: work that blocks belongs elsewhere.
public typealias Handler = @Sendable (Request) async -> Response
