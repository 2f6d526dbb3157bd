import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Makes the token of the first administrator, where the database has nobody.
  /// - Returns: the token, to be shown on the terminal and nowhere else; nil where somebody is
  ///   there.
  public func beginSetup() throws -> String? {
    guard try storage.readNow({ try PersonStore.isEmpty(in: $0) }) else { return nil }
    let token = try Token(outside)
    setupToken.renew(token)
    return token.text
  }

  /// The form of the first administrator. There is no such page once somebody is there.
  func showSetup(_ visit: Visit) async throws -> Response {
    guard try await hasNobody() else { throw Failure.notFound }
    return page(SetupPage(login: "", name: "", problems: []), for: visit)
  }

  /// Makes whoever has the token the first administrator, and signs them in.
  func setUp(_ visit: Visit) async throws -> Response {
    guard try await hasNobody() else { throw Failure.notFound }
    let (typed, name) = (visit.field("login"), visit.field("name"))
    func again(_ problems: [Mistake]) -> Response {
      page(SetupPage(login: typed, name: name, problems: problems), for: visit)
    }
    guard try await isSetupToken(visit.field("setup_password"), visit) else {
      let sentence =
        "That is not the token of this start. It stands where Caretaker was started, is good once, "
        + "and a new start prints another."
      return again([Mistake(sentence, at: "setup_password")])
    }
    let (login, password) = (Login(typed), visit.form["new_password"] ?? "")
    let mistakes = Self.setupMistakes(login: login, name: name, password: password)
    guard let login, mistakes.isEmpty else { return again(mistakes) }
    let hash = try await passwords.hashed(password)
    let person = try await storage.write { [now = visit.now] db in
      // Two forms may come at once; one of them makes the first administrator.
      guard try PersonStore.isEmpty(in: db) else { throw Failure.notFound }
      let id = try PersonStore.insert(
        login: login.text, name: name, role: .administrator, passwordHash: hash, at: now, in: db)
      try AuditLog.append(
        .personAdded(person: id, role: .administrator), by: .visitor, at: now, in: db)
      guard let person = try PersonStore.find(id, in: db) else { throw Failure.notFound }
      return person
    }
    setupToken.spend()
    return try await begin(sessionOf: person, visit, then: "/setup/checks")
  }

  /// What is not right with the form of the first administrator, of who has the token.
  static func setupMistakes(login: Login?, name: String, password: String) -> [Mistake] {
    let isNamed = (1...PersonStore.nameLengthMax).contains(name.unicodeScalars.count)
    return [
      login == nil
        ? Mistake("Type a login: 1 to \(Login.lengthMax) characters.", at: "login") : nil,
      isNamed
        ? nil
        : Mistake("Type a name: 1 to \(PersonStore.nameLengthMax) characters.", at: "name"),
      Passwords.problem(with: password, hasFactor: false),
    ].compactMap { $0 }
  }

  private func hasNobody() async throws -> Bool {
    try await storage.read { try PersonStore.isEmpty(in: $0) }
  }

  /// Whether this is the token; tries are counted by address and slowed down.
  private func isSetupToken(_ typed: String, _ visit: Visit) async throws -> Bool {
    let (account, address) = ("setup:" + visit.address, "address:" + visit.address)
    let wait = try await storage.write { [now = visit.now] db in
      try Throttle.attempt([account, address], at: now, in: db)
    }
    guard wait == 0 else { throw Failure.tooManyAttempts(waitMs: wait) }
    guard setupToken.matches(typed) else { return false }
    try await storage.write { db in
      try Throttle.succeeded(account: account, address: address, in: db)
    }
    return true
  }
}

/// The form of the first administrator, also with what was wrong with the last try.
struct SetupPage: Page {
  let login: String
  let name: String
  let problems: [Mistake]

  static let template = "setup/new"
  static let section: Section? = nil
  var title: String { "Set up" }

  static let fields: [Field<SetupPage>] = [
    .text("login", { $0.login }), .text("fullName", { $0.name }),
    .text("lengthMin", { _ in String(Passwords.lengthMin) }),
  ]
}
