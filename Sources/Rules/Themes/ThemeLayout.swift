/// Where in an archive the theme is: the one folder with its index.hbs, and what of the archive is
/// left out. Ghost takes the folder of the first index.hbs it happens upon, so two are refused.
public struct ThemeLayout: Hashable, Sendable {
  /// What every path of the theme begins with in the archive; empty where it is at the root.
  public let prefix: String
  /// The paths of its files in the archive.
  public let kept: [String]
  /// The paths that no theme needs.
  public let leftOut: [String]

  /// Whether the archive has to be packed anew.
  public var isRepacked: Bool { !prefix.isEmpty || !leftOut.isEmpty }

  /// Finds the theme.
  /// - Parameters:
  ///   - paths: the files of the archive, without folders.
  ///   - folder: where the theme has to be below the archive's one folder, as in a repository's
  ///     archive from GitHub: `theme/`. Everything beside it is left out. Nil for an archive of a
  ///     theme alone.
  public init(_ paths: [String], below folder: String? = nil) throws(ThemeProblem) {
    guard let folder else {
      try self.init(themeOnly: paths)
      return
    }
    guard let top = paths.first?.prefix(while: { $0 != "/" }),
      paths.allSatisfy({ $0.hasPrefix(top + "/") })
    else { throw .severalRoots(paths.prefix(3).map { $0 }) }
    let prefix = "\(top)/\(folder)"
    let inside = paths.filter { $0.hasPrefix(prefix) }
    guard !inside.isEmpty else { throw .noFolder(folder) }
    try self.init(themeOnly: inside)
    guard self.prefix == prefix else { throw .indexElsewhere(self.prefix) }
  }

  private init(themeOnly paths: [String]) throws(ThemeProblem) {
    // What packing programs add lies beside the theme's folder, not in it.
    let real = paths.filter { !Self.isLitter($0) }
    let indexes = real.filter { $0 == "index.hbs" || $0.hasSuffix("/index.hbs") }
    guard let index = indexes.min(by: { Self.depth($0) < Self.depth($1) }) else {
      throw .missing("index.hbs")
    }
    let prefix = String(index.dropLast("index.hbs".count))
    // One in a folder that is left out is none.
    let others = indexes.filter {
      !($0.hasPrefix(prefix) && Self.isExcluded(String($0.dropFirst(prefix.count))))
    }
    guard others.count == 1 else { throw .severalIndexes(others) }
    let outside = real.filter { !$0.hasPrefix(prefix) }
    guard outside.isEmpty else { throw .severalRoots(Array(outside.prefix(3))) }
    let inside = real.map { (path: $0, inner: String($0.dropFirst(prefix.count))) }
    self.prefix = prefix
    kept = inside.filter { !Self.isExcluded($0.inner) }.map(\.path)
    leftOut =
      paths.filter(Self.isLitter) + inside.filter { Self.isExcluded($0.inner) }.map(\.path)
    for name in ["post.hbs", "package.json"] where !kept.contains(prefix + name) {
      throw .missing(name)
    }
  }

  /// How many folders a path has.
  private static func depth(_ path: String) -> Int { path.count { $0 == "/" } }

  /// What macOS and Windows add to archives and folders.
  private static func isLitter(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return path.hasPrefix("__MACOSX/") || name == ".DS_Store" || name == "Thumbs.db"
  }

  /// What TryGhost/action-deploy-theme leaves out when it packs a theme (src/main.ts).
  static func isExcluded(_ path: String) -> Bool {
    let beginnings = ["yarn", "npm", "pnpm", "node_modules"]
    let ends = [".zip", "routes.yaml", "redirects.yaml", "redirects.json"]
    return path == "AGENTS.md" || beginnings.contains(where: path.hasPrefix)
      || ends.contains(where: path.hasSuffix)
      || path.split(separator: "/").contains { $0.hasPrefix(".git") || $0.hasSuffix(".git") }
  }
}

/// Why an archive is no theme that can be deployed. Its description is a sentence for the person
/// whose archive it is, and says what to do.
public enum ThemeProblem: Error, Hashable, CustomStringConvertible {
  case missing(String)
  case severalIndexes([String])
  /// Files that lie beside the theme's folder.
  case severalRoots([String])
  /// The repository has no such folder.
  case noFolder(String)
  /// The theme is not where the repository has it, but here.
  case indexElsewhere(String)
  /// package.json can't be read: why, as half a sentence.
  case badPackage(String)
  case reserved(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .missing(let name):
      "There is no \(name) in the theme. Ghost needs it beside index.hbs; add it and pack again."
    case .severalIndexes(let paths):
      "There are \(paths.count) files named index.hbs (\(Self.list(paths))), and Ghost takes the "
        + "one it finds first. Pack the theme's own folder alone."
    case .severalRoots(let paths):
      "Beside the theme lies something else: \(Self.list(paths)). Pack the theme's folder alone."
    case .noFolder(let folder):
      "The repository has no folder “\(folder)” at that commit. Choose another commit."
    case .indexElsewhere(let folder):
      "The repository's index.hbs is in “\(folder)”, not where the workflow packs the theme from."
    case .badPackage(let why): "package.json \(why). Correct it and pack again."
    case .reserved(let name):
      "“\(name)” is one of Ghost's own themes, which it does not let anybody replace. Give the "
        + "theme another name in package.json."
    }
  }

  private static func list(_ paths: [String]) -> String {
    paths.prefix(3).map { String($0.prefix(80)) }.joined(separator: ", ")
      + (paths.count > 3 ? " and more" : "")
  }
}
