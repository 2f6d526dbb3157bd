import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing
import Zip

@testable import Portal

/// Themes sent by people, through the real port. Ghost is never called by any of this.
@Suite struct UploadThemeTests {
  /// A portal on a port, and somebody who has signed in.
  private struct Served {
    let stage: Stage
    let listener: Listener
    let port: Int
    let browser: Browser
    let transport = Transport()

    init(as login: String = "operator", blog: FakeBlog? = nil) async throws {
      stage = try Stage(blog: blog)
      listener = try Listener(stage.portal)
      port = try listener.start()
      browser = try await stage.browser(as: login)
    }

    /// Posts a form with one file as a browser does.
    func post(
      _ body: HTTPBody, token: String? = nil, fileName: String = "theme.zip",
      change: (inout HTTPCall) -> Void = { _ in }
    ) async throws -> HTTPAnswer {
      let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
      let head =
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n"
        + "\(token ?? browser.formToken)\r\n--\(boundary)\r\nContent-Disposition: form-data; "
        + "name=\"theme\"; filename=\"\(fileName)\"\r\nContent-Type: application/zip\r\n\r\n"
      var call = HTTPCall(
        method: "POST", url: "http://127.0.0.1:\(port)/themes",
        headers: [
          HTTPHeader("Cookie", browser.cookie), HTTPHeader("Sec-Fetch-Site", "same-origin"),
          HTTPHeader("Content-Type", "multipart/form-data; boundary=\(boundary)"),
        ], timeoutMs: 60_000, isRepeatable: false)
      call.streamed = HTTPBody(
        [.bytes(Array(head.utf8))] + body.pieces + [.bytes(Array("\r\n--\(boundary)--\r\n".utf8))])
      change(&call)
      return try await transport.send(call)
    }

    /// Somebody has put so many bytes into the library; the rows alone.
    func fill(bytes: Int64, by login: String = "operator", agoMs: Int64 = 0) throws {
      let person = try stage.person(login).id
      try stage.portal.storage.writeNow { [now = stage.clock.now.adding(ms: -agoMs)] db in
        try db.execute(
          sql: """
            INSERT INTO themes (site, sha256, files, bytes, name, version, source, origin, report,
              made_by, made_at, removed_at)
            VALUES ('blog', ?1, ?1, ?2, 'casper', '1', 'upload', 'a.zip', '{}', ?3, ?4, ?4)
            """,
          arguments: [String(repeating: "a", count: 64), bytes, person, now.ms])
      }
    }

    func end() async throws {
      transport.shutdown()
      try await listener.stop()
      try? FileManager.default.removeItem(atPath: stage.folder)
    }

