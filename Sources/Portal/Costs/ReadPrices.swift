import AWS
import Rules

// Prices of the site's region from the Price List, by the usage types that bills carry.

/// What GetProducts is asked for.
private struct PriceQuery: Hashable {
  let service: String
  var filters: [String: String] = [:]
}

extension Cloud {
  /// What the Price List says of products.
  /// - Returns: their prices, without those whose list could not be read, and why not.
  func listed(_ products: Set<Product>) async -> (prices: [Product: Price], failure: AWSError?) {
    let queries = Dictionary(grouping: products) { $0.query(in: site.region) }
    return await withTaskGroup(of: Result<[Product: Price], AWSError>.self) { group in
      for (query, products) in queries { group.addTask { await answer(to: query, products) } }
      return await group.reduce(into: ([:], nil)) { whole, result in
        switch result {
        case .success(let prices): whole.0.merge(prices) { first, _ in first }
        case .failure(let error): whole.1 = error
        }
      }
    }
  }

  private func answer(
    to query: PriceQuery, _ products: [Product]
  ) async -> Result<[Product: Price], AWSError> {
    do {
      let entries = try await pricing.products(service: query.service, filters: query.filters)
      return .success(
        Dictionary(uniqueKeysWithValues: products.map { ($0, Self.price(of: $0, among: entries)) }))
    } catch {
      return .failure(error)
    }
  }

  /// The price of the first tier, when the list has exactly one. Two different ones are as good as
  /// none.
  private static func price(of product: Product, among entries: [PriceListProduct]) -> Price {
    let fitting = entries.filter { entry in
      entry.beginRange == "0" && product.usageType.map { entry.isFor(usageType: $0) } ?? true
    }
    let rates = Set(fitting.map { Rate(decimal: $0.pricePerUnitUSD) })
    let published = fitting.map { String($0.publicationDate.prefix(10)) }.min() ?? "not known"
    return Price(
      rate: rates.count == 1 ? rates.first ?? nil : nil, published: published, source: .list)
  }
}

extension PriceListProduct {
  /// Most regions put their short name before the usage type, us-west-2 as USW2-…
  fileprivate func isFor(usageType: String) -> Bool {
    let type = attributes["usagetype"] ?? ""
    return type == usageType
      || type.split(separator: "-", maxSplits: 1).last.map(String.init) == usageType
  }
}

extension Product {
  fileprivate func query(in region: String) -> PriceQuery {
    var query = PriceQuery(service: service, filters: filters)
    // Hosted zones are sold for all regions at once.
    if self != .zone { query.filters["regionCode"] = region }
    return query
  }

  private var service: String {
    switch self {
    case .fargateVCPU, .fargateMemory: "AmazonECS"
    case .databaseInstance, .databaseStorage, .databaseBackup: "AmazonRDS"
    case .balancer, .balancerCapacity: "AWSELB"
    case .gateway, .gatewayData: "AmazonEC2"
    case .address: "AmazonVPC"
    case .bucketStorage: "AmazonS3"
    case .logIngestion, .logStorage, .alarm: "AmazonCloudWatch"
    case .imageStorage: "AmazonECR"
    case .secret: "AWSSecretsManager"
    case .zone: "AmazonRoute53"
    }
  }

  private var filters: [String: String] {
    switch self {
    case .databaseInstance(let name, let multiAZ):
      // Multi-AZ is looked up, not doubled: it is not always twice the price.
      [
        "instanceType": name, "databaseEngine": "MySQL",
        "deploymentOption": multiAZ ? "Multi-AZ" : "Single-AZ",
      ]
    case .databaseStorage: ["productFamily": "Database Storage"]
    case .databaseBackup: ["productFamily": "Storage Snapshot"]
    case .balancer, .balancerCapacity: ["productFamily": "Load Balancer-Application"]
    case .gateway, .gatewayData: ["productFamily": "NAT Gateway"]
    case .bucketStorage: ["productFamily": "Storage", "volumeType": "Standard"]
    case .logIngestion: ["productFamily": "Data Payload"]
    case .logStorage: ["productFamily": "Storage Snapshot"]
    case .alarm: ["productFamily": "Alarm"]
    case .fargateVCPU, .fargateMemory, .address, .imageStorage, .secret, .zone: [:]
    }
  }

  /// The usage type behind the region's short name; nil where the filters leave one product.
  fileprivate var usageType: String? {
    switch self {
    case .fargateVCPU("ARM64"): "Fargate-ARM-vCPU-Hours:perCPU"
    case .fargateVCPU: "Fargate-vCPU-Hours:perCPU"
    case .fargateMemory("ARM64"): "Fargate-ARM-GB-Hours"
    case .fargateMemory: "Fargate-GB-Hours"
    case .databaseInstance: nil
    case .databaseStorage(let type, let multiAZ):
      "RDS:\(multiAZ ? "Multi-AZ-" : "")\(type.uppercased())-Storage"
    case .databaseBackup: "RDS:ChargedBackupUsage"
    case .balancer: "LoadBalancerUsage"
    case .balancerCapacity: "LCUUsage"
    case .gateway: "NatGateway-Hours"
    case .gatewayData: "NatGateway-Bytes"
    case .address: "PublicIPv4:InUseAddress"
    case .bucketStorage, .logStorage, .imageStorage: "TimedStorage-ByteHrs"
    case .logIngestion: "DataProcessing-Bytes"
    case .alarm: "CW:AlarmMonitorUsage"
    case .secret: "AWSSecretsManager-Secrets"
    case .zone: "HostedZone"
    }
  }
}

extension Means {
  /// The prices of products in the site's region: of the Price List, asked again after a day, and
  /// where that can't be read, of the book.
  func prices(of products: Set<Product>) async throws -> Prices {
    let (region, now) = (cloud.site.region, outside.now())
    let kept = try await storage.read { db in
      try PriceStore.find(
        products, region: region, since: now.adding(ms: -PriceStore.keptMs), in: db)
    }
    let listed = await cloud.listed(asksPricesAnew ? products : products.filter { kept[$0] == nil })
      .prices
    if !listed.isEmpty {
      // Prices are found again without the rows: a disk that is full stops no preview.
      try? await storage.write { db in
        try PriceStore.keep(listed, region: region, at: now, in: db)
      }
    }
    return PriceStore.withBook(kept.merging(listed) { $1 }, products, region)
  }
}
