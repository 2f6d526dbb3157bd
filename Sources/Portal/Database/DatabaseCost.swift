import Rules

/// What of a database instance is paid for.
struct DatabaseShape: Hashable, Sendable {
  var instanceClass: String
  var multiAZ: Bool
  var storageGiB: Int64
  var storageType: String

  /// The storage in words, `20 GiB gp2`.
  var storageWords: String { "\(storageGiB) GiB \(storageType)" }
}

extension DatabaseShape {
  init(_ facts: DatabaseFacts) {
    self.init(
      instanceClass: facts.instanceClass, multiAZ: facts.multiAZ, storageGiB: facts.storageGiB,
      storageType: facts.storageType)
  }
}

extension Means {
  /// What changes about the cost of a database: its instance and its storage, as far as they are
  /// not the same before and after.
  /// - Parameters:
  ///   - before: What there is; nil for a database that is made.
  ///   - after: What there would be.
  func databaseCost(from before: DatabaseShape?, to after: DatabaseShape) async throws -> Cost {
    let products = (before?.products ?? []).union(after.products)
    return Cost.ofDatabase(from: before, to: after, prices: try await prices(of: products))
  }
}

extension DatabaseShape {
  fileprivate var instance: Product {
    .databaseInstance(class: instanceClass, multiAZ: multiAZ)
  }

  fileprivate var storage: Product { .databaseStorage(type: storageType, multiAZ: multiAZ) }

  /// What is paid for it.
  fileprivate var products: Set<Product> { [instance, storage] }
}

extension Cost {
  /// The cost of a database before and after, without what stays the same. Multi-AZ has prices of
  /// its own for both parts.
  fileprivate static func ofDatabase(
    from before: DatabaseShape?, to after: DatabaseShape, prices: Prices
  ) -> Cost {
    Cost(
      lines: lines(
        before.map { .instance($0, prices) }, .instance(after, prices))
        + lines(before.map { .storage($0, prices) }, .storage(after, prices)),
      priceDate: prices.published, source: prices.source, bookDate: prices.bookDate,
      leftOut: [
        "Backups beyond the size of the database, and speed of gp3 that is paid for by itself.",
        "Data transfer, CPU credits of t classes, reserved instances, free tier and taxes.",
      ])
  }

  /// Something that is paid for by the hour.
  private struct Part: Equatable {
    let label: String
    let unit: String
    let rate: Rate?
    let milliUnits: Int64

    static func instance(_ shape: DatabaseShape, _ prices: Prices) -> Part {
      Part(
        label: "RDS \(shape.instanceClass), \(DatabaseFacts.zones(shape.multiAZ))",
        unit: "instance-hour", rate: prices[shape.instance]?.rate, milliUnits: 1_000)
    }

    static func storage(_ shape: DatabaseShape, _ prices: Prices) -> Part {
      let rate = prices[shape.storage]?.rate
      let month = rate.map { ", \($0.formatted) a GB-month" } ?? ""
      return Part(
        label: "RDS \(shape.storageType) storage, \(DatabaseFacts.zones(shape.multiAZ))\(month)",
        unit: "GB-hour", rate: rate?.hourOfMonth,
        milliUnits: Quantity.exactly(shape.storageGiB).low)
    }
  }

  private static func lines(_ before: Part?, _ after: Part) -> [CostLine] {
    guard let before else { return [line(nil, after)] }
    if before == after { return [] }
    return before.label == after.label
      ? [line(before, after)] : [line(before, nil), line(nil, after)]
  }

  private static func line(_ before: Part?, _ after: Part?) -> CostLine {
    let shown = after ?? before
    return CostLine(
      label: shown?.label ?? "", unit: shown?.unit ?? "", rateBefore: before?.rate,
      rateAfter: after?.rate, milliUnitsBefore: before?.milliUnits ?? 0,
      milliUnitsAfter: after?.milliUnits ?? 0)
  }
}
