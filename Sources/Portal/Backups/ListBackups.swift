import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The database's backups as last read, and the restores that were tried.
  func listBackups(_ visit: Visit) async throws -> Response {
    try await backups(problems: [], visit)
  }

  /// The backups page, also with why a restore that was tried could not be noted.
  func backups(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let person = try visit.person
    let view = resourceView(at: visit.now)
    let sorting = Sorting.ofSnapshots(visit, mayPropose: person.may(.propose))
    let copy = replica?.standing(at: visit.now)
    let content = try await storage.read { [settings = configuration.backup] db in
      let seen = try Watch.of(BackupFacts.subject).flatMap {
        try ObservationStore.find($0, site: view.site, in: db)
      }
      return BackupsPage(
        seen: seen, view: view, kept: try KeptVersions(site: view.site, in: db),
        own: try OwnBackupCard(settings, copy: copy, at: view.now, in: db),
        tests: try RestoreTestStore.all(site: view.site, in: db), problems: problems,
        typed: visit.form, mayPropose: person.may(.propose), mayRecord: person.may(.run),
        sorting: sorting)
    }
    return page(content, for: visit)
  }
}
