import Glibc

/// What a server speaks TLS with: a certificate with its key, which can be exchanged while it
/// serves.
///
/// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption alone (the “intermediate”
/// recommendation of Mozilla, without its DHE suites). ALPN offers `http/1.1` (RFC 7301). Sessions
/// are resumed from memory, never from tickets: there is no key that opens recorded ones.
public final class TLS: Sendable {
  /// The certificate and its key on disk, both in PEM.
  public struct Files: Sendable, Hashable {
    /// The server's certificate, then those between it and the authority.
    public var certificate: String
    /// The private key, without a passphrase.
    public var key: String

    /// Files by their paths.
    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }

    /// What differs once a file was replaced or written.
    fileprivate var state: [Int] {
      [certificate, key].flatMap { path in
        var facts = stat()
        guard stat(path, &facts) == 0 else { return [0] }
        return [
          Int(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
        ]
      }
    }
  }

  private struct Current {
    let context: TLSContext
    let state: [Int]
  }

  /// Nil for a certificate of our own making.
  private let files: Files?
  private let current: Locked<Current>

  /// Reads certificate and key. Blocks.
  /// - Parameter unixSeconds: the time, in seconds since 1970.
  public init(_ files: Files, at unixSeconds: Int) throws(TLSProblem) {
    self.files = files
    let state = files.state
    let context = try TLSContext(files, at: unixSeconds)
    current = Locked(Current(context: context, state: state))
  }

  /// A certificate that nobody vouches for, made now and kept nowhere, for trying out.
  /// - Parameters:
  ///   - hosts: names and numeric addresses it is for.
  ///   - unixSeconds: the time, in seconds since 1970.
  public init(selfSignedFor hosts: [String], at unixSeconds: Int) throws(TLSProblem) {
    files = nil
    let made = try SelfSigned(hosts: hosts, at: unixSeconds)
    current = Locked(Current(context: try TLSContext(made), state: []))
  }

  /// When the certificate in use ends, in seconds since 1970.
  public var endsAt: Int { context.endsAt }

  /// Reads the files again; connections that stand go on with what they have. Blocks.
  /// - Throws: what is wrong with the files. What was in use stays in use.
  public func reload(at unixSeconds: Int) throws(TLSProblem) {
    guard let files else { return }
    let state = files.state
    let context = try TLSContext(files, at: unixSeconds)
    current.withLock { $0 = Current(context: context, state: state) }
  }

  /// Whether the files are others than the ones in use.
  public var isOutdated: Bool {
    guard let files else { return false }
    return files.state != current.withLock(\.state)
  }

  var context: TLSContext { current.withLock(\.context) }
}
