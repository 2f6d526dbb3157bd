import ChildProcess
import Foundation
import HTTP
import HTTPTypes
import Testing

@testable import Portal

/// Pages packed by gzip, and who gets them so.
@Suite struct PackingTests {
  private func answer(
    _ stage: Stage, _ path: String, from site: String?, coding: String? = "gzip, br",
    as browser: Browser? = nil
  ) async throws -> Response {
    var request = Request(method: .get, path: path)
    request.headers[.acceptEncoding] = coding
    request.headers[try #require(HTTPField.Name("Sec-Fetch-Site"))] = site
    request.headers[try #require(HTTPField.Name("Sec-Fetch-Dest"))] = "document"
    request.headers[.cookie] = browser?.cookie
    return await stage.portal.respond(to: request)
  }

  private func unpacked(_ response: Response) throws -> String {
    let gzip = try ChildProcess(["gzip", "-dc"])
    try gzip.input.write(contentsOf: Data(response.body))
    try gzip.input.close()
    return try gzip.finish().said
  }

  @Test(arguments: ["same-origin", "none"])
  func `a page that somebody here asked for is packed to less than a third`(
    site: String
  ) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let plain = try await answer(stage, "/resources", from: site, coding: nil, as: browser)
    let packed = try await answer(stage, "/resources", from: site, as: browser)
    #expect(plain.headers[.contentEncoding] == nil)
    #expect(packed.headers[.contentEncoding] == "gzip")
    #expect(packed.body.count * 3 < plain.body.count)
    let page = try unpacked(packed)
    #expect(page.hasPrefix("<!doctype html>") && page.contains("</html>"))
    for response in [plain, packed] {
      #expect(response.headers[.vary] == "Accept-Encoding, Sec-Fetch-Site")
    }
  }

  /// Else its length would tell whether what the site has put into the page repeats a secret in it.
  @Test(arguments: ["cross-site", "same-site", nil])
  func `a page that another site may have asked for is not packed`(site: String?) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let page = try await answer(stage, "/resources", from: site, as: browser)
    #expect(page.status == .ok)
    #expect(page.headers[.contentEncoding] == nil)
    #expect(page.text.contains("</html>"))
  }

  @Test(arguments: ["br", "gzip;q=0", ""])
  func `who does not take gzip gets it plain`(coding: String) async throws {
    let stage = try Stage()
    let page = try await answer(stage, "/sign-in", from: "none", coding: coding)
    #expect(page.headers[.contentEncoding] == nil)
  }

  @Test func `what is no page is not packed again`() async throws {
    let stage = try Stage()
    let style = "/public/" + (stage.portal.assets.versionedPaths["caretaker.css"] ?? "")
    let file = try await answer(stage, style, from: "same-origin")
    #expect(file.headers[.vary] == "Accept-Encoding")
    #expect(try unpacked(file).contains("{"))
  }
}
