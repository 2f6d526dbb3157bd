/// The database, the log, and what stands for them elsewhere.
extension SelfCheck {
  /// Whether the database is of this version.
  /// - Parameters:
  ///   - schema: its newest migration; nil for a file without any.
  ///   - known: the newest that this version has.
  public static func schema(_ schema: String?, known: String) -> SelfCheck {
    guard let schema else {
      return SelfCheck(
        "Database", .unknown, "It was never opened by Caretaker.", remedy: "Start Caretaker.")
    }
    if schema == known { return SelfCheck("Database", .good, "Its schema is \(schema).") }
    return schema < known
      ? SelfCheck(
        "Database", .advised, "Its schema is \(schema), older than this version's \(known).",
        remedy: "The next start brings it up to date, after a rehearsal.")
      : SelfCheck(
        "Database", .failed, "Its schema is \(schema), which this version does not know.",
        remedy: "Run the version that wrote it.")
  }

  /// Whether the database can be read whole.
  /// - Parameter problem: what SQLite found; nil for nothing.
  public static func integrity(_ problem: String?) -> SelfCheck {
    guard let problem else {
      return SelfCheck("Database, read whole", .good, "Every page of it can be read.")
    }
    return SelfCheck(
      "Database, read whole", .unsafe, "It is damaged: \(problem).",
      remedy: "Stop Caretaker, keep the file, and restore the last backup beside it.")
  }

  /// Whether changes are as they were written.
  /// - Parameters:
  ///   - damaged: the numbers of those that are not.
  ///   - isWhole: whether closed ones were looked at too.
  public static func changes(damaged: [Int64], isWhole: Bool, remedy: String) -> SelfCheck {
    let what = "Changes"
    guard !damaged.isEmpty else {
      return SelfCheck(what, .good, "Every \(isWhole ? "" : "open ")one can be read.")
    }
    let names = damaged.map { "CR-\($0)" }.joined(separator: ", ")
    return SelfCheck(what, .unsafe, "Damaged in the database: \(names).", remedy: remedy)
  }

  /// How old the last proof of the log is.
  /// - Parameters:
  ///   - ageMs: since it was last read and proven whole; nil for never.
  ///   - through: its last entry then.
  public static func logProof(ageMs: Int64?, through: Int64) -> SelfCheck {
    let remedy = "Make a backup, which proves it, or run caretaker audit verify."
    guard let ageMs else {
      return SelfCheck("Proof of the log", .advised, "No backup has proven it.", remedy: remedy)
    }
    let state = "It was last proven through entry \(through), \(ago(ageMs))."
    return ageMs > logProofAgeMsMax
      ? SelfCheck("Proof of the log", .advised, state, remedy: remedy)
      : SelfCheck("Proof of the log", .good, state)
  }

  /// How old the last proof of the log may be.
  public static let logProofAgeMsMax = 7 * Span.day

  /// How the portal itself is backed up.
  /// - Parameters:
  ///   - isScheduled: whether the configuration names a place.
  ///   - isSealed: whether what the configuration says is sealed with a key.
  public static func backups(
    _ standing: OwnBackupStanding, isScheduled: Bool, isSealed: Bool
  ) -> [SelfCheck] {
    let what = "Backups"
    let remedy =
      isScheduled
      ? "Look at the page Backups and at Caretaker's own log."
      : "Set backup in the configuration, or let a clock of yours run caretaker backup."
    let age =
      switch standing {
      case .notSetUp: SelfCheck(what, .absent, "Nothing backs Caretaker up.", remedy: remedy)
      case .none: SelfCheck(what, .advised, "None was made yet.", remedy: remedy)
      case .fresh(let ageMs):
        SelfCheck(what, .good, "The last was made \(ago(ageMs)).")
      case .late(let ageMs):
        SelfCheck(
          what, .unsafe, "The last was made \(ago(ageMs)), which is too long ago.", remedy: remedy)
      case .failing(let ageMs, let why):
        SelfCheck(
          what, .unsafe,
          "The last try failed. \(why) "
            + (ageMs.map { "The last that worked was made \(ago($0))." } ?? "None worked yet."),
          remedy: remedy)
      }
    guard isScheduled, !isSealed else { return [age] }
    return [
      age,
      SelfCheck(
        "Seal of backups", .advised, "They are not sealed: who reads their folder reads them.",
        remedy: "Add key_file to backup, and keep a copy of the key elsewhere."),
    ]
  }

  /// How long ago somebody saw that a backup can be restored.
  public static func restoreDrill(_ standing: RestoreDrillStanding) -> SelfCheck {
    let what = "Restore drill"
    return switch standing {
    case .fresh(let ageMs): SelfCheck(what, .good, "One worked \(ago(ageMs)).")
    case .never: SelfCheck(what, .advised, standing.sentence, remedy: RestoreDrillStanding.remedy)
    case .old: SelfCheck(what, .advised, standing.sentence, remedy: RestoreDrillStanding.remedy)
    case .failed: SelfCheck(what, .unsafe, standing.sentence, remedy: RestoreDrillStanding.remedy)
    }
  }

  /// Whether what stands outside this machine vouches for the log.
  /// - Parameters:
  ///   - through: the last entry that is anchored.
  ///   - ageMs: since the newest anchor was put; nil where there is none.
  public static func anchors(
    _ standing: LogStanding, through: Int64, ageMs: Int64?
  ) -> SelfCheck {
    let what = "Anchors of the log"
    let newest = ageMs.map { ", the newest \(ago($0))" } ?? ""
    switch standing {
    case .unanchored:
      return SelfCheck(
        what, .absent, "Nothing outside this machine vouches for the log.",
        remedy: "Name a bucket as anchor, best with Object Lock and in another account.")
    case .healthy:
      return SelfCheck(what, .good, "Anchored through entry \(through)\(newest).")
    case .unchecked:
      return SelfCheck(
        what, .unknown, "Anchored through entry \(through)\(newest); not compared since the start.",
        remedy: "If this stays, the bucket can't be read.")
    case .late, .behind:
      return SelfCheck(
        what, .unsafe, standing.sentence ?? "", remedy: "Operations, “Anchors”, says what to do.")
    }
  }

  /// How long signed entries may wait for the stream, which goes each half minute.
  public static let streamPatienceMs = 15 * Span.minute

  /// Whether the log's entries come to where engines read them.
  /// - Parameters:
  ///   - through: the last entry that is there.
  ///   - waiting: how many signed entries are not there yet.
  ///   - waitingMs: for how long the first of them has been signed.
  ///   - problem: why the last attempt put nothing; nil for none.
  public static func stream(
    through: Int64, waiting: Int64, waitingMs: Int64, problem: String?
  ) -> SelfCheck {
    let what = "Stream of the log"
    let remedy = "Check the bucket’s name and the role’s rights to it."
    if let problem {
      return SelfCheck(
        what, .failed, "It stands at entry \(through). \(problem)", remedy: remedy)
    }
    guard waiting == 0 || waitingMs < streamPatienceMs else {
      return SelfCheck(
        what, .failed, "It stands at entry \(through), and \(waiting) more wait.", remedy: remedy)
    }
    return SelfCheck(what, .good, "Through entry \(through).")
  }

  static func ago(_ ageMs: Int64) -> String {
    ageMs < Span.second ? "just now" : "\(Span.about(ms: ageMs)) ago"
  }
}
