import Glibc

/// What libFuzzer's own main calls with what it makes up. The parser that is fed is named by the
/// environment, for libFuzzer reads every argument. Built and run by docker/fuzz.
@_cdecl("LLVMFuzzerTestOneInput")
func feed(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
  target(Array(UnsafeBufferPointer(start: bytes, count: length)))
  return 0
}

private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "http": Parsers.http, "multipart": Parsers.multipart, "mustache": Parsers.mustache,
  "zip": Parsers.zip, "canonical": Parsers.canonical, "xml": Parsers.xml, "json": Parsers.json,
  "webauthn": Parsers.webAuthn, "openid": Parsers.openID,
  "secrets": Parsers.secrets,
]

private let target: @Sendable ([UInt8]) -> Void = {
  guard let name = getenv("FUZZ_TARGET"), let target = targets[String(cString: name)] else {
    puts("FUZZ_TARGET names one of: \(targets.keys.sorted().joined(separator: ", ")).")
    exit(2)
  }
  return target
}()
