import HTTP
import Rules

/// Whether the certificate that the configuration names can be served with, for
/// `caretaker check`.
public struct CertificateCheck: Sendable {
  private let files: TLS.Files
  private let unixSeconds: Int

  /// A check of the files that a configuration names; nil where it names none.
  public init?(_ configuration: Configuration, world: World) {
    guard let files = configuration.tls?.files else { return nil }
    self.files = files
    unixSeconds = Int(world.outside.now().unixSeconds)
  }

  /// Reads them.
  public func result() -> SiteCheck.Result {
    do {
      let tls = try TLS(files, at: unixSeconds)
      let warning = tls.warning(at: unixSeconds)
      return SiteCheck.Result(
        what: "Certificate", isGood: warning == nil, sentence: warning ?? "good until \(tls.end)")
    } catch {
      return SiteCheck.Result(what: "Certificate", isGood: false, sentence: error.description)
    }
  }
}
