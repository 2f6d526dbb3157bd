internal import CCurl

/// Why no complete answer came.
public struct TransportProblem: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Kind: Sendable, Equatable {
    /// No such host, nobody listens, or no way there.
    case couldNotConnect
    /// The other side's certificate is not to be trusted, or TLS could not be agreed on.
    case tls
    /// The time was up.
    case timedOut
    /// The connection ended before the answer was whole.
    case reset
    /// The answer was longer than the call allows.
    case tooLarge
    /// Nobody waits for the answer any more, or the transport is shut down.
    case cancelled
    /// Something else, in libcurl's words.
    case other(String)
  }

  /// What went wrong.
  public let kind: Kind
  /// Whether any of the request may have left: then the other side may have acted on it.
  public let wasSent: Bool

  init(_ kind: Kind, wasSent: Bool) {
    self.kind = kind
    self.wasSent = wasSent
  }

  /// What a transfer's result means.
  init(_ code: CURLcode, wasSent: Bool) {
    let kind: Kind =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .couldNotConnect
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
        .tls
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .reset
      default: .other(String(cString: curl_easy_strerror(code)))
      }
    self.init(kind, wasSent: wasSent)
  }
}
