import HTTP
import HTTPTypes
import Testing

@testable import Portal

@Suite struct PasswordRuleTests {
  @Test func `a password alone has 15 characters, one beside a second factor 8`() {
    let sentence = "Use at least 15 characters. A few words in a row do well."
    #expect(Passwords.problem(with: "fourteen chars", hasFactor: false)?.sentence == sentence)
    #expect(Passwords.problem(with: "fifteen chars..", hasFactor: false) == nil)
    #expect(Passwords.problem(with: "seven ch", hasFactor: true) == nil)
    #expect(Passwords.problem(with: "seven c", hasFactor: true)?.sentence.contains("8") == true)
  }

  @Test func `what it is made of does not matter`() {
    for password in [
      "aaaaaaaaaaaaaaa", "               ", "ααααααααααααααα", "horse battery rug",
      "12345 67890 12345", "Grüße aus dem Norden 🌊", String(repeating: "long ", count: 60),
    ] {
      #expect(Passwords.problem(with: password, hasFactor: false) == nil, "\(password)")
    }
  }

  @Test(arguments: [
    "1qaz2wsx3edc4rfv", "1QAZ2WSX3EDC4RFV", "１ｑａｚ２ｗｓｘ３ｅｄｃ４ｒｆｖ", "paſſwordstandard",
    "paßwordstandard", "12345678987654321",
  ])
  func `what guessers try first is refused, in any spelling, and the reason is said`(
    password: String
  ) {
    let problem = Passwords.problem(with: password, hasFactor: false)
    #expect(problem?.sentence.contains("guessers try first") == true)
  }

  @Test func `the list has the 3,000 most common`() {
    #expect(CommonPasswords.count == 3_024)
    #expect(Passwords.problem(with: "Baseball", hasFactor: true) != nil)
    #expect(!CommonPasswords.contains("# MIT License"))
  }

  @Test func `who has a factor may have a shorter password, and keeps the factor with it`()
    async throws
  {
    let stage = try Stage()
    let short = "horse rug"
    #expect(throws: AccountProblem.self) {
      try stage.accounts().resetPassword(login: "viewer", password: short)
    }
    let browser = try await stage.browser(as: "viewer")
    let (app, recovery) = try await stage.addFactor(by: browser)
    try stage.accounts().resetPassword(login: "viewer", password: short)
    let again = try await stage.halfBrowser(as: "viewer", password: short)
    again.take(await again.post("/sign-in/factor", ["code": app.code(at: stage.clock.now)]))
    let token = try await again.get("/account/factors").hidden("form_token")
    let response = await again.post(
      "/account/factors/end", ["password": short, "code": recovery[0]], token: token)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("too weak for that. Use at least 15 characters."))
    #expect(try stage.portal.storage.readNow { try FactorStore.all(in: $0) }.count == 1)
    try await stage.end()
  }
}
