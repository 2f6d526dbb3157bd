import GRDB
import OpenID
import Rules

/// Who somebody is here that the provider vouches for, and whether they come in. An account there
/// is found by issuer and subject alone, never by an address or a name.
enum OpenIDEntry {
  /// They come in, and are told this.
  case open(Person, Message?)
  /// They don't; who it is, where that is known.
  case closed(OpenIDRefusal, Person?)

  /// Decides, and writes what follows from it: somebody new, a lower role, sessions that end.
  static func of(
    _ claims: IDToken.Claims, _ settings: OpenIDSettings, at now: Moment, in db: Database
  ) throws -> OpenIDEntry {
    let account = settings.account(of: claims.subject)
    let holders = try PersonStore.holders(of: account, in: db)
    guard holders.count < 2 else { return .closed(.ambiguous, nil) }
    let role = settings.role(of: claims.groups)
    guard let person = holders.first else {
      guard let role else { return .closed(.noRole, nil) }
      return .open(try add(claims, account: account, role, at: now, in: db), nil)
    }
    guard !person.isDisabled else { return .closed(.disabled, person) }
    guard let role else {
      try SessionStore.close(of: person.id, by: .portal, at: now, in: db)
      return .closed(.noRole, person)
    }
    let message = try adjust(person, to: role, at: now, in: db)
    try PersonStore.needNoPassword(person.id, in: db)
    guard let person = try PersonStore.find(person.id, in: db) else {
      return .closed(.noRole, nil)
    }
    return .open(person, message)
  }

  /// Takes away at once what their groups do not give any more. What they give beyond the role is
  /// a guarded change, and told to them.
  private static func adjust(
    _ person: Person, to role: Role, at now: Moment, in db: Database
  ) throws -> Message? {
    let kept = Role.shared(by: person.role, role)
    if kept != person.role {
      guard try !PersonStore.all(in: db).haveNoAdministrator(without: person.id) else {
        return .roleKept
      }
      try SessionStore.close(of: person.id, by: .portal, at: now, in: db)
      try PersonStore.setRole(person.id, to: kept, by: nil, at: now, in: db)
      try AuditLog.append(
        .roleChanged(person: person.id, from: person.role, to: kept), by: .portal, at: now, in: db)
    }
    if kept != role { return .roleNotRaised }
    return kept == person.role ? nil : .roleLowered
  }

  private static func add(
    _ claims: IDToken.Claims, account: String, _ role: Role, at now: Moment, in db: Database
  ) throws -> Person {
    let login = try freeLogin(claims.login, in: db)
    let id = try PersonStore.insert(
      login: login, name: try name(claims.name, login: login, in: db), role: role,
      passwordHash: PersonStore.noPassword, at: now, in: db)
    try PersonStore.link(id, account: account, at: now, in: db)
    try AuditLog.append(
      .personAdded(person: id, role: role, through: .openid), by: .visitor, at: now, in: db)
    try AuditLog.append(.personLinked(person: id, sameAs: []), by: .visitor, at: now, in: db)
    guard let person = try PersonStore.find(id, in: db) else {
      throw StorageProblem("The person that was just added is not there.")
    }
    return person
  }

  /// The login that was asked for, or one like it that nobody has.
  private static func freeLogin(_ asked: String, in db: Database) throws -> String {
    var stem = "openid"
    if let login = Login(asked), login.text.unicodeScalars.count <= Login.lengthMax - 8,
      SecretScan.find(in: asked) == nil
    {
      stem = login.text
    }
    if try PersonStore.find(login: stem, in: db) == nil { return stem }
    for number in 2...9_999 {
      let login = "\(stem)-\(number)"
      if try PersonStore.find(login: login, in: db) == nil { return login }
    }
    throw Failure.notFound
  }

  /// The name that was asked for, told from everybody else's.
  private static func name(
    _ asked: String, login: String, in db: Database
  ) throws -> String {
    let isName =
      Accounts.problem(withName: asked) == nil && Accounts.problem(withLogin: login) == nil
    guard isName, asked.unicodeScalars.count < PersonStore.nameLengthMax - Login.lengthMax - 3,
      asked.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return login }
    let isTaken = try PersonStore.all(in: db).contains { $0.name == asked }
    return isTaken ? "\(asked) (\(login))" : asked
  }
}

extension PersonStore {
  /// What stands in place of a password's hash for who signs in elsewhere: no password has it.
  static let noPassword = "-"

  /// Who holds an account elsewhere.
  static func holders(of account: String, in db: Database) throws -> [Person] {
    try Int64.fetchAll(
      db, sql: "SELECT person_id FROM identities WHERE account = ? ORDER BY person_id",
      arguments: [account]
    ).compactMap { try find($0, in: db) }
  }

  /// Whether a person signs in elsewhere alone.
  static func signsInElsewhere(_ id: Int64, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT password_hash = ? FROM people WHERE id = ?", arguments: [noPassword, id])
      ?? false
  }

  /// Notes that a person who has no password yet signs in without one.
  static func needNoPassword(_ id: Int64, in db: Database) throws {
    try db.execute(
      sql: "UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ''",
      arguments: [noPassword, id])
  }

  /// Ends what an account that was just taken away has opened: its sessions, and signing in without
  /// a password.
  static func close(openID id: Int64, in db: Database) throws {
    try SessionStore.endAll(of: id, in: db)
    try db.execute(
      sql: """
        UPDATE people SET password_hash = '' WHERE id = ?1 AND password_hash = ?2 AND NOT EXISTS
        (SELECT 1 FROM identities WHERE person_id = ?1 AND account LIKE ?3)
        """,
      arguments: [id, noPassword, OpenIDSettings.accountKind + ":%"])
  }
}
