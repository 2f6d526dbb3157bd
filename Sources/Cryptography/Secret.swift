/// Bytes that must not be seen: a password, a key, a token.
///
/// Printing, interpolating, dumping and mirroring it all give `•••`. It cannot be encoded. The
/// bytes come out by name alone, so every place that reads one can be found by searching.
public struct Secret: Sendable, Equatable {
  /// The secret itself, in the clear.
  public let bytes: [UInt8]

  /// Wraps bytes.
  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// Wraps the UTF-8 bytes of `text`, unchanged: nothing is trimmed or normalised.
  public init(_ text: String) {
    self.init(bytes: text.utf8)
  }

  /// Whether there are no bytes at all.
  public var isEmpty: Bool { bytes.isEmpty }

  /// Compares in constant time.
  public static func == (a: Secret, b: Secret) -> Bool {
    constantTimeEqual(a.bytes, b.bytes)
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomLeafReflectable {
  /// Always `•••`.
  public var description: String { "•••" }
  /// Always `•••`.
  public var debugDescription: String { description }
  /// A mirror without children: `dump` and test failure messages show nothing either.
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
