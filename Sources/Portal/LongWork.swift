/// What tells whoever waits how far long work has come.
public struct LongWork: Sendable {
  /// How far a part of it has come.
  public struct Standing: Sendable, Equatable {
    /// What is being done, “Proving the log”.
    public let part: String
    /// How much of it is done.
    public let done: Int64
    /// What there is to do, in the unit of `done`; nil where nobody knows.
    public let whole: Int64?
  }

  private let tell: @Sendable (Standing) -> Void

  /// - Parameter tell: is told of every step, so it has to be quick.
  public init(_ tell: @escaping @Sendable (Standing) -> Void) { self.tell = tell }

  /// Work that nobody watches.
  public static let unwatched = LongWork { _ in }

  func stands(at done: Int64 = 0, of whole: Int64? = nil, _ part: String) {
    tell(Standing(part: part, done: done, whole: whole))
  }
}
