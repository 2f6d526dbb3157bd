import Foundation

/// What a pure function has given for the texts it was last asked about: most pages show facts that
/// the page before has shown.
///
/// `@unchecked Sendable`: `lock` guards `values`, the one thing that changes.
final class Remembered<Value: Sendable>: @unchecked Sendable {
  /// Texts that are kept; with one more, all are forgotten.
  static var textsMax: Int { 256 }

  private let make: @Sendable (String) -> Value
  private let lock = NSLock()
  private var values: [String: Value] = [:]

  init(_ make: @escaping @Sendable (String) -> Value) { self.make = make }

  func value(of text: String) -> Value {
    if let known = lock.withLock({ values[text] }) { return known }
    let made = make(text)
    lock.withLock {
      if values.count >= Self.textsMax { values = [:] }
      values[text] = made
    }
    return made
  }
}
