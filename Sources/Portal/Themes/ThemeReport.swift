import Cryptography
import Foundation
import Rules
import Zip

/// What the pre-flight found in an archive, without Ghost: everything that is told of a version.
struct ThemeReport: Sendable, Hashable, Codable {
  let name: String
  let version: String
  /// The files of the theme, in the order of their paths.
  let files: [ThemeFile]
  /// What was in the archive and is not kept.
  let leftOut: [String]
  /// The folder it was wrapped in; empty where it was at the root.
  let wrapper: String

  /// Names the content however it is packed: Ghost packs anew what it is asked for.
  var digest: String {
    SHA256.hexDigest(Array(files.map { "\($0.sha256)  \($0.path)\n" }.joined().utf8))
  }

  /// The length of everything unpacked.
  var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }
}

extension ThemeReport {
  /// The most bytes of package.json that are read.
  static let packageBytesMax = 256 << 10

  /// Reads an archive whole: structure, names, sizes, every file's content. Blocks.
  /// - Parameter folder: where the theme is in a repository's archive; nil for one of a theme.
  /// - Throws: `ZipProblem` and `ThemeProblem`, with the sentence for who sent it.
  static func read(_ archive: ZipArchive, below folder: String? = nil) throws -> ThemeReport {
    let (report, _) = try readLayout(archive, below: folder)
    return report
  }

  static func readLayout(
    _ archive: ZipArchive, below folder: String?
  ) throws -> (ThemeReport, ThemeLayout) {
    let entries = Dictionary(
      archive.entries.filter { !$0.isFolder }.map { ($0.name, $0) }
    ) { first, _ in first }
    let layout = try ThemeLayout(archive.entries.filter { !$0.isFolder }.map(\.name), below: folder)
    var files: [ThemeFile] = []
    for path in layout.kept {
      guard let entry = entries[path] else { continue }
      let digest = SHA256Stream()
      try archive.read(entry) { digest.add($0) }
      files.append(
        ThemeFile(
          path: String(path.dropFirst(layout.prefix.count)), bytes: Int64(entry.bytes),
          sha256: digest.finish()))
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let package = try package(in: archive, entries[layout.prefix + "package.json"])
    return (
      ThemeReport(
        name: package.name, version: package.version, files: files, leftOut: layout.leftOut,
        wrapper: layout.prefix), layout
    )
  }

  private static func package(
    in archive: ZipArchive, _ entry: ZipEntry?
  ) throws -> ThemePackage {
    struct Package: Decodable { let name: String?, version: String? }
    guard let entry else { throw ThemeProblem.missing("package.json") }
    let bytes = try archive.contents(of: entry, bytesMax: packageBytesMax)
    guard let package = try? JSONDecoder().decode(Package.self, from: Data(bytes)) else {
      throw ThemeProblem.badPackage("is not valid JSON, or its name and version are not text")
    }
    return try ThemePackage(name: package.name, version: package.version)
  }

  /// Packs what is kept, with index.hbs at the root.
  static func repack(
    _ archive: ZipArchive, _ layout: ThemeLayout, into draft: ThemeDraft
  ) throws {
    let writer = ZipWriter { try draft.write($0) }
    let entries = Dictionary(archive.entries.map { ($0.name, $0) }) { first, _ in first }
    for path in layout.kept {
      guard let entry = entries[path] else { continue }
      try writer.addFile(String(path.dropFirst(layout.prefix.count))) { sink in
        try archive.read(entry, into: sink)
      }
    }
    try writer.finish()
  }
}
