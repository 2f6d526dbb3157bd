import AWS
import Foundation
import Rules

/// The recommended alarms of a site with the topic they tell: what is there, and what is asked for.
struct AlarmBundle: Sendable {
  /// Fields of readings.
  static let topicField = "alarms.topic"
  static let ruleField = "alarms.task_failures"
  static func field(_ alarm: RecommendedAlarm) -> String { "alarms.\(alarm.rawValue)" }
  static func field(subscriber: String) -> String { "alarms.subscriber.\(subscriber)" }

  /// Readings of them.
  static let none = "none"
  static let ready = "there, for alarms and events"
  static let told = "told"
  static let on = "on"

  /// The most addresses of one form.
  static let addressesMax = 10

  let stack: String
  /// The ARN of the topic.
  let topic: String
  let addresses: [String]
  /// How each alarm of it is to be set; an alarm that the site has nothing for is not of it.
  let settings: [RecommendedAlarm: AlarmSetting]
  /// The alarms of it, in their usual order.
  let alarms: [RecommendedAlarm]
  /// The ARN of the cluster whose tasks' failures are told.
  let cluster: String

  /// The topic's name.
  var topicName: String { "\(stack)-alarms" }
  /// The rule's name.
  var ruleName: String { "\(stack)-task-failures" }
  func name(_ alarm: RecommendedAlarm) -> String { "\(stack)-\(alarm.rawValue)" }

  /// Which events the rule is for: tasks of the cluster that did not start or ended by themselves
  /// ("Amazon ECS task state change events").
  var pattern: String {
    #"{"detail":{"clusterArn":["\#(cluster)"],"lastStatus":["STOPPED"],"#
      + #""stopCode":["TaskFailedToStart","EssentialContainerExited"]},"#
      + #""detail-type":["ECS Task State Change"],"source":["aws.ecs"]}"#
  }

  /// Whose messages the topic is to take: alarms, and rules of EventBridge.
  static let publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]

  /// Who may publish to the topic: the account's alarms and rules.
  var policy: String {
    let account = topic.split(separator: ":").dropFirst(4).first ?? ""
    let services = Self.publishers.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"Version":"2012-10-17","Statement":[{"Sid":"Alarms","Effect":"Allow","#
      + #""Principal":{"Service":[\#(services)]},"Action":"sns:Publish","Resource":"\#(topic)","#
      + #""Condition":{"StringEquals":{"aws:SourceAccount":"\#(account)"}}}]}"#
  }

  /// Every field a plan of it names, with its label and the value it is to have.
  var wanted: [Reading] {
    [Reading(Self.topicField, "Topic \(topicName)", Self.ready)]
      + addresses.map { Reading(Self.field(subscriber: $0), "Mail to \($0)", Self.told) }
      + alarms.map {
        Reading(Self.field($0), $0.kind.label, Self.words(settings[$0]?.words, tells: true))
      }
      + [Reading(Self.ruleField, "Tasks that fail", Self.on)]
  }

  /// How an alarm is, as a reading has it.
  static func words(_ setting: String?, tells: Bool) -> String {
    guard let setting else { return none }
    return setting + (tells ? "; tells the topic" : "; tells nobody")
  }
}

extension AlarmSetting {
  /// An alarm as CloudWatch gives it; nil for one on an expression.
  init?(_ alarm: CloudWatch.Alarm) {
    guard let namespace = alarm.namespace, let metric = alarm.metric,
      let statistic = alarm.statistic, let periodS = alarm.periodS,
      let evaluations = alarm.evaluations,
      let comparison = alarm.comparison.flatMap(Comparison.init),
      let milli = alarm.threshold.flatMap({ Self.milli($0) })
    else { return nil }
    self.init(
      namespace: namespace, metric: metric, dimensions: alarm.dimensions, statistic: statistic,
      periodS: periodS, evaluations: evaluations, comparison: comparison, thresholdMilli: milli,
      missing: alarm.missing ?? "missing")
  }
}