    /// What is in the folder of themes.
    var names: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: stage.folder + "/themes")) ?? ["?"]
    }

    /// Files of uploads that this process holds open, which have no name.
    var openUploads: [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
      return names.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      }.filter { $0.contains(stage.folder + "/themes/") && $0.hasSuffix("(deleted)") }
    }
  }

  private func body(_ bytes: [UInt8]) -> HTTPBody { HTTPBody([.bytes(bytes)]) }

  @Test func `a theme that is sent is checked, kept, and shown with what was found`()
    async throws
  {
    let served = try await Served()
    let zip = try ThemeZip.pack(ThemeZip.files("1.5.0"), below: "ghost-blog-theme/")
    let answer = try await served.post(body(zip))
    #expect(answer.status == 303)
    #expect(answer.header("Location") == "/themes/1?said=theme-kept")
    let page = await served.browser.get("/themes/1").text
    for words in [
      "ghost-blog-theme 1.5.0", "wrapped in the folder ghost-blog-theme/", "5 files",
      "uploaded as theme.zip", "Nothing was sent to Ghost for this page",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try await served.post(body(zip)).header("Location") == "/themes/1?said=theme-known")
    let archive = try await served.transport.send(
      HTTPCall(
        method: "GET", url: "http://127.0.0.1:\(served.port)/themes/1/archive",
        headers: [HTTPHeader("Cookie", served.browser.cookie)]))
    #expect(archive.body == (try ThemeZip.theme("1.5.0")))
    #expect(archive.header("X-Content-Type-Options") == "nosniff")
    try await served.end()
  }

  /// Archives that are no themes, with the words their sender reads.
  static let refused: [(name: String, files: [String: String], below: String, words: String)] = {
    let good = ThemeZip.files("1.5.0")
    func without(_ path: String) -> [String: String] { good.filter { $0.key != path } }
    func with(_ path: String, _ content: String = "x") -> [String: String] {
      good.merging([path: content]) { $1 }
    }
    return [
      ("no index", without("index.hbs"), "", "There is no index.hbs in the theme."),
      ("no post", without("post.hbs"), "t/", "There is no post.hbs in the theme."),
      ("no package", without("package.json"), "", "There is no package.json in the theme."),
      ("two themes", with("demo/index.hbs"), "", "There are 2 files named index.hbs"),
      ("bad JSON", with("package.json", "{"), "", "package.json is not valid JSON"),
      ("no name", with("package.json", "{\"version\": \"1.0.0\"}"), "", "has no name"),
      ("no version", with("package.json", "{\"name\": \"a\"}"), "", "has no version"),
      (
        "a wild name", with("package.json", "{\"name\": \"My Theme\", \"version\": \"1\"}"), "",
        "has a name that takes more than small letters"
      ),
      (
        "casper", with("package.json", "{\"name\": \"casper\", \"version\": \"1\"}"), "",
        "“casper” is one of Ghost&#39;s own themes"
      ),
      (
        "source", with("package.json", "{\"name\": \"source\", \"version\": \"1\"}"), "",
        "“source” is one of Ghost&#39;s own themes"
      ),
    ]
  }()

  @Test(arguments: 0..<refused.count)
  func `what is no theme is told in a sentence, and nothing is kept`(index: Int) async throws {
    let case_ = Self.refused[index]
    let served = try await Served()
    let answer = try await served.post(body(ThemeZip.pack(case_.files, below: case_.below)))
    #expect(answer.status == 422, "\(case_.name)")
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(text.contains(case_.words), "\(case_.name): \(case_.words)")
    #expect(text.contains("Nothing was sent to Ghost, and the library is as it was."))
    #expect(served.names == [])
    try await served.end()
  }

  @Test func `who has sent the most for a day is told when there is room, others go on`()
    async throws
  {
    let served = try await Served()
    let zip = try ThemeZip.theme("1.5.0")
    try served.fill(bytes: ThemeQuota.bytesMax, by: "operator-2")
    #expect(try await served.post(body(zip)).status == 303)
    try served.fill(bytes: ThemeQuota.bytesMax)
    let refused = try await served.post(body(try ThemeZip.theme("1.5.1")))
    #expect(refused.status == 429)
    #expect(
      String(decoding: refused.body, as: UTF8.self).contains("may put 512 MiB of themes into"))
    #expect(served.names.filter { $0.hasSuffix(".zip") }.count == 1)
    try await served.end()
  }

  @Test func `an archive that would pass the day's most is refused, with the moment it fits`()
    async throws
  {
    let served = try await Served()
    let zip = try ThemeZip.theme("1.5.1")
    try served.fill(bytes: 1, agoMs: 3 * Span.hour)
    try served.fill(bytes: ThemeQuota.bytesMax - Int64(zip.count), agoMs: 2 * Span.hour)
    let refused = try await served.post(body(zip))
    #expect(refused.status == 429)
    let free = served.stage.clock.now.adding(ms: ThemeQuota.withinMs - 3 * Span.hour).words
    #expect(String(decoding: refused.body, as: UTF8.self).contains("after \(free)"))
    #expect(served.names == [])
    // The byte that leaves first makes no room for what the next is too long for.
    try served.fill(bytes: Int64(zip.count), agoMs: Span.hour)
    let later = served.stage.clock.now.adding(ms: ThemeQuota.withinMs - 2 * Span.hour).words
    let again = try await served.post(body(zip))
    #expect(String(decoding: again.body, as: UTF8.self).contains("after \(later)"))
    try await served.end()
  }

  @Test func `files that lie beside the theme's folder are told`() async throws {
    let served = try await Served()
    var files = Dictionary(
      uniqueKeysWithValues: ThemeZip.files("1.5.0").map { ("theme/" + $0.key, $0.value) })
    files["secret.env"] = "x"
    let answer = try await served.post(body(ThemeZip.pack(files)))
    #expect(
      String(decoding: answer.body, as: UTF8.self)
        .contains("Beside the theme lies something else: secret.env."))
    try await served.end()
  }

  @Test func `a corpus of broken archives is refused, and the disk is as it was`()
    async throws
  {
    let served = try await Served()
    let good = try ThemeZip.theme("1.5.0")
    let bomb = try ThemeZip.pack(
      bytes: ThemeZip.files("1.5.0").mapValues { Array($0.utf8) }
        .merging(["zeros.bin": [UInt8](repeating: 0, count: 8 << 20)]) { $1 })
    var corpus: [[UInt8]] = [
      Array("not a zip".utf8), Array(good.dropLast(1)), Array(good.prefix(good.count / 2)),
      good + good, [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), bomb,
    ]
    for place in stride(from: 10, to: good.count, by: good.count / 12) {
      var flipped = good
      flipped[place] ^= 0xFF
      corpus.append(flipped)
    }
    for zip in corpus {
      let answer = try await served.post(body(zip))
      let isKept = answer.status == 303
      #expect(isKept || answer.status == 422)
      // A flipped bit may be in the time of a file, which nobody reads.
      if isKept { _ = await served.browser.post("/themes/\(try number(answer))/end") }
      #expect(served.names == [])
    }
    try await served.end()
  }

  private func number(_ answer: HTTPAnswer) throws -> Int64 {
    let location = try #require(answer.header("Location"))
    return try #require(Int64(location.drop { !$0.isNumber }.prefix { $0.isNumber }))
  }

  @Test(arguments: [("", "Choose the .zip of a theme."), ("theme.tar", "is not a .zip.")])
  func `no file, or one of another kind, is told`(fileName: String, words: String) async throws {
    let served = try await Served()
    let answer = try await served.post(
      body(fileName.isEmpty ? [] : Array("x".utf8)), fileName: fileName)
    #expect(answer.status == 422)
    #expect(String(decoding: answer.body, as: UTF8.self).contains(words))
    try await served.end()
  }

  @Test func `who may not is refused before the body is read, and the log has it`() async throws {
    let served = try await Served(as: "viewer")
    let before = try served.stage.auditTypes()
    let answer = try await served.post(body(ThemeZip.theme("1.5.0")))
    #expect(answer.status == 403)
    #expect(answer.header("Connection") == "close")
    #expect(try served.stage.auditTypes() == before + ["access.refused"])
    let stranger = try await served.post(body(ThemeZip.theme("1.5.0"))) { call in
      call.headers.removeAll { $0.name == "Cookie" }
    }
    #expect(stranger.status == 303)
    #expect(stranger.header("Location") == "/sign-in")
    let elsewhere = try await served.post(body(ThemeZip.theme("1.5.0"))) { call in
      call.headers.removeAll { $0.name == "Sec-Fetch-Site" }
      call.headers.append(HTTPHeader("Sec-Fetch-Site", "cross-site"))
    }
    #expect(elsewhere.status == 403)
    #expect(served.names == [])
    try await served.end()
  }

  @Test func `a form without the session's token is refused, and nothing is kept`() async throws {
    let served = try await Served()
    let before = try served.stage.auditTypes()
    let answer = try await served.post(body(ThemeZip.theme("1.5.0")), token: "wrong")
    #expect(answer.status == 403)
    #expect(try served.stage.auditTypes() == before + ["access.refused"])
    #expect(served.names == [])
    try await served.end()
  }

  @Test func `an upload that is broken off leaves nothing behind`() async throws {
    let served = try await Served()
    for part in [1_000, 70_000, 300_000] {
      var call: HTTPCall?
      await #expect(throws: TransportProblem.self) {
        _ = try await served.post(
          body([UInt8](repeating: 120, count: part))
        ) { built in
          // More is promised than comes, and nobody waits for it.
          built.headers.append(HTTPHeader("Content-Length", "9000000"))
          built.timeoutMs = 300
          call = built
        }
      }
      #expect(call != nil)
    }
    try await wait { served.openUploads.isEmpty }
    #expect(served.names == [])
    try await served.end()
  }

  @Test func `a theme of 64 MiB is taken, checked, kept and sent with less than 32 MiB of memory`()
    async
  {
    // In a process of its own, since the peak is the process's.
    await #expect(processExitsWith: .success) {
      let blog = try FakeBlog()
      let served = try await Served(blog: blog)
      _ = try await served.post(HTTPBody([.bytes(try ThemeZip.theme("1.4.9"))]))
      let path = served.stage.folder + "/large.zip"
      let size = try LargeTheme.write(to: path)
      try #require((63 << 20...64 << 20).contains(size))
      let before = try Memory.resetPeak()
      let file = try HTTPFile(reading: path)
      let answer = try await served.post(HTTPBody([.file(file, 0..<size)]))
      try #require(answer.header("Location") == "/themes/2?said=theme-kept")
      let site = served.stage.portal.configuration.sites[0]
      let version = try #require(
        try served.stage.portal.storage.readNow { try ThemeStore.find(2, site: site.name, in: $0) })
      let kept = try HTTPFile(
        reading: served.stage.portal.themeLibrary.folder.place(of: version.sha256))
      let ghost = served.stage.portal.outside.cloud(site).ghost
      let theme = try await ghost.uploadTheme(
        kept, byteCount: Int(version.bytes), digest: version.sha256, name: version.name)
      try #require(theme.version == "1.5.0")
      let fields = try await served.stage.portal.means(at: site)
        .themeFields(of: version.name, at: site)
      try #require(fields[ThemeReading.filesField] == version.files)
      var download = HTTPCall(
        method: "GET", url: "http://127.0.0.1:\(served.port)/themes/2/archive",
        headers: [HTTPHeader("Cookie", served.browser.cookie)], timeoutMs: 60_000,
        answerBytesMax: 64 << 20)
      let back = try await served.stage.portal.themeLibrary.draft()
      download.destination = try back.destination()
      try #require(try await served.transport.send(download).status == 200)
      try #require(try back.digest() == version.sha256)
      let peak = try Memory.peak()
      try #require(peak - before < 32 << 20, "memory grew by \(peak - before) bytes")
      try await served.end()
    }
  }
}

