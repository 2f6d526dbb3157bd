import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing
import Zip

@testable import Portal

/// Versions of themes on disk and in the database.
@Suite struct ThemeLibraryTests {
  private func keep(
    _ zip: [UInt8], on stage: Stage, source: ThemeSource = .upload, below: String? = nil
  ) async throws -> (number: Int64, isNew: Bool) {
    let library = stage.portal.themeLibrary
    let draft = try await library.draft()
    try zip.withUnsafeBytes { try draft.write($0) }
    return try await library.add(
      draft, below: below, source: source, origin: "theme.zip", site: "blog",
      by: try stage.person("operator"))
  }

  private func theme(_ number: Int64, on stage: Stage) throws -> ThemeVersion {
    try #require(
      try stage.portal.storage.readNow { try ThemeStore.find(number, site: "blog", in: $0) })
  }

  private func names(on stage: Stage) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: stage.folder + "/themes").sorted()
  }

  private func digest(_ zip: [UInt8]) -> String { SHA256.hexDigest(zip) }

  @Test func `a version is a file named after its digest, mode 600, and a row, and in the log`()
    async throws
  {
    let stage = try Stage()
    let zip = try ThemeZip.theme("1.5.0")
    let kept = try await keep(zip, on: stage)
    #expect(kept.isNew)
    let theme = try theme(kept.number, on: stage)
    #expect(theme.sha256 == digest(zip))
    #expect(theme.words == "ghost-blog-theme 1.5.0")
    #expect(theme.personName == "Operator")
    #expect(try names(on: stage) == [digest(zip) + ".zip"])
    let path = stage.portal.themeLibrary.folder.place(of: theme.sha256)
    #expect(FileManager.default.contents(atPath: path).map(Array.init) == zip)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let page = await (try stage.browser(as: "auditor")).get("/audit").text
    #expect(page.contains("put the theme ghost-blog-theme 1.5.0 into the library: uploaded as"))
    try await stage.end()
  }

  @Test func `the same archive twice is one version, and the log has it once`() async throws {
    let stage = try Stage()
    let zip = try ThemeZip.theme("1.5.0")
    let first = try await keep(zip, on: stage)
    let second = try await keep(zip, on: stage)
    #expect(second.number == first.number && !second.isNew)
    #expect(try stage.auditTypes().count { $0 == "theme.kept" } == 1)
    #expect(try names(on: stage).count == 1)
    try await stage.end()
  }

  @Test func `a theme wrapped in a folder is packed anew, and is the same files`() async throws {
    let stage = try Stage()
    let files = ThemeZip.files("1.5.0")
    let plain = try await keep(try ThemeZip.pack(files), on: stage)
    let wrapped = try await keep(try ThemeZip.pack(files, below: "my theme/"), on: stage)
    // Packed by one writer in one order, the bytes are the same too.
    #expect(wrapped.number == plain.number)
    let littered = files.merging([
      ".DS_Store": "x", "node_modules/a/index.js": "x", ".github/workflows/a.yml": "x",
      "old.zip": "x", "config/routes.yaml": "x", "yarn.lock": "x",
    ]) { $1 }
    let clean = try await keep(try ThemeZip.pack(littered, below: "t/"), on: stage)
    #expect(clean.number == plain.number)
    try await stage.end()
  }

  @Test func `what a commit has below theme is the theme, and the rest is left out`() async throws {
    let stage = try Stage()
    let inside = Dictionary(
      uniqueKeysWithValues: ThemeZip.files("1.5.0").map { ("theme/" + $0.key, $0.value) })
    let repository = inside.merging(["README.md": "x", "lib/index.hbs": "x"]) { $1 }
    let kept = try await keep(
      try ThemeZip.pack(repository, below: "o-r-1234567/"), on: stage, source: .commit,
      below: "theme/")
    let report = try stage.portal.storage.readNow { try ThemeStore.report(of: kept.number, in: $0) }
    #expect(report.files.map(\.path).contains("index.hbs"))
    #expect(report.files.count == 5)
    try await stage.end()
  }

  @Test func `what is no theme leaves neither file, row nor entry`() async throws {
    let stage = try Stage()
    let before = try stage.auditTypes()
    await #expect(throws: ZipProblem.self) { try await keep(Array("PK".utf8), on: stage) }
    await #expect(throws: ThemeProblem.self) {
      try await keep(try ThemeZip.pack(["a.txt": "x"]), on: stage)
    }
    #expect(try names(on: stage) == [])
    #expect(try stage.auditTypes() == before)
    try await stage.end()
  }

  @Test func `the library takes no more than its limit`() async throws {
    let first = try ThemeZip.theme("1.5.0")
    let stage = try Stage(libraryBytesMax: Int64(first.count) + 100)
    _ = try await keep(first, on: stage)
    await #expect(throws: Failure.self) { try await keep(try ThemeZip.theme("1.6.0"), on: stage) }
    #expect(try names(on: stage) == [digest(first) + ".zip"])
    // What is there already takes no more room.
    #expect(try await !keep(first, on: stage).isNew)
    try await stage.end()
  }

  @Test func `a start sweeps what no row names, and nothing else`() async throws {
    let stage = try Stage()
    let zip = try ThemeZip.theme("1.5.0")
    _ = try await keep(zip, on: stage)
    try await stage.portal.close()
    let orphan = String(repeating: "a", count: 64) + ".zip"
    for name in [orphan, "b.part", "notes.txt"] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: stage.folder + "/themes/" + name))
    }
    let again = try Stage(folder: stage.folder)
    #expect(try names(on: again) == [digest(zip) + ".zip", "notes.txt"].sorted())
    try await again.end()
  }

  @Test func `a version that nothing needs can be removed, with its file`() async throws {
    let stage = try Stage()
    let kept = try await keep(try ThemeZip.theme("1.5.0"), on: stage)
    let browser = try await stage.browser(as: "operator")
    let response = await browser.post("/themes/\(kept.number)/end")
    #expect(response.headers[.location] == "/themes?said=theme-removed")
    #expect(try names(on: stage) == [])
    #expect(try stage.auditTypes().last == "theme.removed")
    #expect(await browser.get("/themes/\(kept.number)").status == .notFound)
    #expect(await browser.post("/themes/\(kept.number)/end").status == .notFound)
    // Put in again it is another version.
    #expect(try await keep(try ThemeZip.theme("1.5.0"), on: stage).number > kept.number)
    try await stage.end()
  }

  @Test func `an archive is downloaded as it is kept, never shown`() async throws {
    let stage = try Stage()
    let zip = try ThemeZip.theme("1.5.0")
    let kept = try await keep(zip, on: stage)
    let answer = await (try stage.browser(as: "viewer")).get("/themes/\(kept.number)/archive")
    #expect(answer.file?.byteCount == zip.count)
    #expect(answer.headers[.contentType] == "application/zip")
    #expect(
      answer.headers[.contentDisposition]
        == "attachment; filename=\"ghost-blog-theme-1.5.0.zip\"")
    try await stage.end()
  }

  @Test func `the page of a version says what differs, line by line`() async throws {
    let stage = try Stage()
    _ = try await keep(try ThemeZip.theme("1.5.0"), on: stage)
    let newer = ThemeZip.files("1.6.0", style: "main { color: teal; }\n")
      .merging(["footer.hbs": "<footer></footer>\n", "assets/dot.png": "\0"]) { $1 }
    let kept = try await keep(try ThemeZip.pack(newer), on: stage)
    let page = await (try stage.browser(as: "operator")).get("/themes/\(kept.number)").text
    for words in [
      "Files: 2 added, 2 changed.", "Against ghost-blog-theme 1.5.0.",
      "<del>main { color: black; }</del><ins>main { color: teal; }</ins>",
      "<ins>&lt;footer&gt;&lt;/footer&gt;</ins>", "Not shown: it is no text, a long one, or in",
      "The archive is sound", "Which theme is active is not known",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    try await stage.end()
  }

  @Test func `a version whose archive is lost can still be looked at and taken out`() async throws {
    let stage = try Stage()
    _ = try await keep(try ThemeZip.theme("1.5.0"), on: stage)
    let kept = try await keep(try ThemeZip.theme("1.6.0"), on: stage)
    try FileManager.default.removeItem(
      atPath: stage.portal.themeLibrary.folder.place(of: try theme(kept.number, on: stage).sha256))
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/themes/\(kept.number)")
    #expect(page.status == .ok)
    #expect(page.text.contains("in an archive that can't be read."))
    #expect(await browser.post("/themes/\(kept.number)/end").status == .seeOther)
    try await stage.end()
  }
}
