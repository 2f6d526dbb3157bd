import Glibc

/// `Fuzz NAME …`: feeds one parser with what libFuzzer makes up; everything behind the name is
/// libFuzzer's own. Built and run by docker/fuzz.
@main
enum Fuzz {
  typealias Target = @Sendable ([UInt8]) -> Void

  static let targets: [String: Target] = [
    "http": Parsers.http, "multipart": Parsers.multipart, "mustache": Parsers.mustache,
    "zip": Parsers.zip, "canonical": Parsers.canonical, "xml": Parsers.xml, "json": Parsers.json,
  ]

  /// What is fed: set before the first input, and never changed then.
  nonisolated(unsafe) private static var target: Target = { _ in }

  static func main() {
    var arguments = Array(CommandLine.arguments)
    guard arguments.count > 1, let chosen = targets[arguments.remove(at: 1)] else {
      fputs("Name one of: \(targets.keys.sorted().joined(separator: ", ")).\n", stderr)
      exit(2)
    }
    target = chosen
    // libFuzzer keeps the arguments until the process ends.
    var pointers = arguments.map { strdup($0) }
    pointers.append(nil)
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: pointers.count)
    list.initialize(from: pointers, count: pointers.count)
    var (count, values) = (Int32(arguments.count), Optional(list))
    exit(
      runFuzzer(&count, &values) { bytes, length in
        target(Array(UnsafeBufferPointer(start: bytes, count: length)))
        return 0
      })
  }
}

/// libFuzzer's own main.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ feed: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
