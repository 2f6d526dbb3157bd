import HTTP

extension Portal {
  /// When a start's work is done.
  private static let restAfterMs: Int64 = 3_000
  private static let restEveryMs: Int64 = 600_000

  /// Lets go of code that the start or rare work alone has touched, now and then.
  public func keepMemoryLow() async {
    var waitMs = Self.restAfterMs
    while (try? await Task.sleep(for: .milliseconds(waitMs))) != nil {
      ProcessMemory.letGoOfCode()
      waitMs = Self.restEveryMs
    }
  }
}
