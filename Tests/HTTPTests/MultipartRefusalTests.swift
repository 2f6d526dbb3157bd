import Testing

@testable import HTTP

/// Forms with files that are refused.
struct MultipartRefusalTests {
  private func problem(
    _ bytes: [UInt8], limits: Multipart.Limits = .init()
  ) -> MultipartProblem? {
    do throws(MultipartProblem) {
      _ = try Sample.read(bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  private func problem(head: String) -> MultipartProblem? {
    problem(Sample.part(head, [65]) + Sample.end)
  }

  @Test(arguments: [
    nil, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/mixed; boundary=b", "multipart/form-data; boundary=",
    "multipart/form-data boundary=b",
    "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a b\"",
    "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a; boundary=a",
    "multipart/form-data; boundary=a, multipart/form-data; boundary=a",
    "multipart/form-data; boundary=\"a\r\nb\"", "multipart/form-data; boundary=é",
    "multipart/form-data; boundary=\"a\\b\"",
    "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
  ])
  func `RFC 2046 §5.1.1: what names no boundary is refused`(field: String?) {
    #expect(throws: MultipartProblem.notMultipart) { try Multipart.boundary(field) }
  }

  @Test(arguments: [
    ("", "it does not begin with its boundary"),
    ("preamble\r\n--b--\r\n", "it does not begin with its boundary"),
    ("\r\n--b--\r\n", "it does not begin with its boundary"),
    ("--c--\r\n", "it does not begin with its boundary"),
    ("--b--\r\nepilogue", "something stands behind its end"),
    ("--b--\n", "something stands behind its end"),
    ("--b--\r\n\r\n", "something stands behind its end"),
    ("--b \r\n", "a boundary has something behind it"),
    ("--bb\r\n", "a boundary has something behind it"),
    ("--b\n\n", "a boundary has something behind it"),
  ])
  func `RFC 2046 §5.1.1: delimiters stand alone, with nothing around`(text: String, why: String) {
    #expect(problem(Array(text.utf8)) == .malformed(why))
  }

  @Test(arguments: [
    ("Content-Disposition: form-data", "a part has no name"),
    ("Content-Disposition: attachment; name=\"a\"", "a part has no name"),
    ("Content-Disposition: form -data; name=\"a\"", "a part has no name"),
    ("Content-Type: text/plain", "a part has no name"),
    ("Content-Disposition: form-data; name=\"a", "a part has a Content-Disposition"),
    ("Content-Disposition: form-data; name=\"a\"x", "a part has a Content-Disposition"),
    ("Content-Disposition: form-data; name=\"a\\\"b\"", "a part has a Content-Disposition"),
    ("Content-Disposition: form-data; name=a; name=a", "a part has a Content-Disposition"),
    ("Content-Disposition: form-data; name", "a part has a Content-Disposition"),
    ("Content-Disposition: form-data;", "a part has a Content-Disposition"),
    (
      "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
      "a part has a Content-Disposition"
    ),
    ("Content-Disposition: form-data; name=a; filename*=UTF-8''b", "a part says more of itself"),
    ("Content-Disposition: form-data; name=a; size=1", "a part says more of itself"),
    (
      "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: binary",
      "a part has a Content-Transfer-Encoding"
    ),
    (
      "Content-Disposition: form-data; name=a\r\nContent-Type: Multipart/mixed; boundary=c",
      "a part has parts of its own"
    ),
    ("Content-Disposition: form-data; name=a\r\nContent-Type: é", "a part has a Content-Type"),
    ("Content-Disposition: form-data; name=a\r\n folded", "a part has a header field without"),
    ("Content-Disposition: form-data; name=a\r\nX Y: b", "a part has a header field with char"),
    ("Content-Disposition: form-data; name=\"a\u{7}\"", "a part has a header field with char"),
  ])
  func `RFC 7578 §4: a part whose head two readers could take differently is refused`(
    head: String, why: String
  ) {
    let problem = problem(head: head)
    guard case .malformed(let what) = problem else {
      Issue.record("\(problem.map { "\($0)" } ?? "accepted")")
      return
    }
    #expect(what.hasPrefix(why), "\(what)")
  }

  @Test(arguments: [
    "a/b", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a%0Ab", "a%0db", "a\u{85}b", "a\u{2028}b",
    String(repeating: "a", count: 256),
  ])
  func `a file's name that would deceive or break a line is refused`(name: String) {
    #expect(problem(Sample.file(name, []) + Sample.end) == .badFileName)
  }

  @Test func `text that is not UTF-8, or holds a NUL, is refused`() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0xAF], [0]] {
      let part = Sample.part("Content-Disposition: form-data; name=a", bytes)
      #expect(problem(part + Sample.end) == .notText("a"))
    }
    let named =
      Array("--b\r\nContent-Disposition: form-data; name=\"".utf8) + [0xFF]
      + Array("\"\r\n\r\n\r\n".utf8)
    #expect(problem(named + Sample.end) == .malformed("the name of a part is not text"))
  }

