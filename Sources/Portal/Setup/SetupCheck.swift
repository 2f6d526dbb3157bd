import Mustache
import Rules

/// One thing that Caretaker works with, tried just now.
struct SetupCheck: TemplateData {
  /// What came of it.
  enum Standing: Sendable {
    case good
    /// It is not configured, and the rest works without it.
    case absent
    case failed
  }

  /// What was tried: `AWS: Database`.
  let what: String
  let standing: Standing
  /// What was found, or why not.
  let why: String
  /// What to do; empty where nothing is.
  var remedy = ""

  static let fields: [Field<SetupCheck>] = [
    .text("what", { $0.what }), .item("tag", { $0.tag }), .text("why", { $0.why }),
    .text("remedy", { $0.remedy }),
  ]

  private var tag: Tag {
    switch standing {
    case .good: Tag("good", "Works")
    case .absent: Tag("neutral", "Not set up")
    case .failed: Tag("danger", "Does not work")
    }
  }

  /// Tries something for a while at most.
  static func trying(
    _ what: String, remedy: String, _ work: @escaping @Sendable () async throws -> String
  ) async -> SetupCheck {
    do {
      return SetupCheck(
        what: what, standing: .good,
        why: try await within(SetupChecks.withinMs) { try await work() })
    } catch {
      return SetupCheck(what: what, standing: .failed, why: words(error), remedy: remedy)
    }
  }

  static func words(_ error: any Error) -> String {
    switch error {
    case let error as any SpokenError: error.sentence
    case is Overdue: "No answer came within \(SetupChecks.withinMs / Span.second) seconds."
    default: "It failed in Caretaker itself: \(error)"
    }
  }
}
