/// A borrowed value of any type on the renderer's stack. It lives as long as the closure that
/// received it, and is never stored beyond.
///
/// Rendering needs values of many page and row types on one stack without copying them, which is
/// why this pointer has lost its type. Each read checks the type again: a mistake in binding
/// would stop the program, not read foreign memory.
@usableFromInline
struct Frame {
  @usableFromInline let pointer: UnsafeRawPointer
  @usableFromInline let type: ObjectIdentifier

  @inlinable
  init<Value>(_ pointer: UnsafePointer<Value>) {
    self.pointer = UnsafeRawPointer(pointer)
    self.type = ObjectIdentifier(Value.self)
  }

  /// Lends `value` to `body`.
  @inlinable
  static func lending<Value, Result>(_ value: Value, to body: (Frame) -> Result) -> Result {
    withUnsafePointer(to: value) { body(Frame($0)) }
  }

  /// Reads the value with `get`. Inlined, so that a field is read where the value lies; else all of
  /// the value is copied for each of its fields.
  @inlinable
  func read<Value, Result>(_ get: (Value) -> Result) -> Result {
    precondition(type == ObjectIdentifier(Value.self), "a field was bound to other data")
    return get(pointer.assumingMemoryBound(to: Value.self).pointee)
  }
}
