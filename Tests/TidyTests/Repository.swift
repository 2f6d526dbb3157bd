import FoundationEssentials

/// The files of this repository, read from disk.
struct Repository {
  /// Three levels above this file.
  static let root = String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })

  /// Paths of the files below a folder, relative to the root; none if the folder is missing.
  static func files(below folder: String, endingIn suffix: String = "") -> [String] {
    let paths = try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
    return (paths ?? []).sorted().map { "\(folder)/\($0)" }
      .filter { $0.hasSuffix(suffix) && !isFolder($0) }
  }

  /// A file's text; empty if it is not text.
  static func text(of path: String) -> String {
    let bytes = FileManager.default.contents(atPath: "\(root)/\(path)").map(Array.init) ?? []
    return String(validating: bytes, as: UTF8.self) ?? ""
  }

  /// Every Swift file of ours.
  static let swiftFiles: [SourceFile] = ["Sources", "Tests"]
    .flatMap { files(below: $0, endingIn: ".swift") }
    .map { SourceFile(path: $0, text: text(of: $0)) }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      && isFolder
  }
}
