import Foundation

extension FileHandle {
  /// Writes a text as far as it can be written. Past a full disk or a closed descriptor the exit
  /// status, by which scripts go, still says how it went.
  func tell(_ text: String) { try? write(contentsOf: Data(text.utf8)) }
}
