import Synchronization

/// A template bound to its page type: nothing can be missing when it renders.
///
/// What `Page` must be stands at the members alone. On the type itself the runtime would look for
/// the conformance of each page when it makes the type, which took a seventh of a start.
public struct Template<Page>: Sendable {
  /// The names of the templates that make up this one: itself, its partials and its parents.
  public let reached: Set<String>
  private let program: Program
  private let lastSize = LastSize()

  init(_ program: Program, reached: Set<String>) {
    self.program = program
    self.reached = reached
  }
}

extension Template where Page: TemplateData {
  /// The page as UTF-8.
  public func render(_ page: Page) -> [UInt8] {
    Frame.lending(page) { frame in
      let capacity = lastSize.bytes.load(ordering: .relaxed)
      var renderer = Renderer(program, page: frame, capacity: capacity)
      renderer.run()
      lastSize.bytes.store(renderer.output.count, ordering: .relaxed)
      return renderer.output
    }
  }
}

/// How long the last rendering became: the next one begins with that much room.
private final class LastSize: Sendable {
  let bytes = Atomic(0)
}
