import Foundation

/// How many pages each person has open that go on by themselves.
///
/// `@unchecked Sendable`: `lock` guards `counts`, the one thing that changes.
final class Followers: @unchecked Sendable {
  /// Pages of one person that are sent as they change. Browsers ask for others every few seconds.
  static let pagesMax = 6

  private let lock = NSLock()
  private var counts: [Int64: Int] = [:]

  /// Counts one more; false where it would be one too many.
  func enter(_ person: Int64) -> Bool {
    lock.withLock {
      guard counts[person, default: 0] < Self.pagesMax else { return false }
      counts[person, default: 0] += 1
      return true
    }
  }

  func leave(_ person: Int64) {
    lock.withLock {
      counts[person, default: 1] -= 1
      if counts[person] == 0 { counts[person] = nil }
    }
  }
}
