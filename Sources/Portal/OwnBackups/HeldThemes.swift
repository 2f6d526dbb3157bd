import Foundation
import Glibc

/// The archives of the themes that a backup is made of, under names of its own: who takes one out
/// of the library meanwhile takes nothing from the backup.
struct HeldThemes {
  private let library: ThemeFolder
  private let folder: String

  /// How often the library may change under a backup before it is given up.
  private static let triesMax = 10

  /// - Parameter folder: is made, and removed again with what is held.
  init(of library: ThemeFolder, in folder: String) {
    self.library = library
    self.folder = folder
  }

  /// Where the archive that is held stands.
  func place(of theme: String) -> String { "\(folder)/\(theme).zip" }

  /// Copies a database until every archive that the copy names is held.
  /// - Parameter copy: makes the copy; told which theme an earlier one named that was gone by then.
  /// - Throws: `OwnBackupProblem` when an archive is missing that nobody took out.
  func hold(_ copy: (_ gone: String?) throws -> DatabaseCopy.Contents) throws
    -> DatabaseCopy.Contents
  {
    try DataFolder.make(folder, as: "the folder of held themes")
    var gone: String?
    for _ in 0..<Self.triesMax {
      let contents = try copy(gone)
      if let gone, contents.themes.contains(gone) { throw missing(gone) }
      gone = try contents.themes.first { try !hold($0) }
      if gone == nil { return contents }
    }
    throw OwnBackupProblem(
      "The library of themes went on changing while it was backed up. Nothing was kept. Try again.")
  }

  func letGo() { try? FileManager.default.removeItem(atPath: folder) }

  /// - Returns: false when there is no such archive any more.
  private func hold(_ theme: String) throws -> Bool {
    let (source, place) = (library.place(of: theme), place(of: theme))
    if link(source, place) == 0 || errno == EEXIST { return true }
    if errno == ENOENT { return false }
    // Not every file system gives a file two names.
    do {
      try FileManager.default.copyItem(atPath: source, toPath: place)
      return true
    } catch {
      guard FileManager.default.fileExists(atPath: source) else { return false }
      throw error
    }
  }

  private func missing(_ theme: String) -> OwnBackupProblem {
    OwnBackupProblem(
      "\(library.place(of: theme)) is missing, which the library of themes names. Nothing was "
        + "kept. Remove that version under Themes, or put its archive back.")
  }
}
