import ChildProcess
import Foundation
import Testing
import Zip

struct GzipTests {
  @Test(arguments: [0, 1, 70_000], [Gzip.Effort.well, .quickly])
  func `what is packed is unpacked by others`(count: Int, effort: Gzip.Effort) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let packed = try #require(Gzip.pack(bytes, effort))
    #expect(count < 100 || packed.count < count / 10)
    let gzip = try ChildProcess(["gzip", "-dc"])
    try gzip.input.write(contentsOf: Data(packed))
    try gzip.input.close()
    #expect(
      Array(try gzip.finish().said.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
  }
}
