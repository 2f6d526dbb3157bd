import Mustache
import Rules

/// One version of the theme: the pre-flight, and what deploying it changes.
struct ThemePage: Page {
  let found: ThemeFound
  let difference: ThemeDifference?
  let mayDeploy: Bool
  let mayRemove: Bool

  static let template = "themes/show"
  static let section: Section? = .themes
  var title: String { found.theme.words }

  private var theme: ThemeVersion { found.theme }
  private var report: ThemeReport { found.report }

  static let fields: [Field<ThemePage>] = [
    .text("name", { $0.theme.words }), .text("state", { $0.state }),
    .text("source", { $0.theme.source.words($0.theme.origin) }),
    .text("keptBy", { $0.theme.personName ?? "Caretaker" }),
    .item("when", { When($0.theme.madeAt, now: $0.found.now) }),
    .item("digest", { Cut($0.theme.sha256) }),
    .text("size", { "\(bytes($0.theme.bytes)) packed, \(bytes($0.report.bytes)) unpacked" }),
    .text("files", { count($0.report.files.count, "file") }),
    .list("checks", { $0.checks }), .list("leftOut", { $0.leftOut }),
    .flag("mayDeploy", { $0.mayDeploy }), .link("deploy", { ThemeDeploy.path(to: $0.theme) }),
    .text("act", { $0.act }),
    .link("archive", { "/themes/\($0.theme.number)/archive" }),
    .flag("mayRemove", { $0.mayRemove }), .link("end", { "/themes/\($0.theme.number)/end" }),
    .text("need", { $0.found.need ?? "" }),
    .list("others", { $0.others }), .flag("anyOther", { $0.found.all.count > 1 }),
    .text("comparison", { $0.difference?.comparison.words ?? "" }),
    .text("other", { $0.found.other?.words ?? "" }),
    .list("differences", { $0.difference?.files.map(ThemeFileLine.init) ?? [] }),
    .text("hidden", { $0.hidden }), .link("path", { "/themes/\($0.theme.number)" }),
  ]

  private var isLast: Bool { found.last?.theme.number == theme.number }

  private var act: String {
    if isLast { return "Re-apply this version" }
    return found.last?.isAfter(theme) == true
      ? "Roll back to this version" : "Deploy this version"
  }

  private var state: String {
    if isLast { return "It was deployed last, by CR-\(found.last?.change ?? 0)." }
    return "It is in the library and can be deployed. Nothing was sent to Ghost for this page."
  }

  private var checks: [CheckLine] {
    var lines = [
      CheckLine("good", "The archive is sound: every file is whole, and none is a link."),
      CheckLine("good", "index.hbs, post.hbs and package.json are there, each once."),
    ]
    if !report.wrapper.isEmpty {
      lines.append(
        CheckLine(
          "neutral",
          theme.source == .upload
            ? "It was wrapped in the folder \(report.wrapper) and is packed anew without it."
            : "It is packed anew from the folder \(Portal.themeFolder) of the commit."))
    }
    switch found.active {
    case theme.name:
      lines.append(CheckLine("good", "\(theme.name) is the active theme's name."))
    case let other?:
      lines.append(
        CheckLine(
          "attention",
          "The active theme is \(other). Deploying this one makes \(theme.name) the active one, "
            + "which begins with blank custom settings."))
    case nil:
      lines.append(
        CheckLine("unknown", "Which theme is active is not known, so the name is not held to it."))
    }
    if let other = found.other, other.name == theme.name, other.version == theme.version,
      other.files != theme.files
    {
      lines.append(
        CheckLine(
          "attention",
          "\(other.words) has other files under the same version. Raise the version in "
            + "package.json, so that people and the home page can tell them apart."))
    }
    return lines
  }

  private var leftOut: [Sentence] {
    let shown = report.leftOut.prefix(20).map { Sentence(text: $0) }
    let more = report.leftOut.count - shown.count
    return shown + (more > 0 ? [Sentence(text: "and \(more) more")] : [])
  }

  private var others: [Choice] {
    found.all.filter { $0.number != theme.number }.map {
      Choice(
        value: String($0.number), label: "\($0.words), \($0.madeAt.local)",
        isSelected: $0.number == found.other?.number)
    }
  }

  private var hidden: String {
    guard let hidden = difference?.hiddenCount, hidden > 0 else { return "" }
    return "\(hidden) more differ; download both versions to compare them."
  }
}

/// One thing the pre-flight looked at.
struct CheckLine: TemplateData {
  let tone: String
  let words: String

  static let fields: [Field<CheckLine>] = [
    .item("tag", { Tag($0.tone, $0.word) }), .text("words", { $0.words }),
  ]

  init(_ tone: String, _ words: String) {
    self.tone = tone
    self.words = words
  }

  private var word: String {
    ["good": "Fine", "attention": "Look at this", "unknown": "Not known"][tone] ?? "Note"
  }
}

/// One file that differs.
struct ThemeFileLine: TemplateData {
  let file: ThemeDifference.File

  static let fields: [Field<ThemeFileLine>] = [
    .text("path", { $0.file.path }), .text("word", { $0.file.word }),
    .text("counts", { $0.counts }),
    .list("lines", { $0.file.diff?.lines.map(DiffTextLine.init) ?? [] }),
    .flag("shown", { $0.file.diff != nil }), .flag("cut", { $0.file.diff?.isCut == true }),
  ]

  private var counts: String {
    guard let lines = file.diff?.lines else { return "" }
    let (added, removed) = (
      lines.count { $0.mark == .added }, lines.count { $0.mark == .removed }
    )
    return "+\(added) \u{2212}\(removed)"
  }
}

/// One line of a text that differs.
struct DiffTextLine: TemplateData {
  let line: LineDiff.Line

  static let fields: [Field<DiffTextLine>] = [
    .text("text", { $0.line.text }), .flag("added", { $0.line.mark == .added }),
    .flag("removed", { $0.line.mark == .removed }), .flag("same", { $0.line.mark == .same }),
    .flag("gap", { $0.line.mark == .gap }),
  ]
}
