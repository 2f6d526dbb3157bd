import AWS
import Cryptography
import Foundation
import OpenID
import Rules

/// The OpenID provider as it is called: what it says of itself, its keys, and its word for a code.
/// Follows no redirect; what it said is kept for an hour.
actor OpenIDProvider {
  /// What it says of itself (OpenID Connect Discovery 1.0 §3).
  struct Endpoints: Sendable {
    let authorization: OpenIDAddress
    let token: OpenIDAddress
    let keys: OpenIDAddress
    /// Whether every answer names the issuer (RFC 9207 §3).
    let namesItself: Bool
    /// What is asked for, of that which it has.
    let scope: String
  }

  nonisolated let settings: OpenIDSettings
  private let transport: Transport
  private let now: @Sendable () -> Moment
  private var endpoints: (value: Endpoints, at: Moment)?
  private var failure: (why: OpenIDRefusal, at: Moment)?
  private var keys: (value: SigningKeys, at: Moment)?

  /// How long what it said is taken for the present.
  static let freshMs = Span.hour
  /// How long after one look at its keys another is made for a key nobody knows.
  static let keysEveryMs = Span.minute
  /// How long it is left alone after it did not describe itself, whoever asks.
  static let restMs = 5 * Span.second
  /// The longest answer.
  static let answerBytesMax = 256 << 10

  init(
    _ settings: OpenIDSettings, transport: Transport, now: @escaping @Sendable () -> Moment
  ) {
    self.settings = settings
    self.transport = transport
    self.now = now
  }

  /// What it says of itself, held against what the configuration says of it.
  func found() async throws -> Endpoints {
    if let endpoints, isWithin(Self.freshMs, of: endpoints.at) { return endpoints.value }
    if let failure, isWithin(Self.restMs, of: failure.at) { throw failure.why }
    do {
      let value = try await described()
      endpoints = (value, now())
      return value
    } catch let refusal as OpenIDRefusal {
      failure = (refusal, now())
      throw refusal
    }
  }

  private func described() async throws -> Endpoints {
    guard let issuer = OpenIDAddress(settings.issuer, besides: nil) else {
      throw OpenIDRefusal.unreachable("The issuer's address can't be read.")
    }
    let base = issuer.text.hasSuffix("/") ? String(issuer.text.dropLast()) : issuer.text
    let body = try await read(base + "/.well-known/openid-configuration")
    guard let said = StrictJSON(body) else { throw Self.unreadable("description of itself") }
    guard said["issuer"]?.text == settings.issuer else {
      throw OpenIDRefusal.unreachable("The OpenID provider says that it is another.")
    }
    func address(_ name: String) throws -> OpenIDAddress {
      guard let address = said[name]?.text.flatMap({ OpenIDAddress($0, besides: issuer) }) else {
        throw Self.unreadable(name)
      }
      return address
    }
    let offered = said["scopes_supported"]?.texts ?? []
    return Endpoints(
      authorization: try address("authorization_endpoint"), token: try address("token_endpoint"),
      keys: try address("jwks_uri"),
      namesItself: said["authorization_response_iss_parameter_supported"]?.flag == true,
      scope: (["openid"] + ["profile", "groups"].filter(offered.contains)).joined(separator: " "))
  }

  /// The key that a token names. One that nobody knows is looked for again, once a minute at most.
  func key(of token: IDToken) async throws -> PublicKey {
    if let keys {
      if isWithin(Self.freshMs, of: keys.at),
        let key = keys.value.key(token.keyID, for: token.algorithm)
      {
        return key
      }
      guard !isWithin(Self.keysEveryMs, of: keys.at) else { throw Self.noKey }
    }
    guard let key = try await readKeys().key(token.keyID, for: token.algorithm) else {
      throw Self.noKey
    }
    return key
  }

  /// Reads its keys anew.
  func readKeys() async throws -> SigningKeys {
    guard let value = SigningKeys(try await read(found().keys.text)) else {
      throw Self.unreadable("set of keys")
    }
    keys = (value, now())
    return value
  }

  /// Exchanges a code for an ID token (OpenID Connect Core 1.0 §3.1.3). It is never tried twice.
  func redeem(code: String, verifier: String, redirect: String) async throws -> IDToken {
    // Where the file is, is nothing for a stranger; `caretaker check` tells what is wrong with it.
    guard let secret = try? settings.secret.read() else {
      throw OpenIDRefusal.answered("invalid_client")
    }
    let password = String(decoding: secret.bytes, as: UTF8.self)
    let basic = percentEncoded(settings.client) + ":" + percentEncoded(password)
    let body = query([
      "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
      "redirect_uri": redirect,
    ])
    var call = HTTPCall(
      method: "POST", url: try await found().token.text,
      headers: [
        HTTPHeader("Authorization", "Basic " + Base64.encode(Array(basic.utf8))),
        HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
      ],
      body: Array(body.utf8), isRepeatable: false)
    let answer = try await send(&call)
    let said = StrictJSON(answer.body)
    guard answer.status == 200 else {
      guard (400..<500).contains(answer.status), let code = said?["error"]?.text else {
        throw OpenIDRefusal.unreachable("The OpenID provider answered \(answer.status).")
      }
      throw OpenIDRefusal.answered(code)
    }
    guard let text = said?["id_token"]?.text else {
      throw OpenIDRefusal.untrusted("there is no ID token in the answer")
    }
    do throws(IDTokenProblem) { return try IDToken(text) } catch { throw OpenIDRefusal(error) }
  }

  /// Whether something is not longer ago than a span. What is of the future is of a clock that was
  /// set back, and as good as long ago.
  private func isWithin(_ spanMs: Int64, of moment: Moment) -> Bool {
    (0..<spanMs).contains(now().since(moment))
  }

  private func read(_ url: String) async throws -> [UInt8] {
    var call = HTTPCall(method: "GET", url: url)
    let answer = try await send(&call)
    guard answer.status == 200 else {
      throw OpenIDRefusal.unreachable("The OpenID provider answered \(answer.status).")
    }
    return answer.body
  }

  private func send(_ call: inout HTTPCall) async throws -> HTTPAnswer {
    call.headers += [
      HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", "Caretaker"),
    ]
    call.timeoutMs = settings.withinMs
    call.answerBytesMax = Self.answerBytesMax
    do { return try await transport.send(call) } catch {
      throw OpenIDRefusal.unreachable("The OpenID provider could not be asked: \(error.words)")
    }
  }

  private static let noKey = OpenIDRefusal.untrusted("no key of the provider fits the ID token")

  private static func unreadable(_ what: String) -> OpenIDRefusal {
    .unreachable("The OpenID provider's \(what) can't be read.")
  }
}
