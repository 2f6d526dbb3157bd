import Foundation
import Mustache
import Rules

/// A job with its steps.
struct JobView: TemplateData {
  let job: GitHubJob
  let path: String

  init(_ job: GitHubJob, path: String) {
    self.job = job
    self.path = path
  }

  static let fields: [Field<JobView>] = [
    .text("name", { $0.job.name }), .item("tag", { Tag(step: $0.job.conclusion ?? $0.job.status) }),
    .text("duration", { Self.words(from: $0.job.startedAt, to: $0.job.completedAt) }),
    .list("steps", { ($0.job.steps ?? []).map(StepView.init) }),
    .flag("hasLog", { $0.job.status == "completed" && $0.job.conclusion != "skipped" }),
    .link("logPath", { "\($0.path)?job=\($0.job.id)#log" }),
  ]

  struct StepView: TemplateData {
    let step: GitHubJob.Step

    static let fields: [Field<StepView>] = [
      .text("name", { $0.step.name }), .text("tone", { $0.tag.tone }),
      .text("icon", { $0.tag.icon }), .text("word", { $0.tag.word }),
      .flag("now", { $0.step.status == "in_progress" }),
      .flag("later", { $0.step.status == "queued" || $0.step.status == "pending" }),
      .text("duration", { JobView.words(from: $0.step.startedAt, to: $0.step.completedAt) }),
    ]

    private var tag: Tag { Tag(step: step.conclusion ?? step.status) }
  }

  /// How long something took; empty while it goes on, or where it did not begin.
  static func words(from: Date?, to: Date?) -> String {
    guard let from, let to, to >= from else { return "" }
    return words(seconds: Int64(to.timeIntervalSince(from)))
  }

  /// A length of time to the second, `3 min 4 s`.
  static func words(seconds: Int64) -> String {
    seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }
}

/// The end of a job's log.
struct LogView: TemplateData {
  let job: GitHubJob
  let tail: LogTail
  let path: String
  /// Whether long lines go on in the next.
  let wraps: Bool

  static let fields: [Field<LogView>] = [
    .text("name", { $0.job.name }), .list("rows", { page in page.tail.lines.map(page.row) }),
    .flag("any", { !$0.tail.lines.isEmpty }), .text("none", { $0.none }),
    .text("cut", { $0.cut }), .flag("wraps", { $0.wraps }),
    .text("job", { String($0.job.id) }), .text("looked", { $0.tail.words }),
    .link("path", { "\($0.path)#log" }), .link("everything", { $0.address() }),
    .link("wrapping", { $0.address(words: $0.tail.words, wraps: !$0.wraps) }),
    .link("whole", { "\($0.path)/jobs/\($0.job.id)/log" }),
  ]

  private var none: String {
    tail.words.isEmpty ? "The log is empty." : "No line holds “\(tail.words)”."
  }

  private var cut: String {
    guard !tail.words.isEmpty else {
      return tail.cut == 0 ? "" : "\(count(tail.cut, "line")) before are left out."
    }
    let found = tail.cut + tail.lines.count
    let words = "\(count(found, "line")) \(found == 1 ? "holds" : "hold") “\(tail.words)”."
    return tail.cut == 0 ? words : words + " The newest \(tail.lines.count) are shown."
  }

  /// This page with other choices.
  private func address(words: String = "", wraps: Bool = false) -> String {
    let fields = ["job": String(job.id), "q": words, "wrap": wraps ? "yes" : ""]
    return "\(path)?\(query(fields.filter { !$0.value.isEmpty }))#log"
  }

  private func row(_ line: LogTail.Line) -> LogRow {
    let hit = tail.words.isEmpty ? nil : line.text[...].range(of: tail.words)
    return LogRow(line: line, hit: hit ?? line.text.startIndex..<line.text.startIndex)
  }
}

/// One line, with what was looked for.
struct LogRow: TemplateData {
  let line: LogTail.Line
  let hit: Range<String.Index>

  static let fields: [Field<LogRow>] = [
    .text("number", { String($0.line.number) }), .link("here", { "#L\($0.line.number)" }),
    .text("before", { String($0.line.text[..<$0.hit.lowerBound]) }),
    .text("hit", { String($0.line.text[$0.hit]) }),
    .text("after", { String($0.line.text[$0.hit.upperBound...]) }),
  ]
}

/// A file a run left behind.
struct ArtifactLine: TemplateData {
  let artifact: GitHubArtifact
  let path: String
  let now: Moment

  init(_ artifact: GitHubArtifact, path: String, now: Moment) {
    self.artifact = artifact
    self.path = path
    self.now = now
  }

  static let fields: [Field<ArtifactLine>] = [
    .text("name", { $0.artifact.name }), .text("size", { bytes($0.artifact.sizeInBytes) }),
    .flag("gone", { $0.artifact.expired }),
    .link("href", { "\($0.path)/artifacts/\($0.artifact.id)" }),
    .item(
      "when",
      { line in
        line.artifact.expiresAt.map {
          When(Moment(ms: Int64($0.timeIntervalSince1970) * Span.second), now: line.now)
        }
      }),
  ]
}

extension Tag {
  /// GitHub's status or conclusion of a job or a step.
  fileprivate init(step word: String) {
    switch word {
    case "success": self.init("good", "Done")
    case "failure", "timed_out": self.init("danger", word == "failure" ? "Failed" : "Timed out")
    case "cancelled": self.init("attention", "Cancelled")
    case "in_progress": self.init("attention", "Running", icon: "running")
    case "skipped": self.init("neutral", "Skipped")
    case "queued", "pending", "waiting": self.init("neutral", "Waiting", icon: "waiting")
    default: self.init("neutral", word.heading)
    }
  }
}
