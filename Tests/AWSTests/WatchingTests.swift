import Foundation
import Testing

@testable import AWS

extension DemoCloudTests {
  /// Log lines, alarms, metrics and costs.
  struct WatchingTests {
    private static let group = "GhostInfraStack-GhostLogs42350297-yG1J1bF43DL9"
    private static let database = "ghostinfrastack-database12345678-abcdefghijkl"
    private static let dayMs: Int64 = 86_400_000

    private let cloud: DemoCloud
    private let client: Client
    private let nowMs: Int64

    init() async throws {
      cloud = try await DemoCloud.fresh()
      client = try await cloud.client()
      nowMs = try await cloud.nowMs()
    }

    private func lines(
      _ pattern: String?, limit: Int = 1_000
    ) async throws -> Logs.Found {
      try await Logs(client).filterLogEvents(
        group: Self.group, fromMs: nowMs - Self.dayMs, toMs: nowMs, pattern: pattern, limit: limit)
    }

    private func query(_ metric: String, periodS: Int = 300) -> CloudWatch.MetricQuery {
      CloudWatch.MetricQuery(
        namespace: "AWS/RDS", metric: metric,
        dimensions: ["DBInstanceIdentifier": Self.database], statistic: "Average",
        periodS: periodS)
    }

    @Test func `lines are found behind pages that are empty`() async throws {
      let found = try await lines("sandbox")
      #expect(found.isComplete)
      #expect(found.events.count == 1)
      let event = try #require(found.events.first)
      #expect(event.message.hasPrefix("ERROR Mail failed"))
      #expect(event.stream.hasPrefix("ghost/ghost/"))
      #expect(event.atMs > nowMs - Self.dayMs && event.atMs < nowMs)
      #expect(try await cloud.calls(of: "FilterLogEvents").count == 3)
      #expect(try await lines(nil).events.count == 203)
    }

    @Test func `no more lines are read than asked for, and the rest is told`() async throws {
      let some = try await lines(nil, limit: 150)
      #expect(some.events.count == 150)
      #expect(!some.isComplete)
      #expect(try await !lines("{ $.res.statusCode = 500 }", limit: 3).isComplete)
    }

    @Test func `only the time asked for is searched`() async throws {
      let all = try await lines(nil).events
      let second = try #require(all.dropFirst().first)
      let found = try await Logs(client).filterLogEvents(
        group: Self.group, fromMs: second.atMs, toMs: second.atMs, pattern: nil, limit: 10)
      #expect(found.events == [second])
    }

