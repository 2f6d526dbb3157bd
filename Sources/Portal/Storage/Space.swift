import Glibc

/// The room on the disk of a folder.
struct Space: Hashable, Sendable {
  /// What a program without special rights may still write.
  var freeBytes: Int64
  var totalBytes: Int64
}

extension Space {
  /// Asks the kernel; nil when it can't say.
  init?(of folder: String) {
    var answer = statvfs()
    guard statvfs(folder, &answer) == 0 else { return nil }
    let block = UInt64(answer.f_frsize)
    func bytes(_ blocks: UInt64) -> Int64 {
      let (product, overflow) = blocks.multipliedReportingOverflow(by: block)
      return overflow ? .max : Int64(clamping: product)
    }
    self.init(
      freeBytes: bytes(UInt64(answer.f_bavail)), totalBytes: bytes(UInt64(answer.f_blocks)))
  }
}
