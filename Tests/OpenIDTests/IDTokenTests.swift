import Cryptography
import OpenID
import Testing

/// Tokens before anybody believes them. What a provider's own tokens say is held against it in
/// `OpenIDTests`.
@Suite struct IDTokenTests {
  private func token(_ head: String, _ payload: String = "{}") -> String {
    Base64URL.encode(Array(head.utf8)) + "." + Base64URL.encode(Array(payload.utf8)) + ".AAAA"
  }

  @Test(arguments: [
    #"{"alg":"none"}"#, #"{"alg":"HS256"}"#, #"{"alg":"rs256"}"#, #"{"alg":"PS256"}"#, "{}", "[]",
    #"{"alg":"RS256","alg":"none"}"#, #"{"alg":"RS256","jwk":{}}"#, #"{"alg":"RS256","jku":"x"}"#,
    #"{"alg":"RS256","x5u":"x"}"#, #"{"alg":"RS256","crit":[]}"#, #"{"alg":"RS256","kid":1}"#,
  ])
  func `a header that another reader may take for something else is refused`(head: String) {
    #expect(throws: IDTokenProblem.self) { try IDToken(token(head)) }
  }

  @Test func `parts that are missing, too many or no base64url are refused`() {
    let good = token(#"{"alg":"ES256"}"#)
    #expect(throws: Never.self) { try IDToken(good) }
    for text in ["", ".", "..", good + ".", good + "=", String(good.dropLast(5)), " " + good] {
      #expect(throws: IDTokenProblem.self, "\(text)") { try IDToken(text) }
    }
    let long = token(#"{"alg":"ES256"}"#, String(repeating: "1", count: IDToken.bytesMax))
    #expect(throws: IDTokenProblem.self) { try IDToken(long) }
  }

  @Test func `a key is found by its name and kind, and without a name where there is one`() {
    let point =
      #""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#
      + #""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#
    let key = #"{"kty":"EC","crv":"P-256",\#(point)"#
    func keys(_ entries: String) -> SigningKeys? {
      SigningKeys(Array(#"{"keys":[\#(entries)]}"#.utf8))
    }
    let one = keys(key + #","kid":"a"}"#)
    #expect(one?.key("a", for: .es256) != nil)
    #expect(one?.key(nil, for: .es256) != nil)
    #expect(one?.key("b", for: .es256) == nil)
    #expect(one?.key("a", for: .rs256) == nil)
    let two = keys(key + #","kid":"a"},"# + key + #","kid":"b"}"#)
    #expect(two?.key("b", for: .es256) != nil)
    #expect(two?.key(nil, for: .es256) == nil)
    #expect(keys(key + #","use":"enc"}"#)?.key(nil, for: .es256) == nil)
    #expect(SigningKeys(Array("[]".utf8)) == nil)
  }
}
