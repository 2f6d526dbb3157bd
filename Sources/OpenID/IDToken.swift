public import Cryptography
public import Rules

/// An ID token (OpenID Connect Core 1.0 §2): read strictly, and believed only after `claims` has
/// held all of it against what was asked for.
public struct IDToken: Sendable {
  /// How it is signed. Nothing else is taken, above all not `none` and no HMAC.
  public enum Algorithm: String, Sendable {
    /// RSA with SHA-256 (RFC 7518 §3.3).
    case rs256 = "RS256"
    /// The curve P-256 with SHA-256 (RFC 7518 §3.4).
    case es256 = "ES256"
  }

  /// What it says of somebody.
  public struct Claims: Equatable, Sendable {
    /// Who, for the issuer and for ever.
    public let subject: String
    /// The groups they are in.
    public let groups: [String]
    /// What they would be called, if they choose that themselves; never who they are.
    public let name: String
    /// The login they would have; the same holds of it.
    public let login: String
  }

  /// What a sign-in has asked for.
  public struct Asked: Sendable {
    let issuer: String
    let client: String
    let nonce: String
    let groupsClaim: String

    /// - Parameters:
    ///   - issuer: the provider, in exact letters.
    ///   - client: our identifier there.
    ///   - nonce: what the token has to repeat.
    ///   - groupsClaim: the claim that holds the groups.
    public init(issuer: String, client: String, nonce: String, groupsClaim: String) {
      (self.issuer, self.client) = (issuer, client)
      (self.nonce, self.groupsClaim) = (nonce, groupsClaim)
    }
  }

  /// How it says that it is signed.
  public let algorithm: Algorithm
  /// Which of the provider's keys; nil where it has but one.
  public let keyID: String?
  private let payload: StrictJSON
  private let signed: [UInt8]
  private let signature: [UInt8]

  /// The longest token, in bytes.
  public static let bytesMax = 64 << 10
  /// How far the clocks may differ.
  public static let leewayMs = Span.minute
  /// How long ago it may have been made: it was asked for just now.
  public static let ageMsMax = 10 * Span.minute
  /// The longest subject, in characters of ASCII (OpenID Connect Core 1.0 §2).
  public static let subjectLengthMax = 255
  /// The most groups that are read.
  public static let groupsMax = 1_000
  /// Members of the header that bring a key along, or that ask for more than is known here.
  private static let forbidden = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"]

  /// Reads one; nothing of it is believed yet.
  public init(_ text: String) throws(IDTokenProblem) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.bytesMax, parts.count == 3,
      let head = Base64URL.decode(parts[0]).flatMap(StrictJSON.init),
      let payload = Base64URL.decode(parts[1]).flatMap(StrictJSON.init),
      let signature = Base64URL.decode(parts[2])
    else { throw IDTokenProblem("the ID token can't be read") }
    guard !Self.forbidden.contains(where: { head[$0] != nil }) else {
      throw IDTokenProblem("the ID token brings a key, or an extension, of its own")
    }
    guard let algorithm = head["alg"]?.text.flatMap(Algorithm.init) else {
      throw IDTokenProblem("the ID token is signed neither with RS256 nor with ES256")
    }
    guard head["kid"] == nil || head["kid"]?.text != nil else {
      throw IDTokenProblem("the ID token can't be read")
    }
    self.algorithm = algorithm
    keyID = head["kid"]?.text
    self.payload = payload
    signed = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    self.signature = signature
  }

  /// What it says, once key, issuer, audience, times and nonce are all right (OpenID Connect Core
  /// 1.0 §3.1.3.7).
  public func claims(
    signedBy key: PublicKey, asked: Asked, at now: Moment
  ) throws(IDTokenProblem) -> Claims {
    guard key.isP256 == (algorithm == .es256), key.isValid(jws: signature, of: signed) else {
      throw IDTokenProblem("the signature of the ID token is not right")
    }
    guard payload["iss"]?.text == asked.issuer else {
      throw IDTokenProblem("the ID token is of another issuer")
    }
    // Another audience beside us is one that could use our token, or whose token this is.
    guard payload["aud"]?.texts == [asked.client],
      payload["azp"] == nil || payload["azp"]?.text == asked.client
    else { throw IDTokenProblem("the ID token is for somebody else") }
    try checkTimes(at: now)
    guard let nonce = payload["nonce"]?.text,
      constantTimeEqual(Array(nonce.utf8), Array(asked.nonce.utf8))
    else { throw IDTokenProblem("the ID token is of another sign-in") }
    guard let subject = payload["sub"]?.text, !subject.isEmpty,
      subject.utf8.count <= Self.subjectLengthMax,
      subject.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else { throw IDTokenProblem("the ID token names nobody") }
    return Claims(
      subject: subject, groups: try groups(asked.groupsClaim),
      name: payload["name"]?.text ?? "", login: payload["preferred_username"]?.text ?? "")
  }

  private func checkTimes(at now: Moment) throws(IDTokenProblem) {
    guard let end = moment("exp"), end.adding(ms: Self.leewayMs) > now else {
      throw IDTokenProblem("the ID token is over")
    }
    guard let made = moment("iat"), made.since(now) <= Self.leewayMs,
      now.since(made) <= Self.ageMsMax, payload["nbf"] == nil || isBegun(at: now)
    else { throw IDTokenProblem("the ID token was made at another time") }
  }

  private func isBegun(at now: Moment) -> Bool {
    moment("nbf").map { $0.since(now) <= Self.leewayMs } ?? false
  }

  /// A time in seconds (RFC 7519 §2) as a moment; nil for what is none.
  private func moment(_ name: String) -> Moment? {
    guard let seconds = payload[name]?.number, (0...1e11).contains(seconds) else { return nil }
    return Moment(ms: Int64(seconds * 1_000))
  }

  private func groups(_ claim: String) throws(IDTokenProblem) -> [String] {
    guard let value = payload[claim] else { return [] }
    guard let groups = value.texts, groups.count <= Self.groupsMax else {
      throw IDTokenProblem("the groups of the ID token can't be read")
    }
    return groups
  }
}

/// Why a token is not believed.
public struct IDTokenProblem: Error, Equatable {
  /// In a few words. Nothing of what the token holds is in them.
  public let why: String

  init(_ why: String) { self.why = why }
}
