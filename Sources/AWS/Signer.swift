import Cryptography

/// AWS Signature Version 4 ("Signing AWS API requests", IAM User Guide): a pure function of the
/// request, the credentials and the time.
struct Signer: Sendable {
  /// How a service wants its path signed.
  enum PathRule: Sendable {
    /// The path is normalised (RFC 3986 §5.2.4, repeated slashes too) and encoded once more.
    case normalised
    /// As `normalised`, without the normalising.
    case encodedAgain
    /// Amazon S3: encoded once, nothing else; `x-amz-content-sha256` is always sent.
    case once
  }

  /// The name a request is signed for, `rds`.
  let service: String
  /// The region a request is signed for.
  let region: String
  /// How the path is signed.
  let pathRule: PathRule

  /// A signer for one service in one region.
  init(service: String, region: String, pathRule: PathRule = .normalised) {
    self.service = service
    self.region = region
    self.pathRule = pathRule
  }

  /// The header fields to send: those given, and `X-Amz-Date`, `Authorization`, and where needed
  /// `X-Amz-Security-Token` and `X-Amz-Content-Sha256`.
  ///
  /// Signs every field given, so give `Host`, and none that something on the way may change.
  /// - Parameters:
  ///   - path: As on the request line, without the query.
  ///   - query: What follows `?`; empty for none.
  ///   - nowMs: Milliseconds since 1970. AWS takes about five minutes either way.
  func sign(
    method: String, path: String, query: String, headers: [HTTPHeader], body: [UInt8],
    with credentials: Credentials, at nowMs: Int64
  ) -> [HTTPHeader] {
    let timestamp = Timestamp.basic(ms: nowMs)
    let bodyHash = SHA256.hexDigest(body)
    var headers = headers + [HTTPHeader("X-Amz-Date", timestamp)]
    if let token = credentials.sessionToken {
      headers.append(
        HTTPHeader("X-Amz-Security-Token", String(decoding: token.bytes, as: UTF8.self)))
    }
    if case .once = pathRule { headers.append(HTTPHeader("X-Amz-Content-Sha256", bodyHash)) }

    let canonicalHeaders = Self.canonical(headers)
    let signedNames = canonicalHeaders.map(\.name).joined(separator: ";")
    let request = [
      method, canonical(path: path), Self.canonical(query: query),
      canonicalHeaders.map { "\($0.name):\($0.value)\n" }.joined(), signedNames, bodyHash,
    ].joined(separator: "\n")
    let scope = "\(timestamp.prefix(8))/\(region)/\(service)/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(SHA256.hexDigest(request.utf8))"
    let signature = Hex.encode(
      HMACSHA256.code(key: key(credentials, timestamp.prefix(8)), message: Array(text.utf8)))
    headers.append(
      HTTPHeader(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
          + "SignedHeaders=\(signedNames), Signature=\(signature)"))
    return headers
  }

  private func key(_ credentials: Credentials, _ day: Substring) -> [UInt8] {
    var key = Array("AWS4".utf8) + credentials.secretAccessKey.bytes
    for part in [String(day), region, service, "aws4_request"] {
      key = HMACSHA256.code(key: key, message: Array(part.utf8))
    }
    return key
  }

  private func canonical(path: String) -> String {
    switch pathRule {
    case .once: PercentEncoding.encode(PercentEncoding.decode(path), keepingSlashes: true)
    case .encodedAgain: PercentEncoding.encode(path, keepingSlashes: true)
    case .normalised: PercentEncoding.encode(Self.normalise(path), keepingSlashes: true)
    }
  }

  private static func normalise(_ path: String) -> String {
    var kept: [Substring] = []
    for segment in path.split(separator: "/") {
      switch segment {
      case ".": continue
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    let joined = "/" + kept.joined(separator: "/")
    return path.hasSuffix("/") && !kept.isEmpty ? joined + "/" : joined
  }

  /// Pairs decoded, encoded in the one canonical way, and sorted by the bytes of the result.
  private static func canonical(query: String) -> String {
    query.split(separator: "&").map { pair -> [String] in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1] : ""
      return [parts[0], value].map { PercentEncoding.encode(PercentEncoding.decode($0)) }
    }
    .sorted { $0.lexicographicallyPrecedes($1) { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    .map { "\($0[0])=\($0[1])" }
    .joined(separator: "&")
  }

  /// Names in lower case and sorted; values trimmed, runs of spaces made one, repeats joined.
  private static func canonical(_ headers: [HTTPHeader]) -> [(name: String, value: String)] {
    var values: [String: [String]] = [:]
    for header in headers {
      let words = header.value.split { $0 == " " || $0 == "\t" || $0 == "\n" }
      values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
    }
    return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { (name: $0.key, value: $0.value.joined(separator: ",")) }
  }
}
