import Rules

extension AlarmFacts: Shown {
  var known: String {
    let raised = alarms.count(where: \.isRaised)
    guard !alarms.isEmpty else { return "no alarms" }
    return count(alarms.count, "alarm") + (raised == 0 ? ", none raised" : ", \(raised) raised")
  }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Alarms", ["Alarm", "State", "Since", "Watches", "Tells somebody"],
        alarms.map {
          [
            $0.name, $0.state.lowercased(), $0.since.local, $0.metric,
            $0.tellsSomebody ? "yes" : "no",
          ]
        }, empty: "There are no alarms.")
    ]
  }
}

extension TopicFacts: Shown {
  var known: String { topics.isEmpty ? "no topics" : count(topics.count, "topic") }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Topics", ["Topic", "Confirmed", "Waiting"],
        topics.map { [$0.name, String($0.confirmed), String($0.pending)] },
        empty: "There are no topics.")
    ]
  }
}

extension MailFacts: Shown {
  var known: String {
    let limit = max24Hours < 0 ? "no limit" : "of \(max24Hours)"
    return
      "\(productionAccess ? "production" : "sandbox"); \(sent24Hours) \(limit) sent in 24 hours"
  }

  var details: [Detail] {
    [
      Detail("Access", productionAccess ? "production" : "sandbox"),
      Detail("Sending", sendingEnabled ? "on" : "paused"),
      Detail("Enforcement", enforcement.lowercased()),
      Detail("Sent in 24 hours", String(sent24Hours)),
      Detail("Allowed in 24 hours", max24Hours < 0 ? "no limit" : String(max24Hours)),
      Detail("Review", review?.lowercased() ?? "not asked for"),
    ]
  }
}

extension IdentityFacts: Shown {
  var known: String {
    let verified = identities.filter(\.isVerified).count
    return "\(verified) of \(count(identities.count, "identity", "identities")) verified"
  }

  var details: [Detail] { [Detail("The blog mails from", domain)] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Identities", ["Identity", "Verified", "DKIM", "MAIL FROM"],
        identities.map {
          [
            $0.name, $0.isVerified ? "yes" : "no", $0.dkim.lowercased(),
            ($0.mailFrom ?? "SES's own")
              + ($0.mailFromStatus.isEmpty
                ? "" : ", " + $0.mailFromStatus.lowercased()),
          ]
        }, empty: "SES has no identity.")
    ]
  }
}
