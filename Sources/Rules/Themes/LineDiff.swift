/// How one text became another, line by line, as `diff -u` shows it.
public struct LineDiff: Hashable, Sendable {
  /// One line that is shown.
  public struct Line: Hashable, Sendable {
    /// Whether it was taken away, put in, or stands around what changed.
    public enum Mark: String, Sendable {
      case removed = "-"
      case added = "+"
      case same = " "
      /// Where lines that did not change are passed over.
      case gap = "@"
    }

    /// What became of it.
    public let mark: Mark
    /// The line without its end.
    public let text: String
  }

  /// The lines, in order.
  public let lines: [Line]
  /// Whether more would follow.
  public let isCut: Bool

  /// Lines shown around what changed.
  public static let context = 3
  /// The most lines that are shown of one file.
  public static let linesMax = 400
  /// The most lines between the first and the last change that are matched with each other: the
  /// time it takes grows with its square. Past it everything between counts as replaced.
  public static let matchedMax = 400
  /// The longest line that is shown, in characters.
  public static let columnsMax = 300

  /// Compares two texts.
  public init(from older: String, to newer: String) {
    let (before, after) = (Self.split(older), Self.split(newer))
    var head = 0
    while head < min(before.count, after.count), before[head] == after[head] { head += 1 }
    var tail = 0
    while tail < min(before.count, after.count) - head,
      before[before.count - 1 - tail] == after[after.count - 1 - tail]
    { tail += 1 }
    let middle = Self.match(
      before[head..<before.count - tail], after[head..<after.count - tail])
    let all =
      before[..<head].map { (Line.Mark.same, $0) } + middle
      + before[(before.count - tail)...].map { (Line.Mark.same, $0) }
    let shown = Self.around(changesOf: all)
    isCut = shown.count > Self.linesMax
    lines = Array(shown.prefix(Self.linesMax))
  }

  private static func split(_ text: String) -> [Substring] {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func match(
    _ before: ArraySlice<Substring>, _ after: ArraySlice<Substring>
  ) -> [(Line.Mark, Substring)] {
    guard max(before.count, after.count) <= matchedMax else {
      return before.map { (.removed, $0) } + after.map { (.added, $0) }
    }
    let difference = Array(after).difference(from: Array(before))
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [(Line.Mark, Substring)] = []
    var (old, new) = (0, 0)
    while old < before.count || new < after.count {
      if removed.contains(old) {
        lines.append((.removed, before[before.startIndex + old]))
        old += 1
      } else if added.contains(new) {
        lines.append((.added, after[after.startIndex + new]))
        new += 1
      } else {
        lines.append((.same, after[after.startIndex + new]))
        (old, new) = (old + 1, new + 1)
      }
    }
    return lines
  }

  /// What changed, with a few lines around it.
  private static func around(changesOf all: [(Line.Mark, Substring)]) -> [Line] {
    var isNear = [Bool](repeating: false, count: all.count)
    for (index, line) in all.enumerated() where line.0 != .same {
      for near in max(0, index - context)..<min(all.count, index + context + 1) {
        isNear[near] = true
      }
    }
    var shown: [Line] = []
    var passed = 0
    for (index, line) in all.enumerated() {
      guard isNear[index] else {
        passed += 1
        continue
      }
      if passed > 0 {
        shown.append(Line(mark: .gap, text: passed == 1 ? "1 line" : "\(passed) lines"))
        passed = 0
      }
      shown.append(Line(mark: line.0, text: cut(line.1)))
      if shown.count > linesMax { break }
    }
    return shown
  }

  private static func cut(_ line: Substring) -> String {
    line.count > columnsMax ? line.prefix(columnsMax) + "…" : String(line)
  }
}
