import Testing

@testable import Rules

@Suite struct SearchReferenceTests {
  @Test(arguments: ["CR-12", "cr-12", "cr12", "CR 12"])
  func `a change is named by its number`(typed: String) {
    #expect(SearchReference.all(in: typed) == [.change(12)])
  }

  @Test(arguments: ["12", "#12"])
  func `a number alone may be that of anything`(typed: String) {
    #expect(SearchReference.all(in: typed) == [.number(12)])
  }

  @Test func `the beginning of a digest or commit is one from seven digits on`() {
    #expect(SearchReference.all(in: "0a1b2c3") == [.digest("0a1b2c3")])
    #expect(SearchReference.all(in: "SHA256:0A1B2C3D") == [.digest("0a1b2c3d")])
    #expect(SearchReference.all(in: "1234567") == [.number(1_234_567), .digest("1234567")])
    #expect(SearchReference.all(in: "0a1b2c") == [])
    #expect(SearchReference.all(in: String(repeating: "a", count: 65)) == [])
  }

  @Test(
    arguments: [
      "", "cr", "CR-", "cr-0", "CR-x", "0", "-1", "#", "crash 12", "1 2",
      "99999999999999999999999x",
    ])
  func `what names nothing exactly is no reference`(typed: String) {
    #expect(SearchReference.all(in: typed) == [])
  }
}
