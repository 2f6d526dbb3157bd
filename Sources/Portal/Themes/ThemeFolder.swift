import AWS
import Cryptography
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Zip

/// The archives of the library on disk, each named after the SHA-256 of its bytes. What has no row
/// in the database is an orphan of a crash, and swept at the next start.
struct ThemeFolder: Sendable {
  let path: String

  private static let suffix = ".zip"
  private static let draftSuffix = ".part"

  init(dataFolder: String) { path = dataFolder + "/themes" }

  /// Makes the folder where there is none.
  func make() throws { try DataFolder.make(path, as: "the folder of themes") }

  /// Where the archive with this digest is.
  func place(of sha256: String) -> String { "\(path)/\(sha256)\(Self.suffix)" }

  /// A new file that nobody else has, removed again unless it is kept.
  /// - Parameter random: what makes its name its own.
  func draft(_ random: [UInt8]) throws -> ThemeDraft {
    try ThemeDraft(at: "\(path)/\(Hex.encode(random))\(Self.draftSuffix)")
  }

  /// Gives a draft its place, on disk when this returns. The same bytes twice are one file.
  func keep(_ draft: ThemeDraft, as sha256: String) throws {
    guard fsync(draft.descriptor) == 0,
      rename(draft.path, place(of: sha256)) == 0
    else { throw ThemeDraft.problem() }
    try sync()
  }

  /// Removes an archive whose row is gone.
  func remove(_ sha256: String) throws {
    guard unlink(place(of: sha256)) == 0 || errno == ENOENT else { throw ThemeDraft.problem() }
    try sync()
  }

  /// Removes what no row names: drafts of an earlier start, and archives whose row was never
  /// written.
  func sweep(keeping known: Set<String>) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    for name in names {
      let isDraft = name.hasSuffix(Self.draftSuffix)
      let isKnown = known.contains(String(name.dropLast(Self.suffix.count)))
      guard isDraft || name.hasSuffix(Self.suffix) && !isKnown else { continue }
      unlink("\(path)/\(name)")
    }
  }

  /// The folder's own entries on disk.
  private func sync() throws {
    if let number = Disk.sync(folder: path) { throw ThemeDraft.problem(number) }
  }
}

/// A file that is being written. What becomes of it is decided by who made it; left alone it is
/// removed.
final class ThemeDraft: Sendable {
  let path: String
  let descriptor: Int32

  fileprivate init(at path: String) throws {
    let opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // Before every property is set: `deinit` would remove a file that is somebody else's.
    guard opened >= 0 else { throw Self.problem() }
    self.path = path
    descriptor = opened
  }

  /// A draft that was kept has no file of its name any more.
  deinit {
    unlink(path)
    close(descriptor)
  }

  /// The length in bytes.
  var byteCount: Int {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
  }

  /// Where an answer of Ghost or GitHub is written.
  func destination() throws -> HTTPFile { try HTTPFile(descriptor: descriptor) }

  /// Copies a part of an uploaded body.
  func copy(_ range: Range<Int>, of body: BodyFile) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.bufferBytes, alignment: 1)
    defer { buffer.deallocate() }
    var place = range.lowerBound
    while place < range.upperBound {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: buffer[..<min(buffer.count, range.upperBound - place)])
      let count = try body.read(at: place, into: part)
      guard count > 0 else { throw StorageProblem("What was uploaded ended too early.") }
      try write(UnsafeRawBufferPointer(rebasing: part[..<count]))
      place += count
    }
  }

  /// Writes bytes behind those before.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if let number = Disk.write(bytes, to: descriptor) { throw Self.problem(number) }
  }

  /// The SHA-256 of everything in it.
  func digest() throws -> String { try Self.digest(of: descriptor) }

  /// The SHA-256 of an open file, read from its begin.
  static func digest(of descriptor: Int32) throws -> String {
    let stream = SHA256Stream()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 1)
    defer { buffer.deallocate() }
    var place = 0
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem() }
      guard count > 0 else { return stream.finish() }
      stream.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      place += count
    }
  }

  /// What is in memory of a file at a time, in bytes.
  static let bufferBytes = 65_536

  /// Why the disk did not do it.
  fileprivate static func problem(_ number: Int32 = errno) -> any Error {
    guard [ENOSPC, EDQUOT, EFBIG].contains(number) else {
      return StorageProblem(
        "The folder of themes can't be written: \(String(cString: strerror(number))).")
    }
    return Failure.noRoom
  }
}

extension Failure {
  /// 507 (RFC 4918 §11.5).
  static let noRoomStatus = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")

  static let noRoom = Failure(
    status: noRoomStatus, title: "The disk is full",
    sentence: "There is no room for the theme. Nothing was kept and nothing was changed. Make "
      + "room on the disk of the data folder and send it again.")
}
