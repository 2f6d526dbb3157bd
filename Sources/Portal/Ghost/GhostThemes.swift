import AWS
import Foundation
import Rules

/// A theme as Ghost tells of it.
struct GhostTheme: Sendable, Hashable {
  /// The folder it is in, which is its name.
  let name: String
  /// What its package.json says; empty where there is none.
  let version: String
  let isActive: Bool
}

extension GhostTheme: Decodable {
  private struct Package: Decodable { let version: String? }
  private enum Keys: String, CodingKey { case name, package, active }

  /// `package` is false where the theme has no package.json that can be read.
  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Keys.self)
    name = GhostPage.shown(try members.decode(String.self, forKey: .name))
    let package = try? members.decode(Package.self, forKey: .package)
    version = GhostPage.shown(package?.version ?? "")
    isActive = (try? members.decode(Bool.self, forKey: .active)) ?? false
  }
}

extension Ghost {
  /// How long an upload may take: Ghost unpacks and checks the theme before it answers.
  static let uploadWithinMs: Int64 = 180_000
  /// How long a download may take.
  static let downloadWithinMs: Int64 = 60_000

  private struct Themes: Decodable { let themes: [GhostTheme] }

  /// The themes on the disk of the task that answers (`GET /themes/`). For a staff token alone.
  func themes() async throws -> [GhostTheme] {
    try await read("/themes/", by: .staff, as: Themes.self).themes
  }

  /// Uploads a theme (`POST /themes/upload/`), from its file while it is sent. Ghost names it after
  /// the file; where that is the active theme's name, readers see it at once.
  /// - Parameters:
  ///   - digest: the SHA-256 of the file. No file can be made that holds its own, so it parts the
  ///     form.
  func uploadTheme(
    _ file: HTTPFile, byteCount: Int, digest: String, name: String,
    withinMs: Int64 = Ghost.uploadWithinMs
  ) async throws -> GhostTheme {
    let path = "/themes/upload/"
    let boundary = "caretaker-\(digest.prefix(40))"
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; "
      + "filename=\"\(name).zip\"\r\nContent-Type: application/zip\r\n\r\n"
    var call = try call("POST", path, by: .integration, withinMs: withinMs)
    call.headers.append(
      HTTPHeader("Content-Type", "multipart/form-data; boundary=\(boundary)"))
    call.streamed = HTTPBody([
      .bytes(Array(head.utf8)), .file(file, 0..<byteCount),
      .bytes(Array("\r\n--\(boundary)--\r\n".utf8)),
    ])
    return try theme(in: try await send(call, "POST \(path)"), "POST \(path)")
  }

  /// Makes a theme the one readers see (`PUT /themes/{name}/activate/`).
  func activateTheme(_ name: String) async throws -> GhostTheme {
    let path = "/themes/\(percentEncoded(name))/activate/"
    return try theme(in: try await send("PUT", path, withinMs: 60_000), "PUT \(path)")
  }

  /// Writes a theme as Ghost packs it (`GET /themes/{name}/download/`) to a file. For a staff token
  /// alone.
  /// - Throws: ``GhostError``; `isNoTheme` where there is none of this name.
  func downloadTheme(_ name: String, to file: HTTPFile, bytesMax: Int) async throws {
    let path = "/themes/\(percentEncoded(name))/download/"
    var call = try call(
      "GET", path, by: .staff, withinMs: Self.downloadWithinMs, bytesMax: bytesMax)
    call.destination = file
    _ = try await send(call, "GET \(path)")
  }

  private func theme(in answer: HTTPAnswer, _ name: String) throws -> GhostTheme {
    guard let found = try? JSONDecoder().decode(Themes.self, from: Data(answer.body)),
      let theme = found.themes.first
    else { throw GhostError(.unreadable("it names no theme"), name) }
    return theme
  }
}

extension GhostError {
  /// Whether Ghost says that there is no theme of the name that was asked for.
  var isNoTheme: Bool {
    (status == 400 || status == 404) && call.hasPrefix("GET /themes/")
  }
}
