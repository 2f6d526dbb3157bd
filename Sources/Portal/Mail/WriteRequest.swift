import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// The request as it is being written.
  func showMailRequest(_ visit: Visit) async throws -> Response {
    try await mailRequest(problems: [], visit)
  }

  /// One version of it, to be looked over before it is previewed.
  func showWrittenRequest(_ visit: Visit) async throws -> Response {
    let number = try visit.number("version")
    let site = configuration.sites[0].name
    let found = try await storage.read { db in
      try MailStore.requests(number, site: site, in: db).first
    }
    guard let found else { throw Failure.notFound }
    let person = try visit.person
    return page(
      AnswersPage(written: found, mayPropose: person.may(.propose), now: visit.now), for: visit)
  }

  /// The form of the request: with what was typed, or the version that is asked for or the newest,
  /// or a text made of what is known.
  func mailRequest(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let base = Int64(visit.form["base"] ?? "")
    let content = try await storage.read { [now = visit.now] db in
      let versions = try MailStore.requests(site: site.name, in: db)
      let chosen = try base.flatMap { try MailStore.requests($0, site: site.name, in: db).first }
      return RequestPage(
        problems: problems, revises: visit.revises,
        request: visit.form["use_case"] != nil
          ? ProductionRequest(visit)
          : try (chosen ?? versions.first)?.request ?? .drafted(at: site, now: now, in: db),
        versions: versions.map { RequestPage.Version(written: $0, now: now) })
    }
    return page(content, for: visit)
  }

  /// Keeps what was written as a new version, whatever is still wrong with it.
  func writeMailRequest(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let request = ProductionRequest(visit)
    let mistakes = request.mistakes
    guard mistakes.isEmpty else { return try await mailRequest(problems: mistakes, visit) }
    let number = try await storage.write {
      [now = visit.now, site = configuration.sites[0].name] db in
      try MailStore.write(request, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/mail/requests/\(number)", saying: .requestKept)
  }
}

extension ProductionRequest {
  /// What can't be kept as it is: fields that hold a secret, or far more than AWS takes.
  var mistakes: [Mistake] {
    let fields = [
      ("website", [website], website.count > Self.websiteMax ? websiteProblem : nil),
      ("use_case", [useCase], useCase.count > 2 * Self.useCaseMax ? useCaseProblem : nil),
      ("contacts", contacts, contacts.count > 2 * Self.contactsMax ? contactsProblem : nil),
    ]
    return fields.compactMap { name, texts, sentence in
      (Refusal.secret(in: texts)?.sentence ?? sentence).map { Mistake($0, at: name) }
    }
  }

  fileprivate init(_ visit: Visit) {
    self.init(
      mailType: visit.field("mail_type"), website: visit.field("website"),
      language: visit.field("language"),
      useCase: visit.field("use_case").replacing("\r\n", with: "\n"),
      contacts: MailAddress.listed(in: visit.field("contacts")))
  }

  /// A first text from what is known of the site.
  fileprivate static func drafted(
    at site: Site, now: Moment, in db: Database
  ) throws -> ProductionRequest {
    let readiness = try MailStore.readiness(site: site.name, at: now, in: db)
    let blog = try ObservationStore.facts(BlogFacts.self, site: site.name, in: db)?.facts
    let service = try ObservationStore.facts(ServiceFacts.self, site: site.name, in: db)?.facts
    let domain = try ObservationStore.facts(IdentityFacts.self, site: site.name, in: db)?.facts
      .domain
    return ProductionRequest(
      mailType: "TRANSACTIONAL", website: site.ghostURL, language: "EN",
      useCase: description(
        site: site.ghostURL, title: blog?.title ?? "", from: service?.mailFrom,
        domain: domain ?? "our domain", notes: readiness.notes, checklist: readiness.rows),
      contacts: [])
  }
}

/// The form of the request.
struct RequestPage: Page {
  let problems: [Mistake]
  let revises: String
  let request: ProductionRequest
  let versions: [Version]

  static let template = "mail/request"
  static let section: Section? = .mail
  var title: String { "Request for production access" }

  static let fields: [Field<RequestPage>] = [
    .text("website", { $0.request.website }),
    .text("useCase", { $0.request.useCase }),
    .text("contacts", { $0.request.contacts.joined(separator: "\n") }),
    .text("most", { _ in String(ProductionRequest.useCaseMax) }),
    .text("length", { String($0.request.useCase.unicodeScalars.count) }),
    .list(
      "types",
      { page in
        [("TRANSACTIONAL", "Transactional"), ("MARKETING", "Marketing")].map {
          Choice(value: $0, label: $1, isSelected: page.request.mailType == $0)
        }
      }),
    .list(
      "languages",
      { page in
        [("EN", "English"), ("JA", "Japanese")].map {
          Choice(value: $0, label: $1, isSelected: page.request.language == $0)
        }
      }),
    .list("versions", { $0.versions }), .flag("anyVersion", { !$0.versions.isEmpty }),
    .text("newsletters", { _ in MailStanding.newsletters }),
  ]

  /// A version that was written.
  struct Version: TemplateData {
    let written: WrittenRequest
    let now: Moment

    static let fields: [Field<Version>] = [
      .text("number", { String($0.written.number) }), .text("person", { $0.written.personName }),
      .link("href", { "/mail/requests/\($0.written.number)" }),
      .item("when", { When($0.written.madeAt, now: $0.now) }),
    ]
  }
}

/// One version with all its answers, before it is previewed.
struct AnswersPage: Page {
  let written: WrittenRequest
  let mayPropose: Bool
  let now: Moment

  static let template = "mail/answers"
  static let section: Section? = .mail
  var title: String { "Check the request, version \(written.number)" }

  static let fields: [Field<AnswersPage>] = [
    .text("number", { String($0.written.number) }), .text("writer", { $0.written.personName }),
    .item("when", { When($0.written.madeAt, now: $0.now) }),
    .text("unfit", { $0.written.request.problem ?? "" }),
    .text("website", { $0.written.request.website }),
    .text("mailType", { $0.written.request.mailType.lowercased() }),
    .text("language", { $0.written.request.language == "JA" ? "Japanese" : "English" }),
    .text("useCase", { $0.written.request.useCase }),
    .text("contacts", { $0.written.request.contacts.joined(separator: ", ") }),
    .text("length", { String($0.written.request.useCase.unicodeScalars.count) }),
    .flag("gaps", { $0.written.request.useCase.contains("[") }),
    .flag("mayPropose", { $0.mayPropose }),
    .flag("ready", { $0.mayPropose && $0.written.request.problem == nil }),
    .link("edit", { "/mail/request?base=\($0.written.number)" }),
    .link("preview", { "/changes/preview?kind=ses.production&request=\($0.written.number)" }),
  ]
}
