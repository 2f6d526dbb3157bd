import AWS
import Rules

extension ChangeKind {
  /// The request to AWS to let the account out of the sandbox.
  static let productionAccess = ChangeKind(
    id: "ses.production", label: "Production access",
    about: "Asks AWS to let mail go to anybody. AWS's people answer within about a day.",
    subject: .mail, ownPath: "/mail/request", formPage: Portal.mailRequest,
    plan: { means, asked in
      guard let number = Int64(asked.field("request")) else {
        throw PlanProblem("Write the request first; it is kept, and previewed from there.")
      }
      let written = try await means.storage.read { db in
        try MailStore.requests(number, site: asked.site.name, in: db).first
      }
      guard let written else { throw PlanProblem("There is no version \(number) of the request.") }
      if let problem = written.request.problem { throw PlanProblem(problem) }
      return try ProductionAccess(
        written: written, account: try await means.cloud.ses.getAccount()
      ).plan(for: asked)
    },
    read: { means, _ in ProductionAccess.readings(try await means.cloud.ses.getAccount()) },
    perform: { means, _, step, _ in
      func text(_ name: String) -> String { step.parameters[name] ?? "" }
      try await means.cloud.ses.requestProductionAccess(
        SES.AccountDetails(
          mailType: text("MailType"), website: text("WebsiteURL"),
          language: text("ContactLanguage"), useCase: text("UseCaseDescription"),
          contacts: text("AdditionalContactEmailAddresses").split(separator: "\n")
            .map(String.init)))
      return "AWS took it, and its people answer within about a day."
    })
}

/// Plans the request. It is sent once: while AWS reviews it, it takes no other.
struct ProductionAccess {
  let written: WrittenRequest
  let account: SES.Account

  static let requestField = "mail.request"
  static let accessField = "mail.access"

  /// The request and the access as readings have them. Whether AWS says yes is not for the change
  /// to wait for.
  static func readings(_ account: SES.Account) -> [String: String] {
    let request: String =
      switch account.reviewStatus {
      case "PENDING", "GRANTED": "with AWS"
      case "DENIED": "denied"
      case "FAILED": "not received"
      default: account.productionAccess ? "with AWS" : "not asked for"
      }
    return [
      requestField: request, accessField: account.productionAccess ? "production" : "sandbox",
    ]
  }

  func plan(for asked: Asked) throws -> Plan {
    let readings = Self.readings(account)
    try check()
    let request = written.request
    let fields = [
      "MailType": request.mailType, "WebsiteURL": request.website,
      "ContactLanguage": request.language, "UseCaseDescription": request.useCase,
      "AdditionalContactEmailAddresses": request.contacts.joined(separator: "\n"),
      "ProductionAccessEnabled": "true",
    ]
    return Plan(
      change: asked.change, kind: "ses.production", site: asked.site.name,
      title: "Ask AWS for production access in \(asked.site.region)", guarding: .guarded,
      parameters: ["request": String(written.number)], locks: ["ses:\(asked.site.region)"],
      preconditions: [
        Reading(Self.requestField, "The request", readings[Self.requestField] ?? ""),
        Reading(Self.accessField, "Access", "sandbox"),
      ],
      steps: [
        Step(
          service: "ses", operation: "PutAccountDetails",
          words: "Send version \(written.number) of the request", parameters: fields,
          recovery: .setTo)
      ],
      expected: [Reading(Self.requestField, "The request", "with AWS")], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "It can't be called back. While AWS reviews it, it takes no other.",
        "AWS's people read every word, and ask back in a support case.",
        MailStanding.newsletters,
      ], cost: .none)
  }

  private func check() throws {
    if account.productionAccess {
      throw PlanProblem("The account has production access already.")
    }
    switch account.reviewStatus {
    case "PENDING":
      throw PlanProblem("AWS reviews a request already, and takes no other. Wait for its answer.")
    case "DENIED":
      let support = account.caseID.map { "case \($0)" } ?? "the support case"
      throw PlanProblem(
        "AWS has denied the request. Mend what it names and answer in \(support); a new request is "
          + "not taken while that stands.")
    default: break
    }
  }
}
