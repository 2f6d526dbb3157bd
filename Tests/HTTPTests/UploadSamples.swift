import FoundationEssentials
import Glibc
import HTTPTypes

@testable import HTTP

/// A folder for one test, and what of it is in use.
struct UploadFolder {
  let path: String

  init(named name: String = "\(UInt64.random(in: 0...UInt64.max))") throws {
    path = TemporaryFolder.path + "/uploads-" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Names in the folder.
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["?"] }

  /// How many descriptors of this process are for files that are, or were, in the folder.
  var descriptorCount: Int {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return all.filter { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/" + name)
      return target?.hasPrefix(path + "/") == true
    }.count
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Uploads to `/upload` in this folder.
  func uploads(admit: @escaping Uploads.Admit = { _ in nil }) -> Uploads {
    Uploads(
      folder: path, takes: { method, path in method == .post && path == "/upload" }, admit: admit)
  }
}

/// Where tests put files.
enum TemporaryFolder {
  static let path = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
}

extension BodyFile {
  /// All of it.
  var contents: [UInt8] {
    get throws {
      var all = [UInt8](repeating: 0, count: byteCount)
      let count = try all.withUnsafeMutableBytes { try read(at: 0, into: $0) }
      return Array(all[..<count])
    }
  }
}

/// What a test handler says of a body: how long it is and what it adds up to.
func summary(of request: Request) -> Response {
  guard let file = request.file else {
    return Response(body: Array("\(request.path) memory \(request.body.count)".utf8))
  }
  let contents = (try? file.contents) ?? []
  return Response(body: Array("\(file.byteCount) \(Checksum.of(contents))".utf8))
}

/// An order-dependent sum.
enum Checksum {
  static func of(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(7) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

/// Bytes that repeat only after a long time.
func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ $0 >> 16) }
}

/// Resident memory of this process in bytes (proc(5), statm).
func residentBytes() -> Int? {
  let statm = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
  let pages = String(decoding: statm, as: UTF8.self).split(separator: " ").dropFirst().first
  return pages.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
}
