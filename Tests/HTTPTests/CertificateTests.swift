import Foundation
import Testing
import WireClient

@testable import HTTP

/// The files a server has its certificate from.
@Suite struct CertificateTests {
  static let day = 86_400

  private func problem(_ files: TLS.Files, at unixSeconds: Int = CertificateFiles.now) -> String? {
    do {
      _ = try TLS(files, at: unixSeconds)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `a file that is not there is named`() throws {
    let made = try CertificateFiles()
    var files = made.files
    files.key = made.path("none.pem")
    #expect(problem(files) == "Can't read \(files.key): No such file or directory.")
  }

  @Test func `what is no certificate and what is no key is named`() throws {
    let made = try CertificateFiles()
    let (cert, key) = (made.files.certificate, made.files.key)
    #expect(problem(.init(certificate: key, key: key))?.hasPrefix("\(key) holds no cert") == true)
    #expect(problem(.init(certificate: cert, key: cert))?.hasPrefix("\(cert) holds no pri") == true)
  }

  @Test func `a key behind a passphrase is refused without asking for it`() throws {
    let made = try CertificateFiles(passphrase: "secret")
    let sentence = "\(made.files.key) holds no private key in PEM without a passphrase."
    #expect(problem(made.files) == sentence)
  }

  @Test func `a key of another certificate is refused`() throws {
    let (one, other) = (try CertificateFiles(), try CertificateFiles())
    let mixed = TLS.Files(certificate: one.files.certificate, key: other.files.key)
    #expect(
      problem(mixed)
        == "The key in \(mixed.key) does not belong to the certificate in \(mixed.certificate).")
  }

  @Test func `a certificate is served with from its first day to its last`() throws {
    let made = try CertificateFiles(madeAt: 1_790_000_000)
    let begins = 1_790_000_000 - 3_600
    let ends = begins + 30 * Self.day
    let file = made.files.certificate
    #expect(problem(made.files, at: begins) == nil)
    #expect(problem(made.files, at: ends) == nil)
    #expect(
      problem(made.files, at: ends + 1)
        == "The certificate in \(file) ended on \(HTTPDate.text(ends)). Renew it.")
    #expect(
      problem(made.files, at: begins - 1)
        == "The certificate in \(file) is valid from \(HTTPDate.text(begins)) on. "
        + "Is this machine's clock right?")
    #expect(try TLS(made.files, at: begins).endsAt == ends)
  }

  @Test func `a new certificate is for new connections; those that stand go on`() async throws {
    let made = try CertificateFiles()
    let tls = try TLS(made.files, at: CertificateFiles.now)
    let serving = try Serving(tls: tls)
    let before = try await Client.secure(port: serving.port)
    #expect(!tls.isOutdated)
    try made.write()
    #expect(tls.isOutdated)
    try tls.reload(at: CertificateFiles.now)
    #expect(!tls.isOutdated)
    let after = try await Client.secure(port: serving.port)
    #expect(before.tls?.serial != after.tls?.serial)
    for client in [before, after] {
      client.send(SecureServerTests.get)
      #expect(try await client.answer().text == "/a")
    }
    await serving.stop()
  }

  @Test func `files that are wrong are not taken, and what was in use stays`() async throws {
    let made = try CertificateFiles()
    let tls = try TLS(made.files, at: CertificateFiles.now)
    let serving = try Serving(tls: tls)
    let before = try await Client.secure(port: serving.port)
    try Data("half a file".utf8).write(to: URL(filePath: made.files.certificate))
    #expect(throws: TLSProblem.self) { try tls.reload(at: CertificateFiles.now) }
    #expect(tls.isOutdated)
    let after = try await Client.secure(port: serving.port)
    #expect(before.tls?.serial == after.tls?.serial)
    await serving.stop()
  }
}
