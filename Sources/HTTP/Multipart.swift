import Glibc

/// A form with files: multipart/form-data, strictly read from the file a body went to (RFC 7578,
/// RFC 2046 §5.1.1). Text before the first part and after the last is refused, as is everything
/// else that browsers don't send and two readers could take differently.
public struct Multipart: Sendable {
  /// What a form may take of memory. Files may be as large as the body.
  public struct Limits: Sendable {
    /// Fields and files together.
    public var partsMax = 64
    /// The head of one part with its line ends, in bytes.
    public var headBytesMax = 4_096
    /// One field's value, in bytes.
    public var fieldBytesMax = 65_536
    /// All values together, in bytes.
    public var fieldsBytesMax = 262_144
    /// What of the body is in memory at a time, in bytes.
    var bufferBytes = 65_536

    /// Limits for forms that people fill in.
    public init() {}
  }

  /// A file in the form.
  public struct File: Sendable, Equatable {
    /// The name of the form's field.
    public let name: String
    /// The name the file had where it was chosen: text to show, never a path to open. Empty when no
    /// file was chosen.
    public let fileName: String
    /// What the browser says it is.
    public let contentType: String?
    /// Where its bytes stand in the body.
    public let bytes: Range<Int>
  }

  /// Every field that is no file, in the order it came.
  public private(set) var fields: [(name: String, value: String)] = []
  /// Every file, in the order it came.
  public private(set) var files: [File] = []

  private let limits: Limits
  private let repeatable: Set<String>
  private var fieldsBytes = 0

  /// Reads a body once, from front to end. Blocks: not for an event loop.
  /// - Parameters:
  ///   - contentType: the request's field, which names the boundary.
  ///   - repeatable: the names that may be given more than once; any other is refused, since
  ///     nobody can tell which of its values was meant.
  public init(
    _ body: BodyFile, contentType: String?, limits: Limits = Limits(),
    repeatable: Set<String> = []
  ) throws(MultipartProblem) {
    let window = FileWindow(byteCount: body.byteCount, bufferBytes: limits.bufferBytes) {
      try body.read(at: $0, into: $1)
    }
    try self.init(
      window, boundary: Self.boundary(contentType), limits: limits, repeatable: repeatable)
  }

  init(
    _ window: FileWindow, boundary: [UInt8], limits: Limits = Limits(),
    repeatable: Set<String> = []
  ) throws(MultipartProblem) {
    self.limits = limits
    self.repeatable = repeatable
    var window = window
    do {
      try read(&window, boundary: boundary)
    } catch let problem as MultipartProblem {
      throw problem
    } catch {
      throw .unreadable(error as? BodyFileProblem ?? BodyFileProblem(number: EIO))
    }
  }

  /// The boundary a Content-Type names (RFC 2046 §5.1.1); a space in it is refused, for it could be
  /// padding.
  static func boundary(_ contentType: String?) throws(MultipartProblem) -> [UInt8] {
    guard let field = FieldParameters(Array((contentType ?? "").utf8)),
      field.value == "multipart/form-data", let boundary = field["boundary"],
      (1...70).contains(boundary.count),
      boundary.allSatisfy({ $0.isLetter || $0.isDigit || "'()+_,-./:=?".utf8.contains($0) })
    else { throw .notMultipart }
    return boundary
  }

  private static let lineEnd: [UInt8] = [.carriageReturn, .lineFeed]
  private static let dashes = Array("--".utf8)

  private mutating func read(_ window: inout FileWindow, boundary: [UInt8]) throws {
    let delimiter = Self.lineEnd + Self.dashes + boundary
    guard try window.has(Array(delimiter.dropFirst(2)), at: 0) else {
      throw MultipartProblem.malformed("it does not begin with its boundary")
    }
    var place = delimiter.count - 2
    while try !window.has(Self.dashes, at: place) {
      guard try window.has(Self.lineEnd, at: place) else {
        let isCut = window.byteCount - place < 2
        throw isCut ? MultipartProblem.cutShort : .malformed("a boundary has something behind it")
      }
      guard fields.count + files.count < limits.partsMax else {
        throw MultipartProblem.tooManyParts
      }
      let (head, start) = try readHead(&window, at: place + 2)
      guard let end = try window.place(of: delimiter, from: start) else {
        throw MultipartProblem.cutShort
      }
      try add(head, start..<end, window)
      place = end + delimiter.count
    }
    let rest = window.byteCount - (place + 2)
    let isEnd = try rest == 0 || rest == 2 && window.has(Self.lineEnd, at: place + 2)
    guard isEnd else { throw MultipartProblem.malformed("something stands behind its end") }
  }

  /// The head of a part, and where its content begins.
  private func readHead(_ window: inout FileWindow, at start: Int) throws -> (PartHead, Int) {
    var lines: [[UInt8]] = []
    var place = start
    while let end = try window.place(of: Self.lineEnd, from: place) {
      guard end + 2 - start <= limits.headBytesMax else {
        throw MultipartProblem.malformed("the head of a part is too long")
      }
      if end == place { return (try PartHead(lines), end + 2) }
      lines.append(try window.bytes(place..<end))
      place = end + 2
    }
    throw MultipartProblem.cutShort
  }

  private mutating func add(_ head: PartHead, _ range: Range<Int>, _ window: FileWindow) throws {
    let isTaken =
      fields.contains { $0.name.utf8.elementsEqual(head.name.utf8) }
      || files.contains { $0.name.utf8.elementsEqual(head.name.utf8) }
    guard !isTaken || repeatable.contains(head.name) else {
      throw MultipartProblem.repeated(head.name)
    }
    if let fileName = head.fileName {
      return files.append(
        File(name: head.name, fileName: fileName, contentType: head.contentType, bytes: range))
    }
    fieldsBytes += range.count
    guard range.count <= limits.fieldBytesMax, fieldsBytes <= limits.fieldsBytesMax else {
      throw MultipartProblem.fieldTooLarge(head.name)
    }
    let bytes = try window.bytes(range)
    guard !bytes.contains(0), let value = String(validating: bytes, as: UTF8.self) else {
      throw MultipartProblem.notText(head.name)
    }
    fields.append((head.name, value))
  }
}
