import HTTPTypes
import Testing
import WireClient

@testable import HTTP

struct MultipartTests {
  @Test func `fields come with their text and files with their place in the body`() throws {
    let content: [UInt8] = [0, 255, 13, 10, 45, 45]
    let body =
      Sample.field("form_token", "t") + Sample.file("casper.zip", content)
      + Sample.field("note", "a\r\nb é") + Sample.end
    let form = try Sample.read(body)
    #expect(form.fields.map(\.name) == ["form_token", "note"])
    #expect(form.fields.map(\.value) == ["t", "a\r\nb é"])
    let file = try #require(form.files.first)
    #expect(form.files.count == 1)
    #expect(file.name == "theme")
    #expect(file.fileName == "casper.zip")
    #expect(file.contentType == "application/zip")
    #expect(Array(body[file.bytes]) == content)
  }

  @Test func `the fields make a form`() throws {
    let form = Form(try Sample.read(Sample.field("a", "1") + Sample.file("x", []) + Sample.end))
    #expect(form.names == ["a"])
    #expect(form["a"] == "1")
    #expect(form["theme"] == nil)
  }

  @Test func `empty parts, an empty form and a missing last line end are read`() throws {
    let form = try Sample.read(Sample.field("a", "") + Sample.file("", []) + Sample.end.dropLast(2))
    #expect(form.fields.map(\.value) == [""])
    #expect(form.files.map(\.fileName) == [""])
    #expect(form.files.map(\.bytes.count) == [0])
    #expect(try Sample.read(Sample.end).summary == "")
  }

  @Test(arguments: [
    "--b", "\r\n--c", "\r\n-b", "\n--b\r\n", "\r--b--", "\r\n\r\n-", "--b--\r\n", "\r\n--",
    "\r\r\n--\r\n-", "\r",
  ])
  func `what only looks like a boundary is content`(text: String) throws {
    let body = Sample.file("x", Array(text.utf8)) + Sample.end
    let file = try #require(try Sample.read(body).files.first)
    #expect(String(decoding: body[file.bytes], as: UTF8.self) == text)
  }

  @Test func `wherever the buffer ends, the form is the same`() throws {
    let near = Array("\r\n--c\r\n--\r\n-\r\r\n--a--b".utf8)
    let body =
      Sample.field("a", "1") + Sample.file("x", near + near) + Sample.field("b", "2")
      + Sample.file("", []) + Sample.end
    let whole = try Sample.read(body, bufferBytes: 10_000, repeatable: ["theme"])
    #expect(whole.fields.count == 2 && whole.files.count == 2)
    for size in 5...body.count {
      let form = try Sample.read(body, bufferBytes: size, repeatable: ["theme"])
      #expect(form.summary == whole.summary, "buffer of \(size)")
    }
  }

  @Test(arguments: [
    ("a%22b.zip", "a\"b.zip"), ("é 主题.zip", "é 主题.zip"), ("100%.zip", "100%.zip"),
    ("%41.zip", "%41.zip"), ("a;b=c.zip", "a;b=c.zip"), ("..", ".."),
  ])
  func `a file's name is decoded as browsers encode it`(sent: String, name: String) throws {
    #expect(try Sample.read(Sample.file(sent, []) + Sample.end).files.map(\.fileName) == [name])
  }

  @Test func `RFC 7578 §4.8: other header fields are passed over, names in any case`() throws {
    let head = "content-disposition:form-data;name=a\r\nX-B: c\r\nCONTENT-TYPE: text/plain"
    #expect(try Sample.read(Sample.part(head, [65]) + Sample.end).summary == "a=A")
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "abc"),
    ("Multipart/Form-Data;boundary=\"a:b\"", "a:b"),
    (
      "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundaryX7",
      "----WebKitFormBoundaryX7"
    ),
  ])
  func `RFC 2046 §5.1.1: the boundary stands in Content-Type`(field: String, boundary: String)
    throws
  {
    #expect(try Multipart.boundary(field) == Array(boundary.utf8))
  }

  @Test func `an upload on a socket is read from its file`() async throws {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads()) { request in
      do {
        let body = try #require(request.file)
        let form = try Multipart(body, contentType: request.headers[.contentType])
        let file = try #require(form.files.first)
        let content = Array(try body.contents[file.bytes])
        let text = "\(form.fields.map(\.value)) \(file.fileName) \(Checksum.of(content))"
        return Response(body: Array(text.utf8))
      } catch {
        return Response(status: .badRequest, body: Array("\(error)".utf8))
      }
    }
    let client = try Client(port: serving.port)
    let content = pattern(700_000)
    let body = Sample.field("a", "1") + Sample.file("x.zip", content) + Sample.end
    client.send(
      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        + "Content-Length: \(body.count)\r\n\r\n")
    client.send(body)
    #expect(try await client.answer().text == "[\"1\"] x.zip \(Checksum.of(content))")
    client.close()
    await serving.stop()
    folder.remove()
  }
}
