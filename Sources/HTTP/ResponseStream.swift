/// Content that is made while it is sent.
public struct ResponseStream: Sendable {
  let isEndless: Bool
  let make: @Sendable (BodyWriter) async throws -> Void

  /// - Parameters:
  ///   - isEndless: whether it goes on until the client has enough. A server that stops cancels it,
  ///     and waits for others.
  ///   - make: writes the content and returns at its end. Runs on the event loop: work that blocks
  ///     belongs elsewhere. Whatever it throws cuts the answer off, so that the client sees that it
  ///     has not got the whole.
  public init(
    isEndless: Bool = false, _ make: @escaping @Sendable (BodyWriter) async throws -> Void
  ) {
    self.isEndless = isEndless
    self.make = make
  }
}

/// Where a stream puts its content.
public struct BodyWriter: Sendable {
  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Sends bytes, and returns once the client's side has taken them and all before: who writes is
  /// never faster than who reads.
  /// - Throws: `CancellationError` once the client has gone.
  public func write(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    try await withCheckedThrowingContinuation { continuation in
      connection.onLoop { $0.send(bytes, continuation) }
    }
  }
}
