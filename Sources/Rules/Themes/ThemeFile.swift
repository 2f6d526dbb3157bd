/// One file of a theme.
public struct ThemeFile: Hashable, Codable, Sendable {
  /// The path below the theme's own folder.
  public let path: String
  /// The length in bytes.
  public let bytes: Int64
  /// The SHA-256 of the content, in hexadecimal.
  public let sha256: String

  /// A file.
  public init(path: String, bytes: Int64, sha256: String) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// What one version of a theme adds to another, takes from it and changes.
public struct ThemeComparison: Hashable, Sendable {
  /// Paths that only the newer has.
  public let added: [String]
  /// Paths that only the older has.
  public let removed: [String]
  /// Paths whose content differs.
  public let changed: [String]

  /// Compares two versions. Each list is in the order of the paths' bytes.
  public init(from older: [ThemeFile], to newer: [ThemeFile]) {
    func byPath(_ files: [ThemeFile]) -> [String: ThemeFile] {
      Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
    }
    let (before, after) = (byPath(older), byPath(newer))
    func sorted(_ paths: [String]) -> [String] {
      paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    added = sorted(after.keys.filter { before[$0] == nil })
    removed = sorted(before.keys.filter { after[$0] == nil })
    changed = sorted(
      after.values.compactMap { file in
        before[file.path].map { $0.sha256 != file.sha256 } == true ? file.path : nil
      })
  }

  /// Whether nothing differs.
  public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  /// The counts in one line: `1 file added, 2 changed`.
  public var words: String {
    guard !isEmpty else { return "No file differs." }
    let parts = [(added, "added"), (removed, "removed"), (changed, "changed")]
      .filter { !$0.0.isEmpty }.map { "\($0.0.count) \($0.1)" }
    return "Files: " + parts.joined(separator: ", ") + "."
  }
}
