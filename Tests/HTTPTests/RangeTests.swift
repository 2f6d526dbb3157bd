import HTTPTypes
import Testing

@testable import HTTP

struct RangeTests {
  private func range(
    _ value: String, of byteCount: Int = 10, method: HTTPRequest.Method = .get
  ) -> ByteRange {
    ByteRange(Request(method: method, path: "/", headers: [.range: value]), of: byteCount)
  }

  @Test(arguments: [
    ("bytes=0-0", 0..<1), ("bytes=2-4", 2..<5), ("bytes=9-9", 9..<10), ("bytes=3-", 3..<10),
    ("bytes=3-99", 3..<10), ("bytes=-4", 6..<10), ("bytes=-99", 0..<10), ("Bytes=1-2", 1..<3),
    ("bytes=1-99999999999999999999", 1..<10), ("bytes=-99999999999999999999", 0..<10),
    ("bytes=0-9223372036854775807", 0..<10),
  ])
  func `RFC 9110 §14.1.2: a range is its first and last byte, or how many at the end`(
    value: String, part: Range<Int>
  ) {
    #expect(range(value) == .part(part))
  }

  @Test(arguments: ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"])
  func `RFC 9110 §14.1.2: what begins past the end cannot be had`(value: String) {
    #expect(range(value) == .outside)
    #expect(range("bytes=0-", of: 0) == .outside)
  }

  @Test(arguments: [
    "bytes=4-2", "bytes=a-b", "bytes=", "bytes=-", "bytes=1", "bytes 1-2", "lines=1-2", "",
    "bytes=1-2,4-5", "bytes=+1-2", "bytes=1-2-3", "bytes= 1-2", "bytes=1--2",
  ])
  func `RFC 9110 §14.2: what can't be read, and more than one range, is the whole`(value: String) {
    #expect(range(value) == .whole)
  }

  @Test func `RFC 9110 §14.2: a range is for GET alone`() {
    for method in [HTTPRequest.Method.head, .post, .put] {
      #expect(range("bytes=0-1", method: method) == .whole)
    }
  }
}
