import Rules

extension Means {
  /// What Fargate costs by the hour on an architecture.
  func fargateRates(architecture: String) async throws -> FargateRates {
    let vCPU = Product.fargateVCPU(architecture: architecture)
    let memory = Product.fargateMemory(architecture: architecture)
    let prices = try await prices(of: [vCPU, memory])
    return FargateRates(
      vCPU: prices[vCPU]?.rate, memory: prices[memory]?.rate, date: prices.published,
      source: prices.source, bookDate: prices.bookDate)
  }

  /// What two database classes cost by the hour, and their backups.
  func databaseRates(
    from before: String, to after: String, multiAZ: Bool
  ) async throws -> DatabaseRates {
    let now = Product.databaseInstance(class: before, multiAZ: multiAZ)
    let then = Product.databaseInstance(class: after, multiAZ: multiAZ)
    let prices = try await prices(of: [now, then, .databaseBackup])
    return DatabaseRates(
      before: prices[now]?.rate, after: prices[then]?.rate, date: prices.published,
      source: prices.source, bookDate: prices.bookDate, backup: prices[.databaseBackup]?.rate)
  }
}
