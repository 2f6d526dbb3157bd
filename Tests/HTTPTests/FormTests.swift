import Testing

@testable import HTTP

struct FormTests {
  @Test func `a plus is a space and percent-encoding is decoded once`() throws {
    let form = try Form(urlencoded: Array("a+b=c%2Bd&e=%2525&f=%C3%A9".utf8))
    #expect(form["a b"] == "c+d")
    #expect(form["e"] == "%25")
    #expect(form["f"] == "é")
  }

  @Test func `an absent field is nil and an empty one is empty`() throws {
    let form = try Form(query: "a=&b&=c")
    #expect(form["a"] == "")
    #expect(form["b"] == "")
    #expect(form[""] == "c")
    #expect(form["d"] == nil)
  }

  @Test func `no query has no fields`() throws {
    #expect(try Form(query: nil).names == [])
    #expect(try Form(query: "&&").names == [])
  }

  @Test func `a value keeps what stands after the first equals sign`() throws {
    #expect(try Form(query: "a=b=c")["a"] == "b=c")
  }

  @Test(arguments: ["a=%", "a=%4", "a=%4g", "%zz=a", "a=%+1"])
  func `a percent sign without two digits is refused`(text: String) {
    #expect(throws: FormProblem.badEncoding) { try Form(query: text) }
  }

  @Test(arguments: ["a=%ff", "a=%c0%af", "a=%ed%a0%80", "%80=a", "a=%00"])
  func `what is not text is refused`(text: String) {
    #expect(throws: FormProblem.notText) { try Form(query: text) }
  }

  @Test func `a field given twice is refused`() {
    #expect(throws: FormProblem.repeated("a b")) { try Form(query: "a+b=1&c=2&a%20b=1") }
  }

  @Test func `a field that may be repeated gives all its values and no single one`() throws {
    let form = try Form(query: "a=1&b=2&a=3", repeatable: ["a"])
    #expect(form.all("a") == ["1", "3"])
    #expect(form["a"] == nil)
    #expect(form["b"] == "2")
    #expect(form.names == ["a", "b", "a"])
  }

  @Test func `names that only look alike are different`() throws {
    // The Kelvin sign is canonically equivalent to K.
    let form = try Form(query: "%E2%84%AA=1")
    #expect(form["K"] == nil)
    #expect(form["\u{212A}"] == "1")
  }

  @Test func `too many fields are refused`() throws {
    #expect(try Form(query: "a=1&b=2", fieldsMax: 2).names.count == 2)
    #expect(throws: FormProblem.tooManyFields) { try Form(query: "a=1&b=2&c=3", fieldsMax: 2) }
  }

  @Test func `every problem is a sentence`() {
    let problems: [FormProblem] = [.badEncoding, .notText, .repeated("x"), .tooManyFields]
    for problem in problems { #expect(problem.description.hasSuffix(".")) }
  }
}
