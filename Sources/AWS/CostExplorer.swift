/// AWS Cost Explorer: what was paid. It answers in us-east-1 for all regions, and each call costs
/// a cent.
public struct CostExplorer: Sendable {
  private let client: Client

  /// Cost Explorer through a client.
  public init(_ client: Client) { self.client = client }

  /// What a service cost.
  public struct ServiceCost: Sendable, Equatable {
    /// The service as bills name it, `Amazon Relational Database Service`.
    public let service: String
    /// The cost as a decimal number, which may be below zero: money is not a Double.
    public let amount: String
    /// `USD`.
    public let currency: String
  }

  /// What an account cost on one day.
  public struct DayCosts: Sendable, Equatable {
    /// The day in UTC, `2026-11-01`.
    public let day: String
    /// The services that cost something, in AWS's order.
    public var services: [ServiceCost]
    /// Whether the bill is still to come, and these are AWS's estimates.
    public let isEstimated: Bool
  }

  private struct Question: Encodable {
    let TimePeriod: Period
    let Granularity = "DAILY"
    let Metrics = ["UnblendedCost"]
    let GroupBy = [Group(Type: "DIMENSION", Key: "SERVICE")]
    let NextPageToken: String?

    struct Period: Encodable {
      let Start: String
      let End: String
    }

    struct Group: Encodable {
      let `Type`: String
      let Key: String
    }
  }

  private struct Page: Decodable {
    let ResultsByTime: [Result]
    let NextPageToken: String?

    struct Result: Decodable {
      let TimePeriod: Span
      let Groups: [Group]?
      let Estimated: Bool?
    }

    struct Span: Decodable {
      let Start: String
    }

    struct Group: Decodable {
      let Keys: [String]
      let Metrics: [String: Amount]
    }

    struct Amount: Decodable {
      let Amount: String
      let Unit: String
    }
  }

  /// GetCostAndUsage (AWS Cost Explorer API Reference) by day and service, every page, oldest day
  /// first. AWS brings its figures up to date about three times a day and knows 14 months.
  /// - Parameters:
  ///   - start: The first day, `2026-11-01`, in UTC.
  ///   - end: The day behind the last.
  public func getCostAndUsage(
    from start: String, to end: String
  ) async throws(AWSError) -> [DayCosts] {
    let operation = Operation.read(.costExplorer, "GetCostAndUsage")
    let results = try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(
        operation, Question(TimePeriod: .init(Start: start, End: end), NextPageToken: token),
        as: Page.self)
      return (page.ResultsByTime, page.NextPageToken)
    }
    var days: [DayCosts] = []
    for result in results {
      let services = try services(of: result, operation)
      // A page can end in the middle of a day, and the next goes on with it.
      if days.last?.day == result.TimePeriod.Start {
        days[days.count - 1].services += services
      } else {
        days.append(
          DayCosts(
            day: result.TimePeriod.Start, services: services,
            isEstimated: result.Estimated == true))
      }
    }
    return days
  }

  private func services(
    of result: Page.Result, _ operation: Operation
  ) throws(AWSError) -> [ServiceCost] {
    var services: [ServiceCost] = []
    for group in result.Groups ?? [] {
      guard let service = group.Keys.first, let cost = group.Metrics["UnblendedCost"] else {
        throw client.failure(.unreadable("“UnblendedCost” is missing"), operation)
      }
      services.append(ServiceCost(service: service, amount: cost.Amount, currency: cost.Unit))
    }
    return services
  }
}
