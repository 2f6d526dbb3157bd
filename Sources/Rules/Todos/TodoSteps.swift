/// What mending a finding takes, step by step, in the words of the runbook.
public struct TodoSteps: Sendable {
  /// What is to be done, as the todo is called.
  public let title: String
  /// What to do, in order.
  public let steps: [String]

  /// The steps that mend a finding: the runbook's own, or what the check itself says to do.
  public init(for finding: Finding) {
    self =
      Self.runbook[finding.id]
      ?? TodoSteps(
        title: "\(finding.subject.label): \(finding.expectation)",
        steps: [finding.remedy, finding.mend == nil ? "" : Self.mending].filter { !$0.isEmpty })
  }

  private init(title: String, steps: [String]) {
    self.title = title
    self.steps = steps
  }

  private static let mending = "Preview the change that mends it, below, and propose it."

  private static let runbook: [String: TodoSteps] = [
    "ses.sandbox": TodoSteps(
      title: "Get SES out of the sandbox",
      steps: [
        "Have the domain verified, signed with DKIM and with a MAIL FROM domain of its own: "
          + "Resources, Mail identities.",
        "Ask AWS for production access in the SES console of the blog's region. Say that Ghost "
          + "sends sign-in links and staff mail, who gets them, and how bounces are handled.",
        "Answer when AWS asks back. It decides within a day as a rule.",
        "Sign in as a member with an address that is not verified, to see that the link comes.",
      ]),
    "ghost.mail-from": TodoSteps(
      title: "Tell Ghost whom to mail as",
      steps: [
        "Choose an address of the domain that SES has verified.",
        "Set mail__from in the task's environment, in the CDK code.",
        "Run infra-deploy in mode plan, read the change set under Infrastructure, and execute it.",
        "Send yourself a sign-in link, and see whom it is from.",
      ]),
    "members.decision": TodoSteps(
      title: "Decide what becomes of the Members overlay",
      steps: [
        "Read under Mail, Members, what each setting means with SES as it stands.",
        "Agree on one: disable it, customise it, or keep it.",
        "Record the decision there, with who answers for it and why.",
        "Disabled or customised: preview the change of settings it leads to, and propose it.",
      ]),
    "members.open-in-sandbox": TodoSteps(
      title: "Close sign-up until SES mails anybody",
      steps: [
        "Preview the change that closes sign-up, below, and run it.",
        "Where somebody needs sign-up all the same, have an exception proposed and approved.",
        "Open it again when SES has production access: Mail, Members, says what to put back.",
      ]),
    "ses.mail-from": TodoSteps(
      title: "Give mail a MAIL FROM domain of its own",
      steps: [
        "In the SES console, set a name below the blog's domain as MAIL FROM domain.",
        "Add the MX and the TXT record that SES names to the zone.",
        "Wait until SES has seen both, which takes up to three days.",
      ]),
    "cloudwatch.no-alarms": TodoSteps(
      title: "Set up alarms",
      steps: [
        "Write alarms into the CDK code: no running task, the database's storage and CPU, the load "
          + "balancer's 5xx, and mail that bounces.",
        "Give each an SNS topic to which the team's address subscribes.",
        "Run infra-deploy in mode plan, read the change set under Infrastructure, and execute it.",
        "Have one alarm raised on purpose, and see that the mail comes.",
      ]),
    "cloudwatch.silent-alarms": TodoSteps(
      title: "Let every alarm tell somebody",
      steps: [
        "Give each alarm that Resources names an SNS topic as its action, in the CDK code.",
        "Run infra-deploy in mode plan, read the change set under Infrastructure, and execute it.",
      ]),
    "sns.unconfirmed": TodoSteps(
      title: "Have every subscription confirmed",
      steps: [
        "Ask whoever owns the address to press the link in AWS's mail.",
        "Where the mail is lost or older than three days, subscribe the address once more.",
      ]),
    "sns.nobody": TodoSteps(
      title: "Subscribe somebody to every topic",
      steps: [
        "Subscribe the team's address to the topic, in the CDK code or in the SNS console.",
        "Press the link in AWS's mail.",
      ]),
  ]
}
