import Rules

/// What a Fargate task costs by the hour.
struct FargateRates: Sendable {
  /// One vCPU for an hour; nil when not known.
  let vCPU: Rate?
  /// One GB for an hour; nil when not known.
  let memory: Rate?
  /// The day the list was published.
  let date: String
  /// Where they come from, in words.
  var source = Cost.listName
  /// The day of the oldest that is of the book; nil where all are of the list.
  var bookDate: String? = nil
}

/// What a database instance costs by the hour, now and then.
struct DatabaseRates: Sendable {
  /// The class as it is; nil when not known.
  let before: Rate?
  /// The class as it would be; nil when not known.
  let after: Rate?
  /// The day the list was published.
  let date: String
  /// Where they come from, in words.
  var source = Cost.listName
  /// The day of the oldest that is of the book; nil where all are of the list.
  var bookDate: String? = nil
  /// One GB of backups for a month; nil when not known.
  var backup: Rate? = nil
}

extension Cost {
  static let listName = "AWS Price List, on-demand"

  /// The cost of Fargate tasks of one size, before, and another, after.
  static func ofTasks(
    count: (before: Int64, after: Int64), size: (before: FargateSize, after: FargateSize),
    rates: FargateRates
  ) -> Cost {
    Cost(
      lines: [
        CostLine(
          label: "Fargate vCPU", unit: "vCPU-hour", rateBefore: rates.vCPU,
          rateAfter: rates.vCPU,
          milliUnitsBefore: size.before.milliVCPU(tasks: count.before),
          milliUnitsAfter: size.after.milliVCPU(tasks: count.after)),
        CostLine(
          label: "Fargate memory", unit: "GB-hour", rateBefore: rates.memory,
          rateAfter: rates.memory,
          milliUnitsBefore: size.before.milliGB(tasks: count.before),
          milliUnitsAfter: size.after.milliGB(tasks: count.after)),
      ],
      priceDate: rates.date, source: rates.source, bookDate: rates.bookDate,
      leftOut: [
        "The load balancer, NAT gateway, data transfer and log ingestion: they follow use.",
        "Storage above 20 GB a task, Savings Plans, free tier and taxes.",
      ])
  }

  /// The cost of a database instance that is there before and gone after, but for a last snapshot.
  static func ofDatabase(gone facts: DatabaseFacts, rates: DatabaseRates) -> Cost {
    Cost(
      lines: [
        CostLine(
          label: "RDS \(facts.instanceClass), \(facts.multiAZ ? "Multi-AZ" : "Single-AZ")",
          unit: "instance-hour", rateBefore: rates.before, rateAfter: nil,
          milliUnitsBefore: 1_000, milliUnitsAfter: 0)
      ],
      ranges: [
        CostRange(
          label: "The last snapshot, while it is kept", unit: "GB-month", rate: rates.backup,
          milliUnitsMax: Quantity.exactly(facts.storageGiB).low)
      ],
      priceDate: rates.date, source: rates.source, bookDate: rates.bookDate,
      leftOut: ["Storage, which ends too."])
  }

  /// The cost of a database instance of one class, before, and another, after.
  static func ofDatabase(
    classes: (before: String, after: String), multiAZ: Bool, rates: DatabaseRates
  ) -> Cost {
    Cost(
      lines: [
        CostLine(
          label: "RDS \(classes.before), \(multiAZ ? "Multi-AZ" : "Single-AZ")",
          unit: "instance-hour", rateBefore: rates.before, rateAfter: nil,
          milliUnitsBefore: 1_000, milliUnitsAfter: 0),
        CostLine(
          label: "RDS \(classes.after), \(multiAZ ? "Multi-AZ" : "Single-AZ")",
          unit: "instance-hour", rateBefore: nil, rateAfter: rates.after,
          milliUnitsBefore: 0, milliUnitsAfter: 1_000),
      ],
      priceDate: rates.date, source: rates.source, bookDate: rates.bookDate,
      leftOut: [
        "Storage, which stays as it is, and backups beyond its size.",
        "Data transfer, CPU credits of t classes, reserved instances, free tier and taxes.",
      ])
  }
}
