import CZlib
import Glibc

/// Packs one deflate stream (RFC 1951), a buffer at a time.
final class Deflater {
  enum Wrapping {
    /// Nothing around it, as in an archive.
    case none
    /// Header and check of a gzip member (RFC 1952).
    case gzip(level: Int32)
  }

  // zlib keeps the address of a stream, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableRawBufferPointer
  private let sink: (UnsafeRawBufferPointer) throws -> Void

  init(
    _ wrapping: Wrapping = .none, into sink: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws(ZipProblem) {
    self.sink = sink
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(byteCount: ZipArchive.bufferBytes, alignment: 1)
    let begun =
      switch wrapping {
      case .none: zlib_deflate_begin(stream)
      case .gzip(let level): zlib_gzip_begin(stream, level)
      }
    guard begun == Z_OK else { throw .unwritable(number: ENOMEM) }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Packs bytes; they may come out later.
  func add(_ input: UnsafeRawBufferPointer) throws {
    // zlib counts in 32 bits.
    for start in stride(from: 0, to: input.count, by: Self.inputBytesMax) {
      let end = min(start + Self.inputBytesMax, input.count)
      try run(UnsafeRawBufferPointer(rebasing: input[start..<end]), Z_NO_FLUSH)
    }
  }

  /// Writes what is left.
  func finish() throws { try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH) }

  private static let inputBytesMax = 1_073_741_824

  private func run(_ input: UnsafeRawBufferPointer, _ flush: Int32) throws {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
    stream.pointee.avail_in = uInt(input.count)
    repeat {
      stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
      stream.pointee.avail_out = uInt(output.count)
      let code = deflate(stream, flush)
      guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(code) else {
        throw ZipProblem.unwritable(number: EIO)
      }
      let count = output.count - Int(stream.pointee.avail_out)
      if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<count])) }
    } while stream.pointee.avail_out == 0
  }
}