    @Test func `a search that finds nothing and never ends is given up`() async throws {
      let script = Script([.text(200, #"{"events": [], "nextToken": "t"}"#)])
      let found = try await Logs(script.client()).filterLogEvents(
        group: "g", fromMs: 0, toMs: 1, pattern: "x", limit: 5)
      #expect(found == Logs.Found(events: [], isComplete: false))
      #expect(script.calls.count == Logs.searchPagesMax)
    }

    @Test func `how long lines are kept is set and taken away`() async throws {
      let logs = Logs(client)
      try await logs.putRetentionPolicy(Self.group, days: 30)
      #expect(try await logs.describeLogGroup(Self.group).retentionInDays == 30)
      try await logs.deleteRetentionPolicy(Self.group)
      #expect(try await logs.describeLogGroup(Self.group).retentionInDays == nil)
      await #expect {
        try await logs.putRetentionPolicy(Self.group, days: 13)
      } throws: { ($0 as? AWSError)?.effect == AWSError.Effect.none }
      #expect(await isNotFound { try await logs.putRetentionPolicy("nobody", days: 30) })
      #expect(await isNotFound { try await logs.deleteRetentionPolicy("nobody") })
      #expect(
        await isNotFound {
          _ = try await logs.filterLogEvents(
            group: "nobody", fromMs: 0, toMs: 1, pattern: nil, limit: 1)
        })
    }

    @Test func `an alarm is read with its metric, its limit and whom it tells`() async throws {
      let form =
        "Action=PutMetricAlarm&Version=2010-08-01&AlarmName=cpu&Namespace=AWS%2FRDS"
        + "&MetricName=CPUUtilization&Statistic=Average&Period=300&EvaluationPeriods=3"
        + "&Threshold=80.5&ComparisonOperator=GreaterThanThreshold"
        + "&Dimensions.member.1.Name=DBInstanceIdentifier&Dimensions.member.1.Value=d"
        + "&AlarmActions.member.1=arn%3Aaws%3Asns%3Aus-west-2%3A123456789012%3At"
      _ = try await client.answer(
        to: Request(
          operation: .write(.cloudWatch, "PutMetricAlarm"),
          headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
          body: Array(form.utf8)))
      let alarm = try #require(try await CloudWatch(client).describeAlarms().first)
      #expect(alarm.name == "cpu")
      #expect(alarm.arn.hasSuffix(":alarm:cpu"))
      #expect(alarm.state == "OK")
      #expect(!alarm.reason.isEmpty)
      #expect(alarm.sinceMs != nil)
      #expect(alarm.namespace == "AWS/RDS")
      #expect(alarm.metric == "CPUUtilization")
      #expect(alarm.dimensions == ["DBInstanceIdentifier": "d"])
      #expect(alarm.threshold == 80.5)
      #expect(alarm.comparison == "GreaterThanThreshold")
      #expect(alarm.actions == ["arn:aws:sns:us-west-2:123456789012:t"])
      #expect(alarm.areActionsEnabled)
    }

    @Test func `a day of metrics comes in the order of the queries, oldest first`() async throws {
      let queries = [query("FreeStorageSpace"), query("CPUUtilization"), query("Nothing")]
      let series = try await CloudWatch(client).getMetricData(
        queries, fromMs: nowMs - Self.dayMs, toMs: nowMs)
      #expect(series.count == 3)
      #expect(series.allSatisfy { $0.isComplete })
      #expect(series[0].points.count > 200)
      #expect(series[0].points.allSatisfy { $0.value > 1e9 })
      #expect(series[1].points.allSatisfy { 0..<100 ~= $0.value })
      let times = series[1].points.map(\.atMs)
      #expect(times == times.sorted())
      #expect(series[2].points.isEmpty)
    }

    @Test func `every page of metrics is read`() async throws {
      let queries = [query("CPUUtilization", periodS: 3_600), query("FreeStorageSpace")]
      func read() async throws -> [CloudWatch.MetricSeries] {
        try await CloudWatch(client).getMetricData(
          queries, fromMs: nowMs - Self.dayMs, toMs: nowMs - 3_600_000)
      }
      let all = try await read()
      try await cloud.control("metrics", #"{"points_a_page": 50}"#)
      try await cloud.control("forget", "{}")
      #expect(try await read() == all)
      #expect(try await cloud.calls(of: "GetMetricData").count > 3)
    }

    @Test func `more queries than CloudWatch takes are several calls`() async throws {
      let queries = Array(repeating: query("CPUUtilization", periodS: 3_600), count: 501)
      let series = try await CloudWatch(client).getMetricData(
        queries, fromMs: nowMs - 7_200_000, toMs: nowMs)
      #expect(series.count == 501)
      #expect(series.last == series.first)
      #expect(try await cloud.calls(of: "GetMetricData").count == 2)
    }

    @Test(arguments: ["PartialData", "InternalError"])
    func `a series that CloudWatch did not finish is not complete`(status: String) async throws {
      let page = """
        <GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>q0</Id>
        <StatusCode>\(status)</StatusCode>
        <Timestamps><member>2026-01-01T00:00:00Z</member></Timestamps>
        <Values><member>1.5</member></Values></member></MetricDataResults>
        </GetMetricDataResult></GetMetricDataResponse>
        """
      let series = try await CloudWatch(Script([.text(200, page)]).client()).getMetricData(
        [query("CPUUtilization")], fromMs: 0, toMs: 1_000)
      let points = [CloudWatch.MetricPoint(atMs: 1_767_225_600_000, value: 1.5)]
      #expect(series == [CloudWatch.MetricSeries(points: points, isComplete: false)])
    }

    @Test func `costs are read by day and service as text, every page, in the one region`()
      async throws
    {
      let days = try await CostExplorer(client).getCostAndUsage(
        from: Self.day(-50, from: nowMs), to: Self.day(0, from: nowMs))
      #expect(days.count == 50)
      #expect(days.map(\.day) == days.map(\.day).sorted())
      #expect(days.allSatisfy { $0.services.count == 9 && $0.isEstimated })
      #expect(
        days[0].services.first { $0.service == "Amazon Elastic Container Service" }
          == CostExplorer.ServiceCost(
            service: "Amazon Elastic Container Service", amount: "0.2961792000", currency: "USD"))
      #expect(try await cloud.calls(of: "GetCostAndUsage").count == 2)
    }

    private static func day(_ days: Int64, from nowMs: Int64) -> String {
      let date = Date(timeIntervalSince1970: Double((nowMs + days * dayMs) / 1_000))
      return date.formatted(.iso8601.year().month().day())
    }

    @Test func `no call broke a rule of the models`() async throws {
      _ = try await lines("ERROR")
      _ = try await CloudWatch(client).getMetricData(
        [query("CPUUtilization")], fromMs: nowMs - Self.dayMs, toMs: nowMs)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
