extension CloudWatch {
  /// A metric, and how it is to be read.
  public struct MetricQuery: Sendable, Equatable {
    /// `AWS/RDS`.
    public var namespace: String
    /// `CPUUtilization`.
    public var metric: String
    /// The dimensions by name; all of them, or CloudWatch finds nothing.
    public var dimensions: [String: String]
    /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p95`.
    public var statistic: String
    /// The seconds that one point stands for: 60 or a multiple of it.
    public var periodS: Int

    /// A query.
    public init(
      namespace: String, metric: String, dimensions: [String: String], statistic: String,
      periodS: Int
    ) {
      self.namespace = namespace
      self.metric = metric
      self.dimensions = dimensions
      self.statistic = statistic
      self.periodS = periodS
    }

    fileprivate func fields(number: Int) -> [(String, String)] {
      let query = "MetricDataQueries.member.\(number + 1)."
      let stat = query + "MetricStat."
      let dimensions = dimensions.sorted { $0.key < $1.key }.enumerated().flatMap { index, pair in
        let dimension = stat + "Metric.Dimensions.member.\(index + 1)."
        return [(dimension + "Name", pair.key), (dimension + "Value", pair.value)]
      }
      return [
        (query + "Id", Self.id(number: number)), (stat + "Metric.Namespace", namespace),
        (stat + "Metric.MetricName", metric), (stat + "Period", String(periodS)),
        (stat + "Stat", statistic),
      ] + dimensions
    }

    fileprivate static func id(number: Int) -> String { "q\(number)" }
  }

  /// What a metric was over time. A time without a point is one CloudWatch knows nothing of.
  public struct MetricSeries: Sendable, Equatable {
    /// The points, oldest first.
    public let points: [MetricPoint]
    /// Whether these are all; false when CloudWatch failed before the end.
    public let isComplete: Bool
  }

  /// What a metric was in one period.
  public struct MetricPoint: Sendable, Equatable {
    /// When the period begins, in milliseconds since 1970.
    public let atMs: Int64
    /// The statistic, in the metric's unit.
    public let value: Double
  }

  /// GetMetricData (Amazon CloudWatch API Reference), every page.
  /// - Returns: a series for each query, in the order of the queries.
  public func getMetricData(
    _ queries: [MetricQuery], fromMs: Int64, toMs: Int64
  ) async throws(AWSError) -> [MetricSeries] {
    var series: [MetricSeries] = []
    for start in stride(from: 0, to: queries.count, by: Self.queriesPerCallMax) {
      let some = queries[start..<min(start + Self.queriesPerCallMax, queries.count)]
      series += try await read(Array(some), fromMs: fromMs, toMs: toMs)
    }
    return series
  }

  private func read(
    _ queries: [MetricQuery], fromMs: Int64, toMs: Int64
  ) async throws(AWSError) -> [MetricSeries] {
    let operation = Operation.read(.cloudWatch, "GetMetricData")
    let fields =
      [
        ("StartTime", Timestamp.iso8601(ms: fromMs)), ("EndTime", Timestamp.iso8601(ms: toMs)),
        ("ScanBy", "TimestampAscending"),
      ] + queries.enumerated().flatMap { $1.fields(number: $0) }
    let pieces = try await client.list("MetricDataResults", operation, fields) {
      row throws(AWSError) in try piece(row, operation)
    }
    let byID = Dictionary(grouping: pieces, by: \.id)
    return queries.indices.map { number in
      let pieces = byID[MetricQuery.id(number: number)] ?? []
      return MetricSeries(
        points: pieces.flatMap(\.points), isComplete: pieces.last?.status == "Complete")
    }
  }

  /// What one page says of one query.
  private struct Piece {
    let id: String
    let status: String
    let points: [MetricPoint]
  }

  private func piece(_ row: XMLElement, _ operation: Operation) throws(AWSError) -> Piece {
    let times = row.list("Timestamps").map { Timestamp.ms(iso8601: $0.text) }
    let values = row.list("Values").map { Double($0.text) }
    guard times.count == values.count else {
      throw client.failure(.unreadable("it has not a time for each value"), operation)
    }
    var points: [MetricPoint] = []
    for (time, value) in zip(times, values) {
      guard let time, let value, value.isFinite else {
        throw client.failure(.unreadable("“Values” or “Timestamps” is of another kind"), operation)
      }
      points.append(MetricPoint(atMs: time, value: value))
    }
    return Piece(
      id: try client.text("Id", of: row, operation),
      status: try client.text("StatusCode", of: row, operation), points: points)
  }

  /// The most that CloudWatch takes in a call.
  private static let queriesPerCallMax = 500
}
