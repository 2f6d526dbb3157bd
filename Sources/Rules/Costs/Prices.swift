/// What a unit of a product costs in one region, and how that is known.
public struct Price: Hashable, Sendable {
  /// Where prices come from.
  public enum Source: String, Sendable {
    /// The AWS Price List, as it answered.
    case list
    /// The book that comes with Caretaker.
    case book
  }

  /// The price; nil when the list has none, or two.
  public let rate: Rate?
  /// The day the list was published, `2026-10-06`.
  public let published: String
  /// Where it comes from.
  public let source: Source
  /// Where the book has it from; empty for the list.
  public let origin: String

  /// A price.
  public init(rate: Rate?, published: String, source: Source, origin: String = "") {
    self.rate = rate
    self.published = published
    self.source = source
    self.origin = origin
  }
}

/// The prices of one region as far as they are known.
public struct Prices: Sendable {
  private let known: [Product: Price]

  /// Prices by product.
  public init(_ known: [Product: Price] = [:]) { self.known = known }

  /// The price of a product; nil when neither the list nor the book could be asked for it.
  public subscript(product: Product) -> Price? { known[product] }

  /// The day the oldest of the lists was published; `not known` without any price.
  public var published: String { known.values.map(\.published).min() ?? "not known" }

  /// The day the newest of the lists was published; `not known` without any price.
  public var newest: String { known.values.map(\.published).max() ?? "not known" }

  /// The day of the oldest price of the book, `2026-10-06`; nil where all are of the list.
  public var bookDate: String? {
    known.values.filter { $0.source == .book }.map(\.published).min()
  }

  /// Where they come from, in words.
  public var source: String {
    switch (uses(.list), uses(.book)) {
    case (true, false): "AWS Price List, on-demand"
    case (false, true): "Caretaker's price book, on-demand"
    case (true, true): "AWS Price List and, for the rest, Caretaker's price book, on-demand"
    case (false, false): "No price list"
    }
  }

  /// Whether any of them comes from there.
  public func uses(_ source: Price.Source) -> Bool {
    known.values.contains { $0.source == source }
  }
}