  @Test func `a name given twice is refused, also when one is a file`() throws {
    let twice = Sample.field("a", "1") + Sample.field("a", "1") + Sample.end
    #expect(problem(twice) == .repeated("a"))
    #expect(
      problem(Sample.field("theme", "1") + Sample.file("x", []) + Sample.end)
        == .repeated("theme"))
    #expect(try Sample.read(twice, repeatable: ["a"]).fields.count == 2)
  }

  @Test func `what is past a limit is refused, what is at it is read`() {
    var limits = Multipart.Limits()
    limits.partsMax = 2
    limits.fieldBytesMax = 3
    limits.fieldsBytesMax = 5
    let two = Sample.field("a", "123") + Sample.field("b", "12")
    #expect(problem(two + Sample.end, limits: limits) == nil)
    #expect(problem(two + Sample.field("c", "") + Sample.end, limits: limits) == .tooManyParts)
    #expect(
      problem(Sample.field("a", "1234") + Sample.end, limits: limits) == .fieldTooLarge("a"))
    let three = Sample.field("a", "123") + Sample.field("b", "123")
    #expect(problem(three + Sample.end, limits: limits) == .fieldTooLarge("b"))
    limits = .init()
    let head = "Content-Disposition: form-data; name=a\r\nX: "
    limits.headBytesMax = head.utf8.count + 4
    #expect(problem(Sample.part(head, []) + Sample.end, limits: limits) == nil)
    #expect(
      problem(Sample.part(head + "1", []) + Sample.end, limits: limits)
        == .malformed("the head of a part is too long"))
  }

  @Test func `a form cut off anywhere is refused`() {
    let whole = Sample.field("a", "1") + Sample.file("x", [1, 2, 3]) + Sample.end
    for length in 0..<whole.count - 2 {
      // Without its line end alone it is whole; with half of it, not.
      #expect(problem(Array(whole[..<length])) != nil, "\(length) bytes")
    }
    #expect(problem(Array(whole.dropLast(4))) == .cutShort)
    #expect(problem(Array(whole.dropLast())) != nil)
  }

  @Test func `a flipped bit anywhere makes another form or a refusal, never a trap`() {
    let whole = Sample.field("a", "1") + Sample.file("x", [1, 2, 3]) + Sample.end
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      if let problem = problem(bytes) { #expect(problem.description.hasSuffix(".")) }
    }
  }

  @Test func `a file that can't be read is said`() {
    let window = FileWindow(byteCount: 100, bufferBytes: 64) { _, _ in
      throw BodyFileProblem(number: 5)
    }
    #expect(throws: MultipartProblem.unreadable(BodyFileProblem(number: 5))) {
      try Multipart(window, boundary: [98])
    }
  }

  @Test func `every problem is a sentence`() {
    let problems: [MultipartProblem] = [
      .notMultipart, .malformed("x"), .cutShort, .notText("x"), .badFileName, .repeated("x"),
      .tooManyParts, .fieldTooLarge("x"), .unreadable(BodyFileProblem(number: 5)),
    ]
    for problem in problems { #expect(problem.description.hasSuffix(".")) }
  }
}
