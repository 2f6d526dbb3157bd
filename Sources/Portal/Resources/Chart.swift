import GRDB
import Mustache
import Rules

/// A figure over the last day, drawn by the server, with its values as a table.
struct Chart: TemplateData {
  let metric: Metric
  let points: [(at: Moment, value: Double)]
  /// When changes ran in that time.
  let marks: [(at: Moment, words: String)]
  let now: Moment

  static let lengthMs = Span.day
  private static let width = 480.0
  private static let height = 80.0

  static let fields: [Field<Chart>] = [
    .text("chartTitle", { $0.metric.label }), .text("chartId", { $0.metric.id }),
    .text("chartLine", { $0.line }), .text("chartArea", { $0.area }),
    .text("chartWords", { $0.words }),
    .list("marks", { chart in chart.marks.map { Mark(x: chart.x(of: $0.at), words: $0.words) } }),
    .list("chartRows", { $0.rows }), .flag("anyPoint", { !$0.points.isEmpty }),
  ]

  /// The charts of a subject.
  static func all(
    of subject: Subject, site: String, at now: Moment, in db: Database
  ) throws -> [Chart] {
    let since = now.adding(ms: -lengthMs)
    return try Metric.all.filter { $0.subject == subject }.map { metric in
      Chart(
        metric: metric,
        points: try MetricStore.points(of: metric, site: site, since: since, in: db),
        marks: try ChangeStore.runs(site: site, since: since, in: db), now: now)
    }
  }

  private var top: Double { max(points.map(\.value).max() ?? 0, metric.topAtLeast) }

  private func x(of moment: Moment) -> Double {
    let share = Double(Self.lengthMs - now.since(moment)) / Double(Self.lengthMs)
    return min(max(share, 0), 1) * Self.width
  }

  private var line: String {
    points.map { point in
      // CloudWatch's own figure: one below nought stays in the drawing.
      let y = Self.height - max(point.value / top, 0) * (Self.height - 4) - 2
      return "\(Self.rounded(x(of: point.at))),\(Self.rounded(y))"
    }
    .joined(separator: " ")
  }

  private var area: String {
    guard let first = points.first, let last = points.last else { return "" }
    let floor = Self.rounded(Self.height)
    return "\(Self.rounded(x(of: first.at))),\(floor) \(line) "
      + "\(Self.rounded(x(of: last.at))),\(floor)"
  }

  private var words: String {
    guard let last = points.last else { return "CloudWatch has no figures for the last day." }
    let values = points.map(\.value)
    return "Now \(metric.words(last.value)); in 24 hours between "
      + "\(metric.words(values.min() ?? 0)) and \(metric.words(values.max() ?? 0))."
  }

  /// One row an hour: the table beside the drawing.
  private var rows: [HourRow] {
    Dictionary(grouping: points) { $0.at.ms / Span.hour }.sorted { $0.key > $1.key }.map {
      hour, points in
      let values = points.map(\.value)
      return HourRow(
        hour: Moment(ms: hour * Span.hour).local, low: metric.words(values.min() ?? 0),
        high: metric.words(values.max() ?? 0))
    }
  }

  private static func rounded(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  struct Mark: TemplateData {
    let x: Double
    let words: String
    static let fields: [Field<Mark>] = [
      .text("markX", { Chart.rounded($0.x) }), .text("markWords", { $0.words }),
    ]
  }

  struct HourRow: TemplateData {
    let hour: String
    let low: String
    let high: String
    static let fields: [Field<HourRow>] = [
      .text("hour", { $0.hour }), .text("low", { $0.low }), .text("high", { $0.high }),
    ]
  }
}
