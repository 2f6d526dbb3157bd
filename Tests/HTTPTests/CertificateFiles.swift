import CTLS
import Foundation

@testable import HTTP

/// A folder with a certificate of a test's own and its key.
final class CertificateFiles {
  let folder: URL
  static let now = 1_795_348_800

  /// - Parameter madeAt: its thirty days begin an hour before.
  init(madeAt unixSeconds: Int = now, passphrase: String? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(madeAt: unixSeconds, passphrase: passphrase)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var files: TLS.Files { TLS.Files(certificate: path("cert.pem"), key: path("key.pem")) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Puts a new pair in the place of what is there.
  func write(madeAt unixSeconds: Int = now, passphrase: String? = nil) throws {
    let made = try SelfSigned(hosts: ["localhost", "127.0.0.1"], at: unixSeconds)
    try write("cert.pem") { PEM_write_bio_X509($0, made.certificate) }
    let cipher = passphrase == nil ? nil : EVP_aes_256_cbc()
    let secret = Array((passphrase ?? "").utf8)
    try write("key.pem") {
      PEM_write_bio_PrivateKey($0, made.key, cipher, secret, Int32(secret.count), nil, nil)
    }
  }

  private func write(_ name: String, _ content: (OpaquePointer) -> Int32) throws {
    guard let bio = BIO_new_file(path(name), "w") else { throw TLSProblem.unavailable }
    defer { BIO_free(bio) }
    guard content(bio) == 1 else { throw TLSProblem.unavailable }
  }
}
