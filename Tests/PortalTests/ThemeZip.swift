import Foundation
import Testing
import Zip

/// Archives of themes as people send them.
enum ThemeZip {
  /// The name under which the peer has its theme.
  static let name = "ghost-blog-theme"

  /// The files of a small theme.
  static func files(
    _ version: String, name: String = ThemeZip.name, style: String = "main { color: black; }\n"
  ) -> [String: String] {
    [
      "package.json": "{\"name\": \"\(name)\", \"version\": \"\(version)\"}\n",
      "index.hbs": "<main>{{#foreach posts}}{{title}}{{/foreach}}</main>\n",
      "post.hbs": "<article>{{content}}</article>\n", "default.hbs": "<html>{{{body}}}</html>\n",
      "assets/screen.css": style,
    ]
  }

  /// Packs files, each below `prefix`.
  static func pack(_ files: [String: String], below prefix: String = "") throws -> [UInt8] {
    try pack(bytes: files.mapValues { Array($0.utf8) }, below: prefix)
  }

  static func pack(bytes: [String: [UInt8]], below prefix: String = "") throws -> [UInt8] {
    var packed: [UInt8] = []
    let writer = ZipWriter { packed.append(contentsOf: $0) }
    for (path, content) in bytes.sorted(by: { $0.key < $1.key }) {
      try writer.addFile(prefix + path, content)
    }
    try writer.finish()
    return packed
  }

  /// A small theme, packed.
  static func theme(
    _ version: String, name: String = ThemeZip.name, style: String = "main { color: black; }\n"
  ) throws -> [UInt8] {
    try pack(files(version, name: name, style: style))
  }
}
