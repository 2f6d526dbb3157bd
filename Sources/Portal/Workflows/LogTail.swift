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
    self.words = String(words.prefix(Self.wordsMax))
    // By bytes: a log can have megabytes, and all but its end is left alone.
    let all = Array(log.utf8).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    var found: [Line] = []
    var (count, index) = (0, all.count)
    while index > 0, words.isEmpty ? found.count < Self.linesMax : true {
      index -= 1
      let text = Substring(decoding: all[index], as: UTF8.self)
      // Of what is looked for no secret is told: the line is searched as it is shown.
      if !self.words.isEmpty, text.range(of: self.words) == nil { continue }
      let line = Line(number: index + 1, text: Self.shown(text))
      if !self.words.isEmpty, line.text[...].range(of: self.words) == nil { continue }
      count += 1
      if found.count < Self.linesMax { found.append(line) }
    }
    lines = found.reversed()
    cut = (self.words.isEmpty ? all.count : count) - found.count
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
