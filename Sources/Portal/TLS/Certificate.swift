import HTTP
import Logging
import Rules

/// The certificate a port is served with, followed through its files.
struct Certificate: Sendable {
  let tls: TLS
  let pool: BlockingPool
  let outside: Outside
  let log: Logger

  /// How often the files are looked at.
  static let lookEverySeconds = 60
  static let daySeconds = 86_400

  /// Reads the files again, for connections to come; what is wrong with them is logged.
  func reload() async {
    do {
      try await pool.run { [tls, now = unixSeconds] in try tls.reload(at: now) }
      log.notice("The certificate was read again; it is good until \(tls.end).")
    } catch {
      log.error("The certificate was not read again, and the one before stays. \(error)")
    }
  }

  /// Reads the files again whenever they have changed, until cancelled.
  func keep() async {
    var warnedAt: Int?
    while !Task.isCancelled {
      if let sentence = tls.warning(at: unixSeconds), isDue(warnedAt) {
        log.warning("\(sentence)")
        warnedAt = unixSeconds
      }
      try? await Task.sleep(for: .seconds(Self.lookEverySeconds))
      if (try? await pool.run { [tls] in tls.isOutdated }) == true { await reload() }
    }
  }

  private func isDue(_ warnedAt: Int?) -> Bool {
    warnedAt.map { unixSeconds - $0 >= Self.daySeconds } ?? true
  }

  private var unixSeconds: Int { Int(outside.now().unixSeconds) }
}

extension TLS {
  /// When the certificate ends, for people.
  var end: String {
    let moment = Moment(ms: Int64(endsAt) * 1_000)
    return When(moment, now: moment).absolute
  }

  /// What to say of a certificate that ends soon; nil for nothing.
  func warning(at unixSeconds: Int) -> String? {
    let leftMs = Int64(endsAt - unixSeconds) * Span.second
    guard leftMs < SelfCheck.certificateWarnedMs else { return nil }
    return endsAt < unixSeconds
      ? "The certificate ended on \(end): browsers refuse it. Renew it."
      : "The certificate ends on \(end). Renew it."
  }
}
