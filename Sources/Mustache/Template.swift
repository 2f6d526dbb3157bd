import Synchronization

/// A template bound to its page type: nothing can be missing when it renders.
///
/// What `Page` must be stands at the members alone. On the type itself the runtime would look for
/// the conformance of each page when it makes the type, which took a seventh of a start.
public struct Template<Page>: Sendable {
  /// The names of the templates that make up this one: itself, its partials and its parents.
  public let reached: Set<String>
  private let program: Program
  private let room = Room()

  init(_ program: Program, reached: Set<String>) {
    self.program = program
    self.reached = reached
  }
}

extension Template where Page: TemplateData {
  /// The page as UTF-8. One that is longer than any before is written again, with room enough.
  public func render(_ page: Page) -> [UInt8] {
    Frame.lending(page) { frame in
      while true {
        let capacity = room.bytes.load(ordering: .relaxed)
        var needed = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
          var renderer = Renderer(program, page: frame, output: Output(memory))
          renderer.run()
          needed = renderer.output.count
          count = min(needed, memory.count)
        }
        if bytes.count == needed { return bytes }
        room.bytes.max(needed + needed / 8, ordering: .relaxed)
      }
    }
  }
}

/// How much room a rendering gets: what the longest needed, and an eighth, so that a list that
/// grows by a row at a time is seldom written twice.
private final class Room: Sendable {
  private static let firstBytes = 4_096
  let bytes = Atomic(firstBytes)
}
