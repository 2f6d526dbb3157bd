/// How long work goes on already, beside how long the same work usually takes.
public struct WorkPace: Equatable, Sendable {
  /// How long it goes on, in milliseconds.
  public let elapsedMs: Int64
  /// What it usually takes, in milliseconds; nil where it was never done before.
  public let usualMs: Int64?

  /// So many of the last runs tell what is usual.
  public static let runsMax = 9

  /// - Parameter beforeMs: how long the same work took before.
  public init(elapsedMs: Int64, beforeMs: [Int64]) {
    self.elapsedMs = max(elapsedMs, 0)
    usualMs = beforeMs.isEmpty ? nil : beforeMs.sorted()[beforeMs.count / 2]
  }

  /// `Running for 40 seconds, usually 2 minutes.`
  public var sentence: String {
    let running = "Running for \(Self.words(elapsedMs))"
    guard let usualMs else { return "\(running)." }
    return elapsedMs > usualMs
      ? "\(running), longer than the usual \(Self.words(usualMs))."
      : "\(running), usually \(Self.words(usualMs))."
  }

  private static func words(_ ms: Int64) -> String {
    let seconds = max(ms / Span.second, 1)
    if seconds < 120 { return Span.words(ms: seconds * Span.second) }
    return seconds < 7_200
      ? Span.words(ms: (seconds + 30) / 60 * Span.minute) : Span.about(ms: seconds * Span.second)
  }
}
