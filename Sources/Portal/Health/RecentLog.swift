import Synchronization

/// The last lines of the portal's own log, in memory, for who asks for diagnostics.
public final class RecentLog: Sendable {
  /// So many lines are kept.
  static let linesMax = 300
  /// What is kept of a line, in characters.
  static let lengthMax = 1_000

  private let kept = Mutex<(lines: [String], next: Int)>(([], 0))

  /// An empty one.
  public init() {}

  /// Keeps a line, and lets the oldest go.
  public func add(_ line: String) {
    let line = String(line.prefix(Self.lengthMax))
    kept.withLock { kept in
      if kept.lines.count < Self.linesMax {
        kept.lines.append(line)
      } else {
        kept.lines[kept.next] = line
        kept.next = (kept.next + 1) % Self.linesMax
      }
    }
  }

  /// The lines, the oldest first.
  var lines: [String] {
    kept.withLock { Array($0.lines[$0.next...] + $0.lines[..<$0.next]) }
  }
}
