/// Why a task stopped, in words (Amazon ECS Developer Guide, “Stopped tasks error messages”).
public struct TaskCause: Hashable, Sendable {
  /// What happened.
  public let words: String
  /// What to try; empty where nothing is wrong.
  public let remedy: String
  /// Whether it ended without anybody having asked for it.
  public var isTrouble: Bool { !remedy.isEmpty }

  private init(_ words: String, _ remedy: String = "") {
    self.words = words
    self.remedy = remedy
  }

  /// Reads ECS's reason; `exitCode` is that of Ghost's container.
  public init(reason: String, code: String, exitCode: Int64?) {
    let outOfMemory = "Ghost was killed for using too much memory."
    if reason.contains("OutOfMemory") {
      self.init(outOfMemory, "Give the task more memory.")
    } else if reason.contains("CannotPullContainer") {
      self.init(
        "The image could not be pulled.",
        "Check that the image is in the repository and that the NAT gateway is available.")
    } else if reason.contains("ResourceInitialization") {
      self.init(
        "The task's secrets, network or log could not be set up.",
        "Check the secrets the task names, its role, and the NAT gateway.")
    } else if reason.contains("CannotStartContainer") {
      self.init("The container could not be started.", "Check the image's command and volumes.")
    } else if reason.contains("failed ELB health checks") {
      self.init(
        "The load balancer found the task unhealthy.",
        "Look at the log: Ghost may be slow to start or unable to reach the database.")
    } else if code == "SpotInterruption" || code == "TerminationNotice" {
      self.init("AWS took the machine back.", "Run on Fargate rather than Fargate Spot.")
    } else if code == "UserInitiated" {
      self.init("Somebody stopped it.")
    } else if code == "ServiceSchedulerInitiated" {
      self.init("ECS stopped it: it was replaced or scaled in.")
    } else if exitCode == 137 {
      // ECS ends a container so too that does not stop in time when it is told to.
      self.init(outOfMemory, "Give the task more memory.")
    } else {
      let exit = exitCode.map { " with exit code \($0)" } ?? ""
      self.init("Ghost ended\(exit).", "Look at the last lines of the log before it ended.")
    }
  }
}

extension TaskSummary {
  /// Why it stopped, in words.
  public var cause: TaskCause { TaskCause(reason: reason, code: stopCode, exitCode: exitCode) }
}
