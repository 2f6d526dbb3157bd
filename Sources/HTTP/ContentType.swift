/// Content types by the end of a name.
enum ContentType {
  static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return unknown }
    return known[name[name.index(after: dot)...].lowercased()] ?? unknown
  }

  /// Whether it is text, which packs well.
  static func isText(_ type: String) -> Bool {
    type.hasPrefix("text/") || type.contains("json") || type.contains("xml")
  }

  /// Browsers download it and guess nothing.
  private static let unknown = "application/octet-stream"

  private static let known = [
    "css": "text/css; charset=utf-8", "csv": "text/csv; charset=utf-8", "gif": "image/gif",
    "html": "text/html; charset=utf-8", "ico": "image/vnd.microsoft.icon", "jpeg": "image/jpeg",
    "jpg": "image/jpeg", "js": "text/javascript; charset=utf-8", "json": "application/json",
    "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8", "webmanifest": "application/manifest+json",
    "webp": "image/webp", "woff2": "font/woff2", "xml": "application/xml",
  ]
}
