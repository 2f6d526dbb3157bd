import AWS
import Rules

// Figures from CloudWatch.

extension Cloud {
  /// The figures of a span, by metric; those whose resource the stack does not hold are left out.
  func figures(
    from: Moment, to: Moment, _ ids: SiteIDs
  ) async throws -> [(metric: Metric, points: [(at: Moment, value: Double)])] {
    let asked = Metric.all.compactMap { metric in
      (try? metric.dimensions(ids)).map { (metric, $0) }
    }
    let series = try await cloudWatch.getMetricData(
      asked.map { metric, dimensions in
        CloudWatch.MetricQuery(
          namespace: metric.namespace, metric: metric.name, dimensions: dimensions,
          statistic: metric.statistic, periodS: Metric.periodSeconds)
      }, fromMs: from.ms, toMs: to.ms)
    return zip(asked, series).map { asked, series in
      (asked.0, series.points.map { (Moment(ms: $0.atMs), $0.value) })
    }
  }
}

extension Metric {
  /// What tells the site's resource from others of its kind.
  func dimensions(_ ids: SiteIDs) throws -> [String: String] {
    switch subject {
    case .service:
      let service = try ids.service
      return ["ClusterName": service.cluster, "ServiceName": service.name]
    case .database: return ["DBInstanceIdentifier": try ids.database]
    case .balancer: return ["LoadBalancer": try ids.balancerName]
    default: return [:]
    }
  }
}
