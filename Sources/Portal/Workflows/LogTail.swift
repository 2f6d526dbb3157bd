import Foundation
import Rules

/// The end of a job's log, or of those of its lines that hold some words.
struct LogTail: Sendable {
  struct Line: Sendable {
    /// Its place in the whole log, from 1 on: the same however many lines come later.
    let number: Int
    let text: String
  }

  let lines: [Line]
  /// How many lines come before, of those that are asked for.
  let cut: Int
  /// What was looked for; empty for all lines.
  let words: String

  /// The most lines that are shown, and the most characters of one.
  static let linesMax = 200
  static let lineMax = 400
  /// The most characters that are looked for.
  static let wordsMax = 100

  /// The last lines, without colours, without the date before each, and without secrets.
  /// - Parameter words: only lines that hold them, in capitals or not.
  init(_ log: String, holding words: String = "") {
    let words = String(words.prefix(Self.wordsMax))
    // By bytes: a log can have megabytes, and all but its end is left alone.
    let all = Array(log.utf8).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    func text(_ index: Int) -> Substring { Substring(decoding: all[index], as: UTF8.self) }
    func holds(_ text: Substring) -> Bool { words.isEmpty || text.range(of: words) != nil }
    let places = words.isEmpty ? all.indices.suffix(Self.linesMax) : all.indices[...]
    // Of what is looked for no secret is told: a line has to hold it as it is shown.
    let found = places.filter { holds(text($0)) }
      .map { Line(number: $0 + 1, text: Self.shown(text($0))) }
      .filter { holds($0.text[...]) }
    self.words = words
    lines = found.suffix(Self.linesMax)
    cut = (words.isEmpty ? all.count : found.count) - lines.count
  }

  private static func shown(_ line: Substring) -> String {
    // GitHub begins each line with 2026-11-24T10:05:00.1234567Z.
    let time = line.prefix { $0 != " " }
    let isTimed = time.hasSuffix("Z") && time.contains("T")
    let clock = isTimed ? String(time.drop { $0 != "T" }.dropFirst().prefix(8)) + " " : ""
    let rest = isTimed ? line.dropFirst(time.count + 1) : line
    let plain = String(rest).replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
    let printable = plain.filter { $0 == "\t" || !($0.unicodeScalars.first?.isControl ?? false) }
    return clock + SecretScan.redacted(String(printable.prefix(lineMax)))
  }
}

extension Substring {
  /// Where some words stand, in capitals or not.
  func range(of words: String) -> Range<Index>? {
    range(of: words, options: [.caseInsensitive, .literal])
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
