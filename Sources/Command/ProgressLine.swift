import Foundation
import Portal
import Synchronization

/// One line on a terminal that says how far long work has come, each in the place of the last.
/// Where nobody watches there is none.
final class ProgressLine: Sendable {
  /// Watches long work, where the terminal can write over a line.
  static func watching<Value>(_ work: (LongWork) async throws -> Value) async rethrows -> Value {
    guard isatty(STDERR_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb" else {
      return try await work(.unwatched)
    }
    let line = ProgressLine()
    defer { line.clear() }
    return try await work(LongWork(line.show))
  }

  private struct Shown {
    var part = ""
    var begun = ContinuousClock.now
    var last = ContinuousClock.now
  }

  private let shown = Mutex(Shown())
  /// Back to the beginning of the line, and all of it away (ECMA-48 §8.3.41).
  private static let clearing = "\r\u{1B}[K"

  private func show(_ standing: LongWork.Standing) {
    let words = shown.withLock { shown -> String? in
      let now = ContinuousClock.now
      let isNew = standing.part != shown.part
      guard isNew || now - shown.last >= .milliseconds(100) else { return nil }
      if isNew { shown = Shown(part: standing.part, begun: now) }
      shown.last = now
      return Self.words(standing, elapsedSeconds: (now - shown.begun).components.seconds)
    }
    if let words { FileHandle.standardError.tell(Self.clearing + words) }
  }

  /// `Proving the log: 12000 of 48000 (25%), 3 s, about 9 s left`.
  static func words(_ standing: LongWork.Standing, elapsedSeconds: Int64) -> String {
    var words = standing.part
    guard let whole = standing.whole, whole > 0 else {
      return elapsedSeconds > 0 ? "\(words), \(elapsedSeconds) s" : words
    }
    let share = Double(standing.done) / Double(whole)
    words += ": \(standing.done) of \(whole) (\(Int(100 * share))%)"
    guard elapsedSeconds > 0 else { return words }
    words += ", \(elapsedSeconds) s"
    guard share > 0.01, share < 1 else { return words }
    return words + ", about \(Int(Double(elapsedSeconds) * (1 - share) / share)) s left"
  }

  private func clear() { FileHandle.standardError.tell(Self.clearing) }
}
