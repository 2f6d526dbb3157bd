/// AWS Price List: what things cost. It answers in few regions, so it is called in us-east-1
/// wherever the blog is.
public struct Pricing: Sendable {
  private let client: Client

  /// The Price List through a client.
  public init(_ client: Client) { self.client = client }

  private struct Filter: Encodable {
    let `Type` = "TERM_MATCH"
    let Field: String
    let Value: String
  }

  private struct Search: Encodable {
    let ServiceCode: String
    let FormatVersion = "aws_v1"
    let MaxResults = 100
    let Filters: [Filter]
    let NextToken: String?
  }

  private struct Page: Decodable {
    let PriceList: [String]
    let NextToken: String?
  }

  /// GetProducts (AWS Price List API Reference), every page: the prices on demand, one entry for
  /// each tier of each product.
  /// - Parameters:
  ///   - service: `AmazonRDS`, `AmazonECS`.
  ///   - filters: Attributes by name, all of which must be met.
  public func products(
    service: String, filters: [String: String]
  ) async throws(AWSError) -> [PriceListProduct] {
    let operation = Operation.read(.pricing, "GetProducts")
    let filters = filters.sorted { $0.key < $1.key }.map { Filter(Field: $0.key, Value: $0.value) }
    return try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(
        operation, Search(ServiceCode: service, Filters: filters, NextToken: token),
        as: Page.self)
      var products: [PriceListProduct] = []
      for text in page.PriceList {
        let entry = try client.decode(PriceListEntry.self, Array(text.utf8), operation)
        products += entry.products
      }
      return (products, page.NextToken)
    }
  }
}

/// One price on demand.
public struct PriceListProduct: Sendable, Equatable {
  /// What is sold, `usagetype` and others.
  public let attributes: [String: String]
  /// What the price is for, `Hrs` or `GB-Mo`.
  public let unit: String
  /// From which amount on the price holds, as a decimal number.
  public let beginRange: String
  /// US dollars for a unit, as a decimal number: a price is not a Double.
  public let pricePerUnitUSD: String
  /// When the list was published, in ISO 8601.
  public let publicationDate: String
}

/// One product as the Price List writes it: JSON within JSON.
private struct PriceListEntry: Decodable {
  let product: Product
  let terms: Terms
  let publicationDate: String

  struct Product: Decodable { let attributes: [String: String]? }

  struct Terms: Decodable { let OnDemand: [String: Offer]? }

  struct Offer: Decodable { let priceDimensions: [String: Price] }

  struct Price: Decodable {
    let unit: String
    let beginRange: String?
    let pricePerUnit: [String: String]
  }

  /// A product for each price in US dollars; other currencies are of other partitions.
  var products: [PriceListProduct] {
    (terms.OnDemand ?? [:]).sorted { $0.key < $1.key }.flatMap { _, offer in
      offer.priceDimensions.sorted { $0.key < $1.key }.compactMap { _, price in
        price.pricePerUnit["USD"].map { dollars in
          PriceListProduct(
            attributes: product.attributes ?? [:], unit: price.unit,
            beginRange: price.beginRange ?? "0", pricePerUnitUSD: dollars,
            publicationDate: publicationDate)
        }
      }
    }
  }
}
