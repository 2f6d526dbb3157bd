/// Puts a chunked body together (RFC 9112 §7.1). Extensions and trailers are checked and dropped.
struct ChunkedBody {
  private enum Phase {
    case size
    case data(remaining: Int)
    case dataEnd
    case trailers
    case end
  }

  private var phase = Phase.size
  private var trailers = FieldSection()

  /// Takes what has arrived, as far as there is room; true once the body is complete.
  mutating func read(
    from input: inout InputBuffer, into sink: inout BodySink, limits: Limits
  ) throws(RequestProblem) -> Bool {
    while true {
      switch phase {
      case .size:
        let tooLong = RequestProblem.bad("The line of a chunk is too long.")
        guard let line = try input.line(lengthMax: limits.chunkLineBytesMax, tooLong: tooLong)
        else { return false }
        let size = try Self.size(input.bytes.span.extracting(line))
        guard size <= sink.bytesLeft else { throw .bodyTooLarge }
        phase = size == 0 ? .trailers : .data(remaining: size)
      case .data(let remaining):
        let left = remaining - sink.take(remaining, from: &input)
        phase = left == 0 ? .dataEnd : .data(remaining: left)
        if left > 0 { return false }
      case .dataEnd:
        let missing = RequestProblem.bad("A chunk is not followed by CRLF.")
        guard try input.line(lengthMax: 0, tooLong: missing) != nil else { return false }
        phase = .size
      case .trailers:
        guard
          let line = try input.line(
            lengthMax: max(0, limits.headerBytesMax - trailers.bytes), tooLong: .headTooLarge)
        else { return false }
        if line.isEmpty {
          phase = .end
        } else {
          try trailers.add(input.bytes.span.extracting(line), limits: limits)
        }
      case .end: return true
      }
    }
  }

  /// The size from `1a;name=value`. Nothing but hexadecimal digits may stand before the semicolon.
  private static func size(_ line: Span<UInt8>) throws(RequestProblem) -> Int {
    let end = line.firstIndex(of: UInt8(ascii: ";")) ?? line.count
    guard end > 0 else { throw .bad("A chunk has no size.") }
    var size = 0
    for index in 0..<end {
      guard let digit = line[index].hexValue else { throw .bad("A chunk's size is not a number.") }
      let (shifted, overflows) = size.multipliedReportingOverflow(by: 16)
      guard !overflows else { throw .bad("A chunk's size is no number that can be counted to.") }
      size = shifted | Int(digit)
    }
    guard ChunkExtensions.areValid(line.extracting(end..<line.count)) else {
      throw .bad("A chunk's extension is not written as it has to be.")
    }
    return size
  }
}
