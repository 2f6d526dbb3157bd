import Cryptography
import Foundation

/// Bytes of any length under a key, in parts of one megabyte, each sealed by AES-256-GCM. A part
/// opens only in its place of its stream, and only the last says that it is the last: what is cut,
/// put in another order or joined from two streams is refused.
///
/// The mark, 16 bytes that name the stream, then each part: its length in four bytes, the highest
/// first, and what `SealingKey.seal` makes of it.
enum SealedStream {
  static let mark = Array("caretaker sealed 1\n".utf8)
  static let nameBytes = 16
  static let partBytes = 1 << 20
  /// A sealed part is longer by so much.
  static let sealBytes = SealingKey.nonceLength + SealingKey.tagLength

  /// What a part is sealed for.
  static func context(_ name: [UInt8], part: Int, isLast: Bool) -> [UInt8] {
    name + withUnsafeBytes(of: UInt64(part).bigEndian) { Array($0) } + [isLast ? 1 : 0]
  }

  /// Whether a file begins as a sealed one does.
  static func isSealed(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: mark.count)).map { Array($0) == mark } ?? false
  }
}

/// Seals a stream.
final class SealedWriter {
  private let key: SealingKey
  private let name: [UInt8]
  private let random: (Int) throws -> [UInt8]
  private let sink: ([UInt8]) throws -> Void
  private var waiting: [UInt8] = []
  private var part = 0

  init(
    _ key: SealingKey, random: @escaping (Int) throws -> [UInt8],
    into sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    self.key = key
    self.random = random
    self.sink = sink
    name = try random(SealedStream.nameBytes)
    try sink(SealedStream.mark + name)
  }

  func add(_ bytes: UnsafeRawBufferPointer) throws {
    waiting.append(contentsOf: bytes)
    // What may be the last part waits for more.
    while waiting.count > SealedStream.partBytes {
      try seal(Array(waiting.prefix(SealedStream.partBytes)), isLast: false)
      waiting.removeFirst(SealedStream.partBytes)
    }
  }

  func finish() throws { try seal(waiting, isLast: true) }

  private func seal(_ bytes: [UInt8], isLast: Bool) throws {
    let sealed = try key.seal(
      Secret(bytes: bytes), nonce: random(SealingKey.nonceLength),
      for: SealedStream.context(name, part: part, isLast: isLast))
    try sink(withUnsafeBytes(of: UInt32(sealed.count).bigEndian) { Array($0) } + sealed)
    part += 1
  }
}

/// Opens a sealed stream.
struct SealedReader {
  let key: SealingKey

  /// Hands over what was sealed, in order; only when this returns was it all of it.
  func open(_ path: String, into sink: ([UInt8]) throws -> Void) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw OwnBackupProblem("\(path) can't be read.")
    }
    defer { try? file.close() }
    let end = try file.seekToEnd()
    try file.seek(toOffset: 0)
    let head = try take(SealedStream.mark.count + SealedStream.nameBytes, from: file)
    let name = Array(head.suffix(SealedStream.nameBytes))
    var part = 0
    while true {
      let length = try take(4, from: file).reduce(0) { $0 << 8 | Int($1) }
      guard
        (SealedStream.sealBytes...SealedStream.partBytes + SealedStream.sealBytes)
          .contains(length)
      else { throw Self.damaged(path) }
      let sealed = try take(length, from: file)
      let isLast = try file.offset() == end
      let context = SealedStream.context(name, part: part, isLast: isLast)
      guard let plain = key.open(sealed, for: context) else { throw Self.damaged(path) }
      try sink(plain.bytes)
      part += 1
      if isLast { return }
    }

    func take(_ count: Int, from file: FileHandle) throws -> [UInt8] {
      guard let data = try file.read(upToCount: count), data.count == count else {
        throw Self.damaged(path)
      }
      return Array(data)
    }
  }

  private static func damaged(_ path: String) -> OwnBackupProblem {
    OwnBackupProblem(
      "\(path) does not open: it was sealed with another key, or it was changed or cut since. "
        + "Nothing was restored. Try the right key or another backup.")
  }
}
