/// How a field is read, once the type of its data has been erased: from the ``Frame`` of that data.
@usableFromInline
enum FieldValue: Sendable {
  @usableFromInline typealias Get<Result> = @Sendable (Frame) -> Result
  /// Calls the closure for each value that there is: none, one or many.
  @usableFromInline typealias Visit = @Sendable (Frame, (Frame) -> Void) -> Void

  case text(Get<String>)
  case link(Get<String>)
  case html(Get<[UInt8]>)
  case flag(Get<Bool>)
  case item(Nested)
  case list(Nested)

  /// An item or list: data with fields of its own.
  @usableFromInline
  struct Nested: Sendable {
    /// The fields of each value. A closure, since data may nest in itself.
    let fields: @Sendable () -> [Binding]
    let exists: Get<Bool>
    let visit: Visit

    @usableFromInline
    init(
      fields: @escaping @Sendable () -> [Binding], exists: @escaping Get<Bool>,
      visit: @escaping Visit
    ) {
      self.fields = fields
      self.exists = exists
      self.visit = visit
    }
  }

  /// A field's name and value.
  @usableFromInline
  struct Binding: Sendable {
    let name: String
    let value: FieldValue
  }

  /// The same field, read from data that `visit` leads from. Where it leads to none, the field is
  /// empty.
  func reached(through visit: @escaping Visit) -> FieldValue {
    @Sendable func lift<Result: Sendable>(
      _ get: @escaping Get<Result>, orElse missing: Result
    ) -> Get<Result> {
      { frame in
        var result = missing
        visit(frame) { result = get($0) }
        return result
      }
    }
    func lift(_ nested: Nested) -> Nested {
      Nested(
        fields: nested.fields,
        exists: lift(nested.exists, orElse: false),
        visit: { frame, body in visit(frame) { nested.visit($0, body) } })
    }
    return switch self {
    case .text(let get): .text(lift(get, orElse: ""))
    case .link(let get): .link(lift(get, orElse: ""))
    case .html(let get): .html(lift(get, orElse: []))
    case .flag(let get): .flag(lift(get, orElse: false))
    case .item(let nested): .item(lift(nested))
    case .list(let nested): .list(lift(nested))
    }
  }

  /// Whether a section over this field shows; nil for trusted markup, which has no sections.
  var truth: Get<Bool>? {
    switch self {
    case .text(let get), .link(let get): { !get($0).isEmpty }
    case .html: nil
    case .flag(let get): get
    case .item(let nested), .list(let nested): nested.exists
    }
  }
}
