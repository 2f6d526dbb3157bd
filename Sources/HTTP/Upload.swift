/// A body on its way to a file. Belongs to one connection.
struct Upload {
  /// What becomes of a request whose body would go to a file.
  enum Beginning {
    /// The body may come.
    case ready(Upload)
    /// The product says no.
    case refused(Response)
    /// The core says no.
    case failed(RequestProblem)
  }

  private let file: AnonymousFile
  private let slot: UploadSlot
  private var byteCount = 0
  private let endsAtMs: Int

  /// Asks whether the body may come, then makes room for it.
  static func begin(_ request: Request, _ settings: Server.Settings) async -> Beginning {
    guard let uploads = settings.uploads else { return .failed(.bodyTooLarge) }
    if let refusal = await uploads.admit(request) { return .refused(refusal) }
    guard let slot = UploadSlot(of: settings.uploadCount, max: settings.limits.uploadsMax) else {
      return .failed(.tooManyUploads)
    }
    do throws(AnonymousFile.Problem) {
      let file = try await AnonymousFile.make(in: uploads.folder)
      let endsAtMs = settings.clock.monotonicMs() + settings.limits.uploadTimeoutMs
      return .ready(Upload(file: file, slot: slot, endsAtMs: endsAtMs))
    } catch {
      return .failed(.notStored(error))
    }
  }

  /// Writes a block behind the others; gives the problem if there is one. The caller adds the bytes
  /// with `add`, since a value can't change while it waits.
  func store(_ block: [UInt8]) async -> RequestProblem? {
    do throws(AnonymousFile.Problem) {
      try await file.write(block, at: byteCount)
      return nil
    } catch {
      return .notStored(error)
    }
  }

  /// Counts a block that is stored.
  mutating func add(_ block: [UInt8]) { byteCount += block.count }

  /// By when the next block has to be complete.
  func deadlineMs(at nowMs: Int, _ limits: Limits) -> Int {
    min(nowMs + limits.uploadBlockTimeoutMs, endsAtMs)
  }

  /// The body, now that it is whole.
  var body: BodyFile { BodyFile(file, byteCount: byteCount, slot: slot) }

  private init(file: AnonymousFile, slot: UploadSlot, endsAtMs: Int) {
    self.file = file
    self.slot = slot
    self.endsAtMs = endsAtMs
  }
}

/// One of the uploads that may be on the disk at once; given back with the last reference.
final class UploadSlot: Sendable {
  private let count: Locked<Int>

  /// Nil when all are taken.
  init?(of count: Locked<Int>, max: Int) {
    let isFree = count.withLock { count in
      guard count < max else { return false }
      count += 1
      return true
    }
    guard isFree else { return nil }
    self.count = count
  }

  deinit { count.withLock { $0 -= 1 } }
}
