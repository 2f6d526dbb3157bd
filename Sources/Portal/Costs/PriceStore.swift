import GRDB
import Rules

/// Prices of the Price List in the database.
enum PriceStore {
  /// How long a price that was read stands for the list.
  static let keptMs = Span.day

  /// Keeps prices as they were read.
  static func keep(
    _ prices: [Product: Price], region: String, at now: Moment, in db: Database
  ) throws {
    for (product, price) in prices {
      try db.execute(
        sql: """
          INSERT INTO prices (region, product, nano_dollars, published, read_at)
          VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT (region, product) DO UPDATE SET
            nano_dollars = ?3, published = ?4, read_at = ?5
          """,
        arguments: [region, product.code, price.rate?.nanoDollars, price.published, now.ms])
    }
  }

  /// The prices of products that were read since a moment.
  static func find(
    _ products: some Sequence<Product>, region: String, since: Moment, in db: Database
  ) throws -> [Product: Price] {
    var found: [Product: Price] = [:]
    for product in products {
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT nano_dollars, published FROM prices
            WHERE region = ? AND product = ? AND read_at > ?
            """),
        arguments: [region, product.code, since.ms])
      guard let row else { continue }
      found[product] = Price(
        rate: (row["nano_dollars"] as Int64?).flatMap(Rate.init(nanoDollars:)),
        published: row["published"], source: .list)
    }
    return found
  }

  /// What is known of the prices of products without asking: the list as read within a day, else
  /// the book.
  static func prices(
    of products: Set<Product>, region: String, at now: Moment, in db: Database
  ) throws -> Prices {
    let since = now.adding(ms: -keptMs)
    return withBook(try find(products, region: region, since: since, in: db), products, region)
  }

  /// Prices of the list, and for the other products those of the book.
  static func withBook(
    _ listed: [Product: Price], _ products: Set<Product>, _ region: String
  ) -> Prices {
    var known = listed
    for product in products where known[product] == nil {
      known[product] = PriceBook.price(of: product, in: region)
    }
    return Prices(known)
  }

  /// Forgets what stands for nothing any more.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM prices WHERE read_at < ?", arguments: [now.adding(ms: -keptMs).ms])
  }
}
