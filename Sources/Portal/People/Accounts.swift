import Cryptography
import GRDB
import OpenID
import Rules

/// People as the command line sees them: added, listed, disabled, given a new password. Works
/// beside a running portal.
public struct Accounts: Sendable {
  let storage: Storage
  private let passwords: Passwords
  let outside: Outside

  /// Opens the data folder of a configuration, making it where there is none.
  public init(configuration: Configuration, world: World) throws {
    try self.init(configuration: configuration, outside: world.outside, scheme: PasswordHash())
  }

  init(configuration: Configuration, outside: Outside, scheme: PasswordHash) throws {
    storage = try DataFolder.open(configuration, exclusive: false)
    passwords = try Passwords(scheme: scheme)
    self.outside = outside
  }

  /// Adds a person.
  /// - Throws: `AccountProblem` with a sentence.
  public func add(login typed: String, name: String, role: String, password: String) throws {
    let login = try Self.login(typed)
    guard let role = Role(rawValue: role) else {
      let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw AccountProblem("There is no role “\(role)”. Choose one of: \(roles).")
    }
    if let problem = Self.problem(withLogin: typed) ?? Self.problem(withName: name) {
      throw problem
    }
    let hash = try hash(password)
    let now = outside.now()
    try storage.writeNow { db in
      guard try PersonStore.find(login: login.text, in: db) == nil else {
        throw AccountProblem("There is a \(login.text) already. Choose another login.")
      }
      let id = try PersonStore.insert(
        login: login.text, name: name, role: role, passwordHash: hash, at: now, in: db)
      try AuditLog.append(
        .personAdded(person: id, role: role), by: .command, at: now, in: db)
    }
  }

  /// Everybody, one line each: login, role, name, and whether disabled.
  public func lines() throws -> [String] {
    try storage.readNow { try PersonStore.all(in: $0) }.map { person in
      "\(person.login)\t\(person.role.rawValue)\t\(person.name)"
        + (person.isDisabled ? "\tdisabled" : "")
    }
  }

  /// Disables a person and ends their sessions. What they have proposed and nobody has run is
  /// stopped.
  public func disable(login typed: String) throws {
    let now = outside.now()
    try storage.writeNow { db in
      let person = try Self.find(typed, in: db)
      if try PersonStore.all(in: db).haveNoAdministrator(without: person.id) {
        throw AccountProblem(person.lastAdministratorSentence)
      }
      try PersonStore.disable(person.id, at: now, in: db)
      try AuditLog.append(.personDisabled(person: person.id), by: .command, at: now, in: db)
      try ChangeStore.revokeAll(
        of: person, why: "Its requester was disabled.", by: .command, at: now, in: db)
    }
  }

  /// Gives a person another password and ends their sessions.
  public func resetPassword(login typed: String, password: String) throws {
    let hasFactor = try storage.readNow { db in
      try FactorStore.exists(for: Self.find(typed, in: db).id, in: db)
    }
    let hash = try hash(password, hasFactor: hasFactor)
    let now = outside.now()
    try storage.writeNow { db in
      let person = try Self.find(typed, in: db)
      try PersonStore.setPassword(person.id, hash: hash, at: now, in: db)
      try AuditLog.append(.passwordReset(person: person.id), by: .command, at: now, in: db)
    }
  }

  /// Takes a person's second factors away, when app, passkeys and recovery codes are lost, and ends
  /// their sessions.
  public func removeFactor(login typed: String) throws {
    let now = outside.now()
    try storage.writeNow { db in
      let person = try Self.find(typed, in: db)
      let kinds = try FactorStore.kinds(of: person.id, in: db)
      guard !kinds.isEmpty else {
        throw AccountProblem("\(person.login) has no second factor. Nothing was changed.")
      }
      try FactorStore.removeAll(of: person.id, in: db)
      try SessionStore.endAll(of: person.id, in: db)
      for kind in kinds {
        try AuditLog.append(
          .factorRemoved(person: person.id, kind: kind), by: .command, at: now, in: db)
      }
    }
  }

  /// Notes that a person holds an account elsewhere, `github:octocat`. Two people who hold the same
  /// one are one human, and never approve what the other wrote.
  public func link(login typed: String, account: String) throws {
    let account = try Self.account(account)
    let now = outside.now()
    try storage.writeNow { db in
      let person = try Self.find(typed, in: db)
      try PersonStore.link(person.id, account: account, at: now, in: db)
      try AuditLog.append(
        .personLinked(
          person: person.id, sameAs: PersonStore.others(sharingWith: person.id, in: db)),
        by: .command, at: now, in: db)
    }
  }

