import HTTP
import HTTPTypes
import Rules
import Zip

extension Portal {
  /// Which bodies go to a file instead of memory: those that are uploads of a theme, by who may
  /// send one. The files are without a name, in the folder of themes.
  var uploads: Uploads {
    Uploads(
      folder: themeLibrary.folder.path,
      takes: { method, path in method == .post && path == "/themes" },
      admit: { [self] request in await admitUpload(request) })
  }

  /// Decides from the head, before a byte of the body is read. The token of the form comes with the
  /// body, and is checked then.
  private func admitUpload(_ request: Request) async -> Response? {
    let id = reference()
    var visit: Visit?
    do {
      guard let (route, parameters) = Self.route(of: request).found else { throw Failure.notFound }
      let arrived = try await arrival(of: request, id: id, parameters: parameters)
      visit = arrived
      guard Origin.isSame(request.headers, isSecure: arrived.isSecure) else {
        if let person = arrived.caller?.person {
          try await logAccessRefused(to: route, arrived, person, why: Failure.badToken.title)
        }
        throw Failure.badToken
      }
      guard try await isAdmitted(arrived, to: route) else { return signInRedirect(for: arrived) }
      try await checkQuota(of: arrived)
      return nil
    } catch {
      return await failed(error, request: request, visit: visit, id: id)
    }
  }

  private func checkQuota(of visit: Visit) async throws {
    let person = try visit.person
    try await storage.read { [now = visit.now] db in
      try ThemeQuota.check(person, adding: 1, at: now, in: db)
    }
  }

  /// Checks what was sent and puts it into the library. Ghost is not touched.
  func uploadTheme(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    guard let body = visit.request.file,
      let file = visit.files.first(where: { $0.name == "theme" }),
      !file.fileName.isEmpty, !file.bytes.isEmpty
    else {
      return try await themes(
        problems: [Mistake("Choose the .zip of a theme.", at: "theme")], visit)
    }
    guard file.fileName.lowercased().hasSuffix(".zip") else {
      return try await themes(
        problems: [
          Mistake(
            "“\(file.fileName)” is not a .zip. Pack the theme's folder and send that.", at: "theme")
        ],
        visit)
    }
    if let secret = SecretScan.find(in: file.fileName) { throw Refusal.holdsSecret(secret) }
    let draft = try await themeLibrary.draft()
    try await themeLibrary.run { try draft.copy(file.bytes, of: body) }
    return try await keep(draft, source: .upload, origin: file.fileName, by: person, visit)
  }

  /// Puts an archive into the library and leads to what the pre-flight found, or back with why it
  /// is no theme.
  func keep(
    _ draft: ThemeDraft, below folder: String? = nil, source: ThemeSource, origin: String,
    by person: Person, _ visit: Visit
  ) async throws -> Response {
    let problem: Mistake
    do {
      let kept = try await themeLibrary.add(
        draft, below: folder, source: source, origin: origin, site: configuration.sites[0].name,
        by: person)
      return .seeOther("/themes/\(kept.number)", saying: kept.isNew ? .themeKept : .themeKnown)
    } catch let found as ZipProblem {
      problem = Mistake("\(found)", at: source == .upload ? "theme" : "commit")
    } catch let found as ThemeProblem {
      problem = Mistake("\(found)", at: source == .upload ? "theme" : "commit")
    }
    return try await themes(problems: [problem], visit)
  }
}
