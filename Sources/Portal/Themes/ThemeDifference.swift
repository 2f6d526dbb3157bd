import Rules
import Zip

/// How two versions differ, file by file, with the lines of those that are text.
struct ThemeDifference: Sendable {
  /// One file whose lines are shown, or why they are not.
  struct File: Sendable {
    let path: String
    /// `added`, `removed` or `changed`.
    let word: String
    let diff: LineDiff?
  }

  let comparison: ThemeComparison
  let files: [File]
  /// How many more differ than are shown.
  let hiddenCount: Int

  /// The most files whose lines are shown.
  static let filesMax = 40
  /// The longest text whose lines are shown, in bytes.
  static let textBytesMax = 128 << 10

  /// Compares two archives, as far as they are there. Blocks.
  init(
    from before: ThemeReport, at older: String, to after: ThemeReport, at newer: String
  ) {
    comparison = ThemeComparison(from: before.files, to: after.files)
    let changes =
      comparison.changed.map { ($0, "changed") } + comparison.added.map { ($0, "added") }
      + comparison.removed.map { ($0, "removed") }
    hiddenCount = max(0, changes.count - Self.filesMax)
    // Which files differ the reports tell: a version whose archive is lost can still be removed.
    let (old, new) = (try? Texts(at: older), try? Texts(at: newer))
    files = changes.prefix(Self.filesMax).map { path, word in
      let (was, now) = (old?.text(of: path), new?.text(of: path))
      let diff =
        switch word {
        case "added": now.map { LineDiff(from: "", to: $0) }
        case "removed": was.map { LineDiff(from: $0, to: "") }
        default: was.flatMap { was in now.map { LineDiff(from: was, to: $0) } }
        }
      return File(path: path, word: word, diff: diff)
    }
  }

  /// The texts of an archive of the library, whose theme is at its root.
  private struct Texts {
    private let archive: ZipArchive
    private let entries: [String: ZipEntry]

    init(at path: String) throws {
      archive = try ZipArchive(path: path, limits: ThemeLibrary.limits)
      entries = Dictionary(archive.entries.map { ($0.name, $0) }) { first, _ in first }
    }

    /// A file's text; nil where it is long, no text, or not there.
    func text(of path: String) -> String? {
      guard let entry = entries[path],
        let bytes = try? archive.contents(of: entry, bytesMax: textBytesMax), !bytes.contains(0)
      else { return nil }
      return String(validating: bytes, as: UTF8.self)
    }
  }
}
