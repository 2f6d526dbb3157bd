import Glibc
import HTTPTypes
import Rules

@testable import AWS
@testable import HTTP
@testable import Mustache
@testable import OpenID
@testable import WebAuthn
@testable import Zip

/// What must hold of each parser, whatever it is fed. Beside that nothing may trap, hang or grow.
enum Parsers {
  /// However the bytes arrive, they are the same requests.
  static func http(_ bytes: [UInt8]) {
    let whole = requests(in: bytes, size: max(1, bytes.count))
    for size in [1, 7] where size < bytes.count {
      precondition(requests(in: bytes, size: size) == whole, "split at \(size)")
    }
  }

  private static func requests(in bytes: [UInt8], size: Int) -> [String] {
    var limits = Limits()
    limits.bodyBytesMax = 4_096
    var parser = RequestParser(limits: limits, peerAddress: "192.0.2.1")
    var rest = bytes[...]
    var found: [String] = []
    do throws(RequestProblem) {
      while !rest.isEmpty {
        rest.prefix(size).withUnsafeBufferPointer { parser.append($0) }
        rest = rest.dropFirst(size)
        reading: while true {
          switch try parser.next() {
          case .incomplete: break reading
          case .complete(let request, let keepsAlive):
            _ = try? Form(urlencoded: request.body)
            _ = try? Form(query: request.query)
            _ = Cookies(request.headers)["caretaker"]
            found.append(
              "\(request.method) \(request.path) \(request.query ?? "-") \(request.body) "
                + "\(request.headers.map(\.description)) \(keepsAlive)")
          default: continue
          }
        }
      }
    } catch {
      found.append("\(error)")
    }
    return found
  }

  /// Wherever the buffer ends, it is the same form.
  static func multipart(_ bytes: [UInt8]) {
    let first = form(bytes, bufferBytes: 128)
    precondition(form(bytes, bufferBytes: 65_536) == first)
  }

  private static func form(_ bytes: [UInt8], bufferBytes: Int) -> String {
    let window = FileWindow(byteCount: bytes.count, bufferBytes: bufferBytes) { offset, buffer in
      let count = min(buffer.count, bytes.count - offset)
      buffer.copyBytes(from: bytes[offset..<offset + count])
      return count
    }
    do throws(MultipartProblem) {
      let form = try Multipart(window, boundary: Array("b".utf8))
      for file in form.files { precondition(file.bytes.upperBound <= bytes.count) }
      return "\(form.fields) \(form.files)"
    } catch {
      return "\(error)"
    }
  }

  /// What was taken out is not found again, and nothing is taken out where nothing is found.
  static func secrets(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let redacted = SecretScan.redacted(text)
    precondition((SecretScan.find(in: text) == nil) == (redacted == text))
    precondition(SecretScan.find(in: redacted) == nil)
  }

  /// What an authenticator or a browser sends is read, or refused.
  static func webAuthn(_ bytes: [UInt8]) {
    guard let party = RelyingParty(address: "http://localhost:8080") else {
      preconditionFailure("localhost has a name")
    }
    _ = try? CBORReader.read(bytes)
    _ = try? ClientData.digest(of: bytes, type: "webauthn.get", challenge: [1], for: party)
    guard let data = try? AuthenticatorData(bytes, for: party), let made = data.credential else {
      return
    }
    precondition((try? CredentialKey(made.key.encoded)) == made.key, "a key is kept as it came")
  }

  /// What a provider sends is read, or refused.
  static func openID(_ bytes: [UInt8]) {
    _ = SigningKeys(bytes)
    _ = StrictJSON(bytes)
    _ = try? IDToken(String(decoding: bytes, as: UTF8.self))
  }

  /// A template is read, or refused with a sentence.
  static func mustache(_ bytes: [UInt8]) {
    do throws(TemplateProblem) {
      _ = try Parser.parse(bytes, template: "t")
    } catch {
      precondition(!"\(error)".isEmpty)
    }
  }

  /// An archive is read to its last file, which is as long as it says, or refused.
  static func zip(_ bytes: [UInt8]) {
    guard let file = tmpfile() else { preconditionFailure("there is no room for a file") }
    defer { fclose(file) }
    let descriptor = fileno(file)
    precondition(write(descriptor, bytes, bytes.count) == bytes.count)
    var limits = ZipLimits()
    limits.entryBytesMax = 1 << 20
    limits.totalBytesMax = 4 << 20
    guard
      let archive = try? ZipArchive(
        descriptor: descriptor, range: 0..<bytes.count, limits: limits)
    else { return }
    for entry in archive.entries where !entry.name.hasSuffix("/") {
      guard let content = try? archive.contents(of: entry, bytesMax: 1 << 20) else { continue }
      precondition(content.count == entry.bytes)
    }
  }

  /// What reads back is what is written.
  static func canonical(_ bytes: [UInt8]) {
    guard let value = Canonical(canonical: bytes) else { return }
    precondition(value.bytes == bytes)
    _ = Plan(bytes: bytes)
  }

  /// An answer's tree is bounded, and its error a reason.
  static func xml(_ bytes: [UInt8]) {
    _ = XMLElement.parse(bytes)
    error(bytes)
  }

  /// What is passed on whole has one spelling.
  static func json(_ bytes: [UInt8]) {
    error(bytes)
    guard let value = try? JSONValue.decode(bytes), let spelt = try? value.canonicalBytes() else {
      return
    }
    guard let again = try? JSONValue.decode(spelt).canonicalBytes() else {
      preconditionFailure("what was written can't be read")
    }
    precondition(again == spelt)
  }

  private static func error(_ bytes: [UInt8]) {
    _ = AWSError.Reason.of(HTTPAnswer(status: 400, headers: [], body: bytes))
  }
}
