import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// An authenticator app as a person holds it.
struct App {
  let secret: Secret

  /// The code it shows.
  func code(at now: Moment) -> String {
    OneTimeCode.code(secret: secret, counter: OneTimeCode.step(atMs: now.ms))
  }
}

extension Stage {
  /// Adds a second factor, as its owner does on the page, and waits until the next code is shown.
  /// - Returns: the app, and the recovery codes.
  func addFactor(by browser: Browser) async throws -> (app: App, recovery: [String]) {
    let page = await browser.get("/account/factors")
    let app = try Self.app(offeredOn: page)
    let response = await browser.post(
      "/account/factors",
      [
        "offer": try page.hidden("offer"), "code": app.code(at: clock.now),
        "password": Self.password,
      ])
    #expect(response.status == .ok)
    clock.advance(ms: OneTimeCode.stepMs)
    return (app, Self.recoveryCodes(on: response))
  }

  /// The app of who has typed in the secret on a page.
  static func app(offeredOn page: Response) throws -> App {
    let mark = try #require(page.text.range(of: "?secret="))
    let letters = page.text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber }
    return App(secret: Secret(bytes: try #require(Base32.decode(letters))))
  }

  static func recoveryCodes(on page: Response) -> [String] {
    page.text.matches(of: /<li><code>([a-z2-7-]{19})<\/code>/).map { String($0.1) }
  }

  /// A browser with the right password of who has a second factor, and nothing more.
  func halfBrowser(
    as login: String, password: String = Stage.password
  ) async throws -> Browser {
    let browser = Browser(portal)
    let response = await browser.post(
      "/session", ["login": login, "password": password])
    #expect(response.headers[.location] == "/sign-in/factor")
    browser.take(response)
    return browser
  }
}
