import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Everything that has the words, on a page of its own.
  func showSearch(_ visit: Visit) async throws -> Response {
    let found = try await found(for: visit)
    return page(
      SearchPage(found: found), for: visit)
  }

  /// The same as a list to choose from: a part of a page, for the script that shows it while
  /// somebody types.
  func showSearchHits(_ visit: Visit) async throws -> Response {
    page(SearchHitsPage(found: try await found(for: visit)), for: visit)
  }

  private func found(for visit: Visit) async throws -> SearchFound {
    let person = try visit.person
    let typed = visit.field("q")
    let words: SearchWords
    do throws(Mistake) {
      words = try SearchWords(typed)
    } catch {
      // What may be a secret is not shown again; what is too long is to be shortened.
      let again = SecretScan.find(in: typed) == nil ? typed : ""
      return SearchFound(typed: again, problem: error, readsLog: person.may(.readAudit))
    }
    let search = Search(
      typed: typed, words: words, person: person, site: configuration.sites[0].name,
      view: resourceView(at: visit.now), area: SearchArea(rawValue: visit.field("in")))
    let searchesLog = person.may(.readAudit) && !words.isEmpty
    if searchesLog { await catchUpSearch() }
    return try await storage.read { db in
      SearchFound(
        typed: typed, isEmpty: typed.isEmpty, area: search.area,
        groups: try words.isEmpty ? [] : search.groups(in: db),
        recent: try typed.isEmpty ? search.recent(in: db) : nil,
        readsLog: person.may(.readAudit),
        left: searchesLog
          ? try AuditStore.head(in: db).count - AuditIndex.progress(in: db) : 0)
    }
  }
}