  /// Notes that a person does not hold an account elsewhere any more.
  public func unlink(login typed: String, account: String) throws {
    let account = try Self.account(account)
    let now = outside.now()
    try storage.writeNow { db in
      let person = try Self.find(typed, in: db)
      guard try PersonStore.holders(of: account, in: db).contains(where: { $0.id == person.id })
      else {
        throw AccountProblem("\(person.login) does not hold \(account). Nothing was changed.")
      }
      try PersonStore.unlink(person.id, account: account, in: db)
      try AuditLog.append(
        .personUnlinked(
          person: person.id, sameAs: PersonStore.others(sharingWith: person.id, in: db)),
        by: .command, at: now, in: db)
    }
  }

  static func account(_ typed: String) throws -> String {
    if let account = openIDAccount(typed) { return account }
    let parts = typed.lowercased().split(separator: ":", maxSplits: 1)
    guard parts.count == 2, ["github", "aws", "mail"].contains(parts[0]), !parts[1].isEmpty,
      typed.unicodeScalars.count <= 200
    else {
      throw AccountProblem(
        "Write the account as github:NAME, aws:ARN, mail:ADDRESS or openid:ISSUER#SUBJECT, not "
          + "“\(typed)”.", at: "account")
    }
    return typed.lowercased()
  }

  /// An account at an OpenID provider as it is kept; nil for any other. Subjects that differ in
  /// their letters' case are different people.
  static func openIDAccount(_ typed: String) -> String? {
    let kind = OpenIDSettings.accountKind + ":"
    let parts = typed.dropFirst(kind.count).split(separator: "#", maxSplits: 1)
    guard typed.hasPrefix(kind), parts.count == 2,
      parts[0].count <= OpenIDSettings.issuerLengthMax,
      OpenIDAddress(String(parts[0]), besides: nil) != nil,
      parts[1].utf8.count <= IDToken.subjectLengthMax,
      parts[1].utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else { return nil }
    return typed
  }

  /// A password nobody can guess, for somebody to be given.
  public func newPassword() throws -> String {
    Base64URL.encode(try outside.randomBytes(18))
  }

  private func hash(_ password: String, hasFactor: Bool = false) throws -> String {
    if let problem = Passwords.problem(with: password, hasFactor: hasFactor) {
      throw AccountProblem(problem)
    }
    return try passwords.hash(password)
  }

  static func login(_ typed: String) throws -> Login {
    guard let login = Login(typed) else { throw AccountProblem.notLogin(typed) }
    return login
  }

  /// Why nobody new can have a login; nil where somebody can.
  static func problem(withLogin typed: String) -> AccountProblem? {
    Login(typed) == nil ? .notLogin(typed) : secret(in: typed, at: "login")
  }

  /// Why nobody new can have a name: it is empty, too long, or looks like a secret.
  static func problem(withName name: String) -> AccountProblem? {
    guard (1...PersonStore.nameLengthMax).contains(name.unicodeScalars.count) else {
      return AccountProblem("A name has 1 to \(PersonStore.nameLengthMax) characters.", at: "name")
    }
    return secret(in: name, at: "name")
  }

  private static func secret(in typed: String, at field: String) -> AccountProblem? {
    SecretScan.find(in: typed).map {
      AccountProblem("The \(field) looks like \($0). Nobody was added.", at: field)
    }
  }

  private static func find(_ typed: String, in db: Database) throws -> Person {
    let login = try login(typed)
    guard let found = try PersonStore.find(login: login.text, in: db) else {
      throw AccountProblem("There is nobody called \(login.text).")
    }
    return found.person
  }
}

/// Why a person can't be added or changed, in words.
public struct AccountProblem: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String
  /// The field of a form that it is about; nil where it is about none.
  let field: String?

  init(_ description: String, at field: String? = nil) {
    self.description = description
    self.field = field
  }

  fileprivate static func notLogin(_ typed: String) -> AccountProblem {
    AccountProblem(
      "“\(typed)” can't be a login: 1 to \(Login.lengthMax) characters, no control characters.",
      at: "login")
  }

  init(_ mistake: Mistake) { self.init(mistake.sentence, at: mistake.field) }

  var mistake: Mistake { Mistake(description, at: field) }
}
