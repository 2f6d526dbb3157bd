import Testing
import WebAuthn

@Suite struct RelyingPartyTests {
  @Test(arguments: [
    ("https://caretaker.example.com", "caretaker.example.com", "https://caretaker.example.com"),
    (
      "https://Caretaker.example.com:443/", "caretaker.example.com", "https://caretaker.example.com"
    ),
    ("https://a.example:8443/x", "a.example", "https://a.example:8443"),
    ("http://localhost:8080", "localhost", "http://localhost:8080"),
    ("http://localhost:80", "localhost", "http://localhost"),
    ("http://a.localhost", "a.localhost", "http://a.localhost"),
  ])
  func `a name with TLS, or this machine, has one`(address: String, id: String, origin: String) {
    let party = RelyingParty(address: address)
    #expect(party?.id == id)
    #expect(party?.origin == origin)
  }

  @Test(arguments: [
    "", "caretaker.example.com", "https://", "http://caretaker.example.com", "ftp://localhost",
    "https://192.0.2.1", "http://127.0.0.1:8080", "https://[::1]:8080", "https://a@b.example",
    "https://a.example:99999", "https://a.example:1:2", "https://ü.example", "https://...",
    "http://notlocalhost",
  ])
  func `browsers make no credentials for anything else`(address: String) {
    #expect(RelyingParty(address: address) == nil)
  }
}
