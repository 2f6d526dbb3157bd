import Rules

/// The prices that come with Caretaker, for where the Price List can't be asked. Each names its day
/// and where it is from; a region without a book has none.
enum PriceBook {
  private static let files: [String: [UInt8]] = ["us-west-2": PackageResources.us_west_2_csv]

  private static let books = files.mapValues { file in
    Dictionary(
      String(decoding: file, as: UTF8.self).split(separator: "\n").dropFirst()
        .compactMap { price(line: $0) }
    ) { first, _ in first }
  }

  /// The price of a product in a region; nil when the book has none.
  static func price(of product: Product, in region: String) -> Price? {
    books[region]?[product.code]
  }

  /// How many prices the book of a region has.
  static func count(in region: String) -> Int { books[region]?.count ?? 0 }

  /// One line: product, day, US dollars, origin.
  private static func price(line: Substring) -> (String, Price)? {
    let fields = line.split(separator: ",", maxSplits: 3).map(String.init)
    guard fields.count == 4, Day(iso: fields[1]) != nil, let rate = Rate(decimal: fields[2])
    else { return nil }
    return (
      fields[0], Price(rate: rate, published: fields[1], source: .book, origin: fields[3])
    )
  }
}
