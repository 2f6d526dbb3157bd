import CTLS
import Glibc

/// libssl's idea of a server with one certificate.
///
/// `@unchecked Sendable`: nothing is set after `init`; libssl guards what it changes by locks of
/// its own.
final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer
  let endsAt: Int

  /// Sessions that can be resumed at the same time, a few kB each.
  private static let sessionsMax = 2_048
  /// How long a session can be resumed, in seconds.
  private static let sessionSeconds = 3_600

  /// - Throws: a problem of the files, or of the time they are for.
  convenience init(_ files: TLS.Files, at unixSeconds: Int) throws(TLSProblem) {
    for file in [files.certificate, files.key] {
      guard access(file, R_OK) == 0 else {
        throw .unreadable(file: file, why: String(cString: strerror(errno)))
      }
    }
    try self.init { (context) throws(TLSProblem) in
      guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1,
        let certificate = SSL_CTX_get0_certificate(context)
      else { throw .notCertificate(file: files.certificate) }
      try Self.checkTimes(of: certificate, file: files.certificate, at: unixSeconds)
      // libssl says by the same call that there is no key and that it is another's.
      guard let key = Self.key(in: files.key) else { throw .notKey(file: files.key) }
      defer { EVP_PKEY_free(key) }
      guard X509_check_private_key(certificate, key) == 1,
        SSL_CTX_use_PrivateKey(context, key) == 1
      else { throw .otherKey(file: files.key, certificate: files.certificate) }
    }
  }

  convenience init(_ made: SelfSigned) throws(TLSProblem) {
    try self.init { (context) throws(TLSProblem) in
      guard SSL_CTX_use_certificate(context, made.certificate) == 1,
        SSL_CTX_use_PrivateKey(context, made.key) == 1
      else { throw .unavailable }
    }
  }

  private init(_ certify: (OpaquePointer) throws(TLSProblem) -> Void) throws(TLSProblem) {
    guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw .unavailable }
    self.pointer = pointer
    do {
      try Self.restrict(pointer)
      try certify(pointer)
    } catch {
      ERR_clear_error()
      SSL_CTX_free(pointer)
      throw error
    }
    endsAt = SSL_CTX_get0_certificate(pointer).flatMap { Self.seconds(X509_get0_notAfter($0)) } ?? 0
  }

  deinit { SSL_CTX_free(pointer) }

  private static func restrict(_ context: OpaquePointer) throws(TLSProblem) {
    SSL_CTX_set_options(context, ctls_options)
    _ = ctls_set_mode(context, ctls_modes)
    ctls_keep_sessions(context, sessionsMax)
    SSL_CTX_set_timeout(context, sessionSeconds)
    let name = Array("caretaker".utf8)
    guard ctls_set_least_version(context, TLS1_2_VERSION) == 1,
      // Of TLS 1.2; all suites of 1.3 are of this kind.
      SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
      ctls_set_groups(context, "X25519:P-256:P-384") == 1,
      // A session is of its server alone.
      SSL_CTX_set_session_id_context(context, name, UInt32(name.count)) == 1
    else { throw .unavailable }
    SSL_CTX_set_alpn_select_cb(
      context,
      { _, chosen, length, offered, count, _ in
        let names = UnsafeBufferPointer(start: offered, count: Int(count))
        return TLSContext.chooseProtocol(chosen, length, names)
      }, nil)
  }

  /// Takes `http/1.1` out of what a client offers, or ends the handshake (RFC 7301 §3.2).
  private static func chooseProtocol(
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ length: UnsafeMutablePointer<UInt8>?, _ offered: UnsafeBufferPointer<UInt8>
  ) -> Int32 {
    let ours = "http/1.1".utf8
    var start = 0
    while start < offered.count {
      let end = min(offered.count, start + 1 + Int(offered[start]))
      if offered[start + 1..<end].elementsEqual(ours), let base = offered.baseAddress {
        chosen?.pointee = base + start + 1
        length?.pointee = UInt8(ours.count)
        return SSL_TLSEXT_ERR_OK
      }
      start = end
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
  }

  /// A passphrase is asked of nobody: the terminal may be a service's.
  private static func key(in file: String) -> OpaquePointer? {
    guard let bio = BIO_new_file(file, "r") else { return nil }
    defer { BIO_free(bio) }
    return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
  }

  private static func checkTimes(
    of certificate: OpaquePointer, file: String, at unixSeconds: Int
  ) throws(TLSProblem) {
    guard let begins = seconds(X509_get0_notBefore(certificate)),
      let ends = seconds(X509_get0_notAfter(certificate))
    else { throw .notCertificate(file: file) }
    guard unixSeconds >= begins else { throw .notBegun(file: file, at: HTTPDate.text(begins)) }
    guard unixSeconds <= ends else { throw .ended(file: file, at: HTTPDate.text(ends)) }
  }

  /// Since 1970; 0 for what was before.
  private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
    var parts = tm()
    return ASN1_TIME_to_tm(time, &parts) == 1 ? max(0, timegm(&parts)) : nil
  }
}
