import CZlib
import Glibc

/// Unpacks one deflate stream (RFC 1951), a buffer at a time.
final class Inflater {
  private let name: String
  // zlib keeps the address of a stream, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableRawBufferPointer
  /// Whether the stream has said that it is over.
  private(set) var isEnded = false

  /// - Parameter name: of the file, for what is thrown.
  init(name: String) throws(ZipProblem) {
    self.name = name
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(byteCount: ZipArchive.bufferBytes, alignment: 1)
    guard zlib_inflate_begin(stream) == Z_OK else { throw .unreadable(number: ENOMEM) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Unpacks what has come.
  /// - Throws: `.damaged` for what is no deflate stream, and for bytes behind its end.
  func add(
    _ input: UnsafeRawBufferPointer, into sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard !isEnded else { throw ZipProblem.damaged(name: name) }
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
    stream.pointee.avail_in = uInt(input.count)
    repeat {
      stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
      stream.pointee.avail_out = uInt(output.count)
      let code = inflate(stream, Z_NO_FLUSH)
      // Z_BUF_ERROR only says that there is nothing to do until more comes.
      guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(code) else {
        throw ZipProblem.damaged(name: name)
      }
      isEnded = code == Z_STREAM_END
      let count = output.count - Int(stream.pointee.avail_out)
      if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<count])) }
    } while !isEnded && stream.pointee.avail_out == 0
    guard stream.pointee.avail_in == 0 else { throw ZipProblem.damaged(name: name) }
  }
}

/// CRC-32 as ZIP has it (APPNOTE 4.4.7).
enum CRC {
  static func add(_ bytes: UnsafeRawBufferPointer, to sum: UInt) -> UInt {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: Bytef.self) else { return sum }
    return crc32_z(sum, start, bytes.count)
  }
}
