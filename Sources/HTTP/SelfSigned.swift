import CTLS

/// A certificate of our own making, with its key, for trying out: nobody vouches for it.
final class SelfSigned {
  let certificate: OpaquePointer
  let key: OpaquePointer

  /// How long it is valid: from an hour ago, for clocks that are late.
  private static let pastSeconds = 3_600
  private static let validSeconds = 30 * 86_400
  private static let serialBits: Int32 = 127
  /// X.509 counts versions from 0.
  private static let version3 = 2

  /// - Parameter hosts: names and numeric addresses it is for.
  init(hosts: [String], at unixSeconds: Int) throws(TLSProblem) {
    guard let key = Self.newKey() else { throw .unavailable }
    guard let certificate = X509_new() else {
      EVP_PKEY_free(key)
      throw .unavailable
    }
    self.key = key
    self.certificate = certificate
    let names = hosts.map { (Self.isAddress($0) ? "IP:" : "DNS:") + $0 }.joined(separator: ",")
    let begins = unixSeconds - Self.pastSeconds
    guard X509_set_version(certificate, Self.version3) == 1, setSerial(),
      ASN1_TIME_set(X509_getm_notBefore(certificate), begins) != nil,
      ASN1_TIME_set(X509_getm_notAfter(certificate), begins + Self.validSeconds) != nil,
      setName("Caretaker, self-signed"), X509_set_pubkey(certificate, key) == 1,
      add(NID_subject_alt_name, names), add(NID_basic_constraints, "critical,CA:FALSE"),
      add(NID_ext_key_usage, "serverAuth"), X509_sign(certificate, key, EVP_sha256()) > 0
    else { throw .unavailable }
  }

  deinit {
    X509_free(certificate)
    EVP_PKEY_free(key)
  }

  /// Of P-256, which every browser takes.
  private static func newKey() -> OpaquePointer? {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
      EVP_PKEY_generate(context, &key) == 1
    else { return nil }
    return key
  }

  private static func isAddress(_ host: String) -> Bool {
    (try? SocketAddress(host, port: 0)) != nil
  }

  private func setSerial() -> Bool {
    guard let number = BN_new() else { return false }
    defer { BN_free(number) }
    return BN_rand(number, Self.serialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
  }

  private func setName(_ text: String) -> Bool {
    let name = X509_get_subject_name(certificate)
    let bytes = Array(text.utf8)
    return X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1
      && X509_set_issuer_name(certificate, name) == 1
  }

  private func add(_ kind: Int32, _ value: String) -> Bool {
    guard let made = X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
    defer { X509_EXTENSION_free(made) }
    return X509_add_ext(certificate, made, -1) == 1
  }
}
