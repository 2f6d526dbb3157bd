import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Takes a version out of the library that nothing needs any more.
  func removeTheme(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let site = configuration.sites[0].name
    try await themeLibrary.remove(number, site: site, by: person) { theme, db in
      if let why = try ThemeStore.need(of: theme, site: site, in: db) {
        throw Failure(
          status: .conflict, title: "This version is needed",
          sentence: "\(why) Nothing was changed.")
      }
    }
    return .seeOther("/themes", saying: .themeRemoved)
  }

  /// The archive of a version, as it is sent to Ghost.
  func downloadTheme(_ visit: Visit) async throws -> Response {
    let number = try visit.number("number")
    let site = configuration.sites[0].name
    guard let theme = try await storage.read({ try ThemeStore.find(number, site: site, in: $0) })
    else { throw Failure.notFound }
    let file = try await themeLibrary.file(of: theme)
    var response = Response.attachment(
      [], type: "application/zip", named: "\(theme.name)-\(theme.version).zip")
    response.file = file
    return response
  }
}
