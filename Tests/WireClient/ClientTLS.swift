import CTLS
import Glibc

/// A client's side of TLS over a blocking socket, which trusts everybody.
///
/// `@unchecked Sendable`: guarded by `Client`, which reads and writes by turns.
public final class ClientTLS: @unchecked Sendable {
  /// What a client asks for.
  public struct Terms: Sendable {
    /// The only version it speaks, as `TLSv1.2`; nil for all that libssl has.
    public var version: String?
    /// Its suites of TLS 1.2 and before, as libssl lists them.
    public var ciphers: String?
    /// What it offers by ALPN, each the length and the name.
    public var protocols: [UInt8] = []
    /// The session it wants to go on with.
    public var session: Session?

    /// Whatever libssl does by itself.
    public init() {}
  }

  /// A session that was agreed on.
  ///
  /// `@unchecked Sendable`: guarded by being only read after it was made.
  public final class Session: @unchecked Sendable {
    fileprivate let pointer: OpaquePointer
    fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { SSL_SESSION_free(pointer) }
  }

  private let ssl: OpaquePointer

  init(_ terms: Terms, over descriptor: Int32) throws {
    signal(SIGPIPE, SIG_IGN)
    guard let context = SSL_CTX_new(TLS_client_method()) else {
      throw Client.Broken(what: "no memory for TLS")
    }
    defer { SSL_CTX_free(context) }
    // Whether the server refuses what is weak is asked here; this client must not.
    SSL_CTX_set_security_level(context, 0)
    if let version = terms.version {
      let number = ["TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304]
      ctls_set_only_version(context, Int32(number[version] ?? 0))
    }
    if let ciphers = terms.ciphers, SSL_CTX_set_cipher_list(context, ciphers) != 1 {
      throw Client.Broken(what: "this libssl has no \(ciphers)")
    }
    ssl = SSL_new(context)
    SSL_set_fd(ssl, descriptor)
    SSL_set_alpn_protos(ssl, terms.protocols, UInt32(terms.protocols.count))
    if let session = terms.session { SSL_set_session(ssl, session.pointer) }
    ERR_clear_error()
    guard SSL_connect(ssl) == 1 else {
      let why = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
      throw Client.Broken(what: why ?? "closed within the handshake")
    }
  }

  deinit { SSL_free(ssl) }

  /// As `TLSv1.3`.
  public var version: String { String(cString: SSL_get_version(ssl)) }

  /// The suite, as libssl names it.
  public var cipher: String {
    SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { String(cString: $0) } ?? ""
  }

  /// What ALPN has chosen; nil for nothing.
  public var chosenProtocol: String? {
    var (name, length) = (UnsafePointer<UInt8>?.none, UInt32(0))
    SSL_get0_alpn_selected(ssl, &name, &length)
    return name.map {
      String(decoding: UnsafeBufferPointer(start: $0, count: Int(length)), as: UTF8.self)
    }
  }

  /// Whether the server has said that nothing more comes.
  public var isEnded: Bool { SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0 }

  /// Whether the session was one from before.
  public var isResumed: Bool { SSL_session_reused(ssl) == 1 }

  /// The session; with TLS 1.3 it comes with the first bytes read.
  public var session: Session? { SSL_get1_session(ssl).map(Session.init) }

  /// The server's certificate: its serial number, which differs between any two.
  public var serial: [UInt8] {
    guard let certificate = SSL_get1_peer_certificate(ssl),
      let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil)
    else { return [] }
    defer {
      BN_free(number)
      X509_free(certificate)
    }
    var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
    BN_bn2bin(number, &bytes)
    return bytes
  }

  func read(into buffer: inout [UInt8]) -> Int { Int(SSL_read(ssl, &buffer, Int32(buffer.count))) }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    Int(SSL_write(ssl, bytes.baseAddress, Int32(bytes.count)))
  }

  func end() { SSL_shutdown(ssl) }
}
