/// A file or folder, and who may open it.
public struct FileAccess: Hashable, Sendable {
  /// Whom it is for.
  public enum Audience: Sendable {
    /// The account that Caretaker runs as.
    case account
    /// That account and its group, as credentials are handed to a service.
    case group
    /// Whoever wants to read it; only the account may write it.
    case readers

    /// The bits of a mode that nobody needs (chmod(1)).
    fileprivate var superfluous: UInt32 {
      switch self {
      case .account: 0o077
      case .group: 0o027
      case .readers: 0o022
      }
    }

    fileprivate var command: String {
      switch self {
      case .account: "chmod go-rwx"
      case .group: "chmod g-w,o-rwx"
      case .readers: "chmod go-w"
      }
    }
  }

  let path: String
  let what: String
  let audience: Audience
  let mode: UInt32?

  /// - Parameters:
  ///   - what: "the key that signs the log".
  ///   - mode: its bits of permission; nil when it can't be looked at.
  public init(_ path: String, _ what: String, for audience: Audience, mode: UInt32?) {
    self.path = path
    self.what = what
    self.audience = audience
    self.mode = mode
  }

  /// Whether others can read or write what they need not.
  var isOpen: Bool { mode.map { $0 & audience.superfluous != 0 } ?? false }
}

/// The machine and what the configuration asks of it.
extension SelfCheck {
  /// Who may read and write Caretaker's files: a line for each that is open to others, or one for
  /// all of them.
  public static func files(_ files: [FileAccess]) -> [SelfCheck] {
    let open = files.filter(\.isOpen).map { file in
      SelfCheck(
        "Files", .unsafe, "Others may read or write \(file.path), \(file.what).",
        remedy: "Run: \(file.audience.command) \(file.path)")
    }
    let unseen = files.filter { $0.mode == nil }.map { file in
      SelfCheck(
        "Files", .unknown, "\(file.path), \(file.what), can't be looked at.",
        remedy: "Check that it is there, and run this as the account that Caretaker runs as.")
    }
    guard open.isEmpty, unseen.isEmpty else { return open + unseen }
    return [SelfCheck("Files", .good, "None of \(files.count) is open to others.")]
  }

  /// Whether what people type can be read on its way.
  /// - Parameter proxies: how many proxies are named that may end TLS in front.
  public static func listening(
    on address: String, port: Int, hasTLS: Bool, proxies: Int
  ) -> SelfCheck {
    let place = "\(address):\(port)"
    if hasTLS { return SelfCheck("Listening", .good, "With TLS, on \(place).") }
    if isLoopback(address) {
      return SelfCheck(
        "Listening", .good, "In the clear on \(place), which this machine alone reaches.")
    }
    guard proxies > 0 else {
      return SelfCheck(
        "Listening", .unsafe, "In the clear on \(place), so passwords can be read on their way.",
        remedy: "Set tls, or listen on 127.0.0.1 behind a proxy that speaks TLS.")
    }
    return SelfCheck(
      "Listening", .advised, "In the clear on \(place), for the proxies in trusted_proxies.",
      remedy: "See that nobody but them reaches that port.")
  }

  /// How long the certificate is good for.
  public static func certificate(endsAt end: Moment, at now: Moment) -> SelfCheck {
    let remedy = "Renew it; the files are read again by themselves."
    let leftMs = end.since(now)
    if leftMs < 0 {
      return SelfCheck(
        "Certificate", .unsafe, "It ended on \(end.words): browsers refuse it.", remedy: remedy)
    }
    return leftMs < certificateWarnedMs
      ? SelfCheck("Certificate", .unsafe, "It ends on \(end.words).", remedy: remedy)
      : SelfCheck("Certificate", .good, "Good until \(end.words).")
  }

  /// How long before its end a certificate is warned of.
  public static let certificateWarnedMs = 14 * Span.day

  /// The port that metrics are read at.
  /// - Parameter problem: why its token can't be used; nil when it can.
  public static func metrics(on address: String, port: Int, problem: String?) -> SelfCheck {
    if let problem {
      return SelfCheck(
        "Metrics", .unsafe, problem, remedy: "Caretaker does not start without a token there.")
    }
    guard isLoopback(address) else {
      return SelfCheck(
        "Metrics", .advised,
        "Told on \(address):\(port) to who shows the token, which goes there in the clear.",
        remedy: "Listen on 127.0.0.1, or see that only the reader reaches that port.")
    }
    return SelfCheck("Metrics", .good, "Told on \(address):\(port) to who shows the token.")
  }

  /// Room for what has to be written.
  public static func disk(
    _ standing: StorageStanding, freeBytes: Int64, totalBytes: Int64
  ) -> SelfCheck {
    let percent = totalBytes > 0 ? freeBytes / max(1, totalBytes / 100) : 0
    guard let problem = standing.problem else {
      return SelfCheck("Disk", .good, "\(freeBytes >> 20) MiB are free, \(percent) % of it.")
    }
    return SelfCheck(
      "Disk", .unsafe, problem, remedy: "Nothing guarded is run until there is room.")
  }

  /// Whether this machine's clock agrees with AWS's and with the log.
  public static func clock(_ standing: ClockStanding) -> SelfCheck {
    guard let problem = standing.problem else {
      return SelfCheck("Clock", .good, "It agrees with AWS and with the log.")
    }
    return SelfCheck(
      "Clock", standing.refusal == nil ? .advised : .unsafe, problem,
      remedy: "Have this machine set its clock by NTP.")
  }

  /// With which credentials changes are made.
  /// - Parameter site: one without a role of its own for runs.
  public static func standingCredentials(writeAt site: String) -> SelfCheck {
    SelfCheck(
      "Role for runs", .advised,
      "The standing credentials make the changes of “\(site)”: who takes them may do as much.",
      remedy: "Name a run_role; caretaker iam-policy prints what it needs.")
  }

  /// Whether an address leads to this machine alone.
  public static func isLoopback(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1" || address == "localhost"
  }
}
