/// Where a version of a theme in the library came from.
public enum ThemeSource: String, CaseIterable, Sendable {
  /// A person sent it.
  case upload
  /// From the repository, at a commit that the workflow has deployed.
  case workflow
  /// From the repository, at another commit.
  case commit
  /// From Ghost, before it was overwritten.
  case download

  /// The source with what names it.
  public func words(_ origin: String) -> String {
    switch self {
    case .upload: origin.isEmpty ? "uploaded" : "uploaded as \(origin)"
    case .workflow: "commit \(origin.prefix(7)), which theme-deploy deployed"
    case .commit: "commit \(origin.prefix(7))"
    case .download: "kept from Ghost before it was overwritten"
    }
  }
}

/// The library of themes.
extension AuditEvent {
  /// A version of a theme was put into the library.
  public static func themeKept(
    site: String, theme: Int64, name: String, version: String, sha256: String, bytes: Int64,
    source: ThemeSource, origin: String
  ) -> AuditEvent {
    AuditEvent(
      "theme.kept",
      [
        "site": .string(site), "theme": .integer(theme), "name": .string(name),
        "version": .string(version), "sha256": .string(sha256), "bytes": .integer(bytes),
        "source": .string(source.rawValue), "origin": .string(origin),
      ])
  }

  /// A version of a theme was taken out of the library.
  public static func themeRemoved(
    site: String, theme: Int64, name: String, version: String, sha256: String
  ) -> AuditEvent {
    AuditEvent(
      "theme.removed",
      [
        "site": .string(site), "theme": .integer(theme), "name": .string(name),
        "version": .string(version), "sha256": .string(sha256),
      ])
  }
}

extension AuditSentence {
  /// What happened to the library in words; the type itself where it is none of its own.
  static func ofTheme(_ entry: Words) -> String {
    let theme = "\(entry.text("name")) \(entry.text("version"))"
    switch entry.type {
    case "theme.kept":
      let source = ThemeSource(rawValue: entry.text("source"))
      return "put the theme \(theme) into the library: "
        + (source?.words(entry.text("origin")) ?? entry.text("source"))
    case "theme.removed": return "took the theme \(theme) out of the library"
    default: return entry.type
    }
  }
}