/// A theme that is as large as one may be.
enum LargeTheme {
  /// - Returns: the length of the archive in bytes.
  static func write(to path: String) throws -> Int {
    try Data().write(to: URL(fileURLWithPath: path))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    let writer = ZipWriter { try handle.write(contentsOf: Data($0)) }
    for (name, text) in ThemeZip.files("1.5.0").sorted(by: { $0.key < $1.key }) {
      try writer.addFile(name, Array(text.utf8))
    }
    // What can't be packed any smaller, without keeping it.
    var state: UInt64 = 88_172_645_463_325_252
    try writer.addFile("assets/film.bin") { sink in
      var block = [UInt8](repeating: 0, count: 65_536)
      for _ in 0..<1_020 {
        for index in block.indices {
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          block[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
        try block.withUnsafeBytes(sink)
      }
    }
    try writer.finish()
    return Int(try handle.seekToEnd())
  }
}

/// The memory of this process, as the kernel counts it (proc(5)).
enum Memory {
  /// Begins to count the peak anew.
  /// - Returns: what is resident now, in bytes.
  static func resetPeak() throws -> Int {
    let handle = try #require(FileHandle(forWritingAtPath: "/proc/self/clear_refs"))
    try handle.write(contentsOf: Data("5".utf8))
    return try read("VmRSS")
  }

  /// The most that was resident since, in bytes.
  static func peak() throws -> Int { try read("VmHWM") }

  private static func read(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
    let number = try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first)
    return try #require(Int(number)) * 1_024
  }
}
