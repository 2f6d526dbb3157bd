import HTTPTypes
import Testing

@testable import HTTP

struct CookieTests {
  private func cookies(_ fields: String...) -> Cookies {
    Cookies(HTTPFields(fields.map { HTTPField(name: .cookie, value: $0) }))
  }

  @Test func `RFC 6265bis §5.8.3: cookies come in pairs`() {
    let cookies = cookies("a=b; c=d=e;f=; __Host-g=\"h\"")
    #expect(cookies["a"] == "b")
    #expect(cookies["c"] == "d=e")
    #expect(cookies["f"] == "")
    #expect(cookies["__Host-g"] == "\"h\"")
    #expect(cookies["A"] == nil)
  }

  @Test func `cookies may be spread over several fields`() {
    let cookies = cookies("a=b", "c=d")
    #expect(cookies["a"] == "b")
    #expect(cookies["c"] == "d")
  }

  @Test func `what is no pair is passed over`() {
    #expect(cookies("a; =b;; c=d")["c"] == "d")
    #expect(cookies("a")["a"] == nil)
    #expect(Cookies([:])["a"] == nil)
  }

  @Test func `a cookie with two values has none`() {
    #expect(cookies("a=b; a=c")["a"] == nil)
    #expect(cookies("a=b", "a=c")["a"] == nil)
    #expect(cookies("a=b; a=b")["a"] == "b")
  }

  @Test func `RFC 6265bis §4.1: a cookie is as closed as can be unless told otherwise`() {
    #expect(
      SetCookie(name: "__Host-a", value: "b").field
        == "__Host-a=b; Path=/; HttpOnly; Secure; SameSite=Lax")
    let open = SetCookie(
      name: "a", value: "", path: "/b", maxAgeSeconds: 0, httpOnly: false, secure: false,
      sameSite: .strict)
    #expect(open.field == "a=; Path=/b; Max-Age=0; SameSite=Strict")
    #expect(SetCookie(name: "a", value: "", maxAgeSeconds: -5).field.contains("Max-Age=0;"))
  }

  @Test func `no part of a cookie can add an attribute or a line`() {
    let cookie = SetCookie(
      name: "a=b; c", value: "d; Domain=e\r\nSet-Cookie: f,\"\\é", path: "/;\n g")
    #expect(
      cookie.field
        == "a%3Db%3B%20c=d%3B%20Domain=e%0D%0ASet-Cookie:%20f%2C%22%5C%C3%A9; Path=/%3B%0A%20g"
        + "; HttpOnly; Secure; SameSite=Lax")
  }
}
