/// Why a certificate can't be served with. Its description is a sentence for whoever runs the
/// server.
public enum TLSProblem: Error, Equatable, CustomStringConvertible {
  /// A file is not there, or this user may not read it.
  case unreadable(file: String, why: String)
  /// A file holds no chain of certificates in PEM, or one that libssl refuses, for example for a
  /// short key.
  case notCertificate(file: String)
  /// A file holds no private key in PEM, or one behind a passphrase.
  case notKey(file: String)
  /// The key is not the certificate's.
  case otherKey(file: String, certificate: String)
  /// The certificate's time is over, since a date as fields have it.
  case ended(file: String, at: String)
  /// The certificate's time has not begun.
  case notBegun(file: String, at: String)
  /// libssl has no memory, or not what is needed.
  case unavailable

  /// The sentence.
  public var description: String {
    switch self {
    case .unreadable(let file, let why): "Can't read \(file): \(why)."
    case .notCertificate(let file):
      "\(file) holds no certificate in PEM that can be served with. Put the server's own "
        + "certificate first, then the ones between it and the authority."
    case .notKey(let file):
      "\(file) holds no private key in PEM without a passphrase."
    case .otherKey(let file, let certificate):
      "The key in \(file) does not belong to the certificate in \(certificate)."
    case .ended(let file, let date): "The certificate in \(file) ended on \(date). Renew it."
    case .notBegun(let file, let date):
      "The certificate in \(file) is valid from \(date) on. Is this machine's clock right?"
    case .unavailable: "TLS can't be had: libssl has no memory or lacks what is needed."
    }
  }
}
