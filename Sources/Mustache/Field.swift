/// Data for a template: it declares the names that tags may use.
///
/// ```swift
/// struct ChangePage: TemplateData {
///   let title: String
///   let votes: [VoteRow]
///   static let fields: [Field<ChangePage>] = [
///     .text("title") { $0.title }, .list("votes") { $0.votes },
///   ]
/// }
/// ```
public protocol TemplateData: Sendable {
  /// Every name that a template may use, each once.
  static var fields: [Field<Self>] { get }
}

/// A name in templates and the value of `Root` behind it. Its closure gives the same whenever it is
/// called: one rendering may call it more than once.
public struct Field<Root>: Sendable {
  @usableFromInline let binding: FieldValue.Binding

  @usableFromInline
  init(_ name: String, _ value: FieldValue) {
    binding = FieldValue.Binding(name: name, value: value)
  }

  /// Text. `{{name}}` prints it escaped; as a section it is true when not empty.
  @inlinable
  public static func text(
    _ name: String, _ get: @escaping @Sendable (Root) -> String
  ) -> Field {
    Field(name, .text { $0.read(get) })
  }

  /// An address, the only kind that may start the value of `href`, `src` and their like.
  /// `{{name}}` prints it escaped when it is a path below this server's root, a fragment, a query,
  /// or begins with `https://` or `mailto:`, and `#` otherwise.
  @inlinable
  public static func link(
    _ name: String, _ get: @escaping @Sendable (Root) -> String
  ) -> Field {
    Field(name, .link { $0.read(get) })
  }

  /// Trusted markup. `{{{name}}}` prints it as it is, between tags alone.
  public static func html(
    _ name: String, _ get: @escaping @Sendable (Root) -> [UInt8]
  ) -> Field {
    Field(name, .html { $0.read(get) })
  }

  /// A condition, for sections alone.
  @inlinable
  public static func flag(_ name: String, _ get: @escaping @Sendable (Root) -> Bool) -> Field {
    Field(name, .flag { $0.read(get) })
  }

  /// Data that may be missing. A section shows it if it is there, with its fields in reach;
  /// `{{name.field}}` reads one, and is empty if it is not.
  @inlinable
  public static func item<Item: TemplateData>(
    _ name: String, _ get: @escaping @Sendable (Root) -> Item?
  ) -> Field {
    let nested = FieldValue.Nested(
      fields: { Item.fields.map { $0.binding } },
      exists: { $0.read { get($0) != nil } },
      visit: { frame, body in
        if let item = frame.read(get) { Frame.lending(item, to: body) }
      })
    return Field(name, .item(nested))
  }

  /// Rows. A section repeats for each, with its fields in reach; an inverted one shows for none.
  @inlinable
  public static func list<Item: TemplateData>(
    _ name: String, _ get: @escaping @Sendable (Root) -> [Item]
  ) -> Field {
    let nested = FieldValue.Nested(
      fields: { Item.fields.map { $0.binding } },
      exists: { $0.read { !get($0).isEmpty } },
      visit: { frame, body in
        frame.read(get).withUnsafeBufferPointer { items in
          guard let first = items.baseAddress else { return }
          for index in items.indices { body(Frame(first + index)) }
        }
      })
    return Field(name, .list(nested))
  }

  /// The same field for data that holds a `Root`, so that a frame around pages can offer its own
  /// fields and the page's: `Page.fields.map { $0.from { $0.page } }`.
  public func from<Outer>(_ get: @escaping @Sendable (Outer) -> Root) -> Field<Outer> {
    let value = binding.value.reached { outer, body in
      Frame.lending(outer.read(get), to: body)
    }
    return Field<Outer>(binding.name, value)
  }
}
