import Foundation
import HTTPTypes
import Testing

@testable import HTTP

/// Files in a directory that lasts for one test.
final class StaticFileTests {
  private let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("static-files-\(UUID().uuidString)")

  init() throws {
    try write("p { }", to: "public/a.css")
    try write("<svg/>", to: "public/icons/b.svg")
    try write("secret", to: "secret.txt")
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private var root: String { directory.appendingPathComponent("public").path }

  private func write(_ text: String, to path: String) throws {
    let file = directory.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func response(
    _ path: String, method: HTTPRequest.Method = .get, ifNoneMatch: String? = nil
  ) throws -> Response? {
    var headers: HTTPFields = [:]
    headers[.ifNoneMatch] = ifNoneMatch
    let request = Request(method: method, path: "/public/" + path, headers: headers)
    return try StaticFiles(directory: root).response(for: request, path: path)
  }

  @Test func `an answer that was changed is written as it is then`() throws {
    let home = Representation(body: [120], contentType: "text/plain", modifiedAt: nil)
    let request = Request(method: .get, path: "/")
    var writer = ResponseWriter(standingHeaders: [.xContentTypeOptions: "nosniff"])
    func written(_ response: Response) -> String {
      var output: [UInt8] = []
      writer.append(response, .init(keepsAlive: true), at: 0, to: &output)
      return String(decoding: output, as: UTF8.self)
    }
    let first = written(home.response(to: request))
    #expect(first.contains("\r\nContent-Type: text/plain\r\n"))
    #expect(first.contains("\r\nX-Content-Type-Options: nosniff\r\n"))
    #expect(written(home.response(to: request)) == first)
    var changed = home.response(to: request)
    changed.headers[.contentLanguage] = "en"
    changed.body = [121, 122]
    let second = written(changed)
    #expect(second.contains("\r\nContent-Language: en\r\n"))
    #expect(second.hasSuffix("\r\n\r\nyz"))
    changed.status = .notFound
    #expect(written(changed).hasPrefix("HTTP/1.1 404 "))
    #expect(written(home.response(to: request)) == first)
  }

  @Test func `a file is answered with its type, its tag and how long to keep it`() throws {
    let response = try #require(try response("icons/b.svg"))
    #expect(response.status == .ok)
    #expect(response.body == Array("<svg/>".utf8))
    #expect(response.headers[.contentType] == "image/svg+xml; charset=utf-8")
    #expect(response.headers[.cacheControl] == "no-cache")
    let files = try StaticFiles(directory: root, cacheControl: "max-age=60")
    let other = files.response(for: Request(method: .get, path: "/"), path: "a.css")
    #expect(other?.headers[.cacheControl] == "max-age=60")
    #expect(other?.headers[.contentType] == "text/css; charset=utf-8")
  }

  @Test func `RFC 9110 §8.8.3: a tag changes with the content and only with it`() throws {
    let before = try #require(try response("a.css")?.headers[.eTag])
    #expect(before.hasPrefix("\"") && before.hasSuffix("\"") && before.count == 34)
    #expect(try response("a.css")?.headers[.eTag] == before)
    try write("p { } ", to: "public/a.css")
    let after = try #require(try response("a.css")?.headers[.eTag])
    #expect(after != before)
  }

  @Test func `an address that names a version may be kept for ever, and is another with another`()
    throws
  {
    let files = try StaticFiles(directory: root)
    let name = try #require(files.versionedPaths["icons/b.svg"])
    #expect(name.wholeMatch(of: /icons\/b\.[0-9a-f]{12}\.svg/) != nil)
    let kept = try #require(files.response(for: Request(method: .get, path: "/"), path: name))
    #expect(kept.body == Array("<svg/>".utf8))
    #expect(kept.headers[.cacheControl] == "public, max-age=31536000, immutable")
    #expect(kept.headers[.contentType] == "image/svg+xml; charset=utf-8")
    let tag = try #require(kept.headers[.eTag])
    #expect(try response("icons/b.svg")?.headers[.eTag] == tag)
    let again = Request(method: .get, path: "/", headers: [.ifNoneMatch: tag])
    let known = try #require(files.response(for: again, path: name))
    #expect(known.status == .notModified)
    #expect(known.headers[.cacheControl] == "public, max-age=31536000, immutable")
    try write("<svg />", to: "public/icons/b.svg")
    let later = try StaticFiles(directory: root)
    #expect(later.versionedPaths["icons/b.svg"] != name)
    #expect(later.response(for: Request(method: .get, path: "/"), path: name) == nil)
  }

  @Test func `RFC 9110 §8.4, §12.5.5: who takes gzip gets it, and that is said to caches`() throws {
    let files = try StaticFiles(directory: root, pack: { [0x1F] + $0.prefix(2) })
    func answer(_ fields: HTTPFields) throws -> Response {
      let request = Request(method: .get, path: "/", headers: fields)
      return try #require(files.response(for: request, path: "a.css"))
    }
    let plain = try answer([:])
    let packed = try answer([.acceptEncoding: "br, gzip"])
    #expect(plain.body == Array("p { }".utf8) && plain.headers[.contentEncoding] == nil)
    #expect(packed.body == [0x1F] + Array("p ".utf8))
    #expect(packed.headers[.contentEncoding] == "gzip")
    #expect(plain.headers[.vary] == "Accept-Encoding")
    #expect(packed.headers[.vary] == "Accept-Encoding")
    #expect(plain.headers[.eTag] != packed.headers[.eTag])
    let tag = try #require(packed.headers[.eTag])
    #expect(try answer([.acceptEncoding: "gzip", .ifNoneMatch: tag]).status == .notModified)
    #expect(try answer([.ifNoneMatch: tag]).status == .ok)
  }

  @Test(arguments: [
    ("gzip", true), ("GZIP", true), ("gzip;q=0.001", true), ("*", true), ("br, *;q=0.1", true),
    ("gzip;q=0", false), ("gzip;q=0.000", false), ("br", false), ("", false), ("*;q=0", false),
    ("gzip;q=0, *", false), ("gzip;q=no", false), ("x-gzip", false), ("deflate, gzip;q=1.0", true),
  ])
  func `RFC 9110 §12.5.3: gzip is taken where it is named with a weight`(
    value: String, isTaken: Bool
  ) {
    #expect(AcceptedCodings(value).contain("gzip") == isTaken)
    #expect(!AcceptedCodings(nil).contain("gzip"))
  }

  @Test func `what gzip hardly makes shorter, and a picture, go as they are`() throws {
    try write(String(repeating: "a", count: 100), to: "public/a.txt")
    try write(String(repeating: "a", count: 100), to: "public/a.png")
    let take: HTTPFields = [.acceptEncoding: "gzip"]
    let request = Request(method: .get, path: "/", headers: take)
    for (path, length) in [("a.txt", 91), ("a.png", 10)] {
      let files = try StaticFiles(directory: root, pack: { Array($0.prefix(length)) })
      let answer = try #require(files.response(for: request, path: path))
      #expect(answer.body.count == 100 && answer.headers[.vary] == nil, "\(path)")
    }
  }

  @Test func `RFC 9110 §14: a part of a file is had by its bytes, of the same version`() throws {
    let files = try StaticFiles(directory: root)
    let tag = try #require(try response("a.css")?.headers[.eTag])
    func answer(_ fields: HTTPFields, _ method: HTTPRequest.Method = .get) throws -> Response {
      let request = Request(method: method, path: "/", headers: fields)
      return try #require(files.response(for: request, path: "a.css"))
    }
    for fields: HTTPFields in [[.range: "bytes=2-3"], [.range: "bytes=2-3", .ifRange: tag]] {
      let part = try answer(fields)
      #expect(part.status == .partialContent)
      #expect(part.body == Array("{ ".utf8))
      #expect(part.headers[.contentRange] == "bytes 2-3/5")
      #expect(part.headers[.eTag] == tag)
    }
    let date = try #require(try answer([:]).headers[.lastModified])
    for other in ["\"other\"", "W/\(tag)", date] {
      let whole = try answer([.range: "bytes=2-3", .ifRange: other])
      #expect(whole.status == .ok && whole.body.count == 5)
      #expect(whole.headers[.acceptRanges] == "bytes")
    }
    let outside = try answer([.range: "bytes=5-"])
    #expect(outside.status == .rangeNotSatisfiable)
    #expect(outside.headers[.contentRange] == "bytes */5")
    #expect(outside.body.isEmpty)
    #expect(try answer([.range: "bytes=2-3", .ifNoneMatch: tag]).status == .notModified)
    #expect(try answer([.range: "bytes=2-3", .ifMatch: "\"other\""]).status == .preconditionFailed)
    #expect(try answer([.range: "bytes=2-3"], .head).status == .ok)
  }

  @Test func `RFC 9110 §13.1.2: a browser that has the file is told so`() throws {
    let tag = try #require(try response("a.css")?.headers[.eTag])
    for condition in [tag, "W/\(tag)", "\"x\", \(tag) ,\"y\"", "*"] {
      let response = try #require(try response("a.css", ifNoneMatch: condition))
      #expect(response.status == .notModified)
      #expect(response.body == [])
      #expect(response.headers[.eTag] == tag)
      #expect(response.headers[.cacheControl] == "no-cache")
    }
    for condition in ["\"x\"", "", String(tag.dropLast()), "\"x\(tag.dropFirst())"] {
      #expect(try response("a.css", ifNoneMatch: condition)?.status == .ok)
    }
  }

  @Test func `a file can be read and nothing else`() throws {
    #expect(try response("a.css", method: .head)?.status == .ok)
    let refused = try #require(try response("a.css", method: .post))
    #expect(refused.status == .methodNotAllowed)
    #expect(refused.headers[.allow] == "GET, HEAD")
  }

  @Test(arguments: [
    "", "/", "icons", "icons/", "none", "/a.css", "./a.css", "../secret.txt", "icons/../a.css",
    ".hidden", ".git/config", "link.txt", "linked/secret.txt", "pipe",
  ])
  func `no folder, no hidden file, no link, nothing outside`(path: String) throws {
    try write("x", to: "public/.hidden")
    try write("x", to: "public/.git/config")
    for (name, target) in [("link.txt", "../secret.txt"), ("linked", "..")] {
      try FileManager.default.createSymbolicLink(
        atPath: root + "/" + name, withDestinationPath: target)
    }
    #expect(mkfifo(root + "/pipe", 0o600) == 0)
    #expect(try response(path) == nil)
    #expect(try response("a.css") != nil)
  }

  @Test func `a file that says it was changed before 1970 is served like any other`() throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: -1_000_000)], ofItemAtPath: root + "/a.css")
    let answer = try #require(try response("a.css"))
    #expect(answer.headers[.lastModified] == "Thu, 01 Jan 1970 00:00:00 GMT")
  }

  @Test func `a directory that is not there is a problem with its name`() {
    let missing = root + "/none"
    #expect {
      try StaticFiles(directory: missing)
    } throws: { error in
      (error as? FileProblem)?.description
        == "\(missing) cannot be read: No such file or directory."
    }
  }

  @Test(arguments: [
    ("a.CSS", "text/css; charset=utf-8"), ("a.min.js", "text/javascript; charset=utf-8"),
    ("a", "application/octet-stream"), ("a.b/c", "application/octet-stream"),
    ("a.exe", "application/octet-stream"), ("a.woff2", "font/woff2"),
  ])
  func `a type goes by the end of the name`(path: String, type: String) {
    #expect(ContentType.of(path) == type)
  }
}
