/// A sign of trouble that Ghost writes to its log.
public struct LogSignature: Hashable, Sendable {
  /// Its name, `mail-from`.
  public let id: String
  /// Words that occur in a line only when it is there.
  public let phrase: String
  /// What it means.
  public let meaning: String
  /// How much it matters.
  public let severity: Health
  /// What to do.
  public let remedy: String

  private init(
    _ id: String, _ phrase: String, _ severity: Health, _ meaning: String, _ remedy: String
  ) {
    self.id = id
    self.phrase = phrase
    self.severity = severity
    self.meaning = meaning
    self.remedy = remedy
  }

  /// Ghost does not know whom to mail as.
  public static let mailFrom = LogSignature(
    "mail-from", "Missing mail.from config", .attention,
    "Ghost does not know whom to mail as.", "Set mail__from in the task's environment.")

  /// Every sign that is looked for.
  public static let all: [LogSignature] = [
    mailFrom,
    LogSignature(
      "mail-rejected", "Email address is not verified", .danger,
      "SES refused mail to an address that is not verified.",
      "Request production access, or verify the address."),
    LogSignature(
      "theme-missing", "The currently active theme", .danger, "The active theme is missing.",
      "Upload the theme again, or activate another."),
    LogSignature(
      "database-unreachable", "ECONNREFUSED", .danger, "Ghost could not reach its database.",
      "Look at the database's state and security group."),
    LogSignature(
      "database-full", "ER_CON_COUNT_ERROR", .danger, "The database had no connection left.",
      "Give the database a larger class, or restart the task."),
    LogSignature(
      "database-newer", "DatabaseVersionError", .danger,
      "The database is newer than Ghost, which does not start.",
      "Deploy the newer image, or restore the snapshot made before it."),
    LogSignature(
      "migration-locked", "MigrationsAreLockedError", .danger,
      "A migration ended half-way and left its lock.",
      "Read Ghost's guide on the migrations lock before releasing it."),
    LogSignature(
      "out-of-memory", "JavaScript heap out of memory", .danger, "Ghost ran out of memory.",
      "Give the task more memory."),
    LogSignature(
      "disk-full", "ENOSPC", .danger, "The task's disk is full.",
      "Replace the task, and keep uploads in S3."),
  ]
}
