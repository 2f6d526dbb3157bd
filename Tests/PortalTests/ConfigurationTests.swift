import Foundation
import Logging
import Rules
import Testing

@testable import Portal

@Suite struct ConfigurationTests {
  private let text = """
    data: /var/lib/caretaker
    listen: 127.0.0.1:9000
    sites:
      - name: Blog
        stack: GhostInfraStack
        region: us-west-2
        ghost_url: https://blog.example.com
        repository: example/blog
    """

  private func parse(
    _ text: String, _ environment: [String: String] = [:]
  ) throws(ConfigurationProblem) -> Configuration {
    try Configuration.parse(text, name: "c.yaml", environment: environment)
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try parse(text)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `a file is read, and the environment overrides it`() throws {
    let file = try parse(text)
    #expect(file.port == 9000)
    #expect(file.dataFolder == "/var/lib/caretaker")
    #expect(file.sites.map(\.stack) == ["GhostInfraStack"])
    #expect(!file.isDemo)
    #expect(!file.sites[0].usesCostExplorer)
    let overridden = try parse(
      text, ["CARETAKER_LISTEN": "0.0.0.0:80", "CARETAKER_DATA": "/elsewhere"])
    #expect(overridden.address == "0.0.0.0")
    #expect(overridden.port == 80)
    #expect(overridden.dataFolder == "/elsewhere")
  }

  @Test func `the log's level is one that is known`() throws {
    #expect(try parse(text).logLevel == .info)
    #expect(try parse(text + "\nlog_level: warning").logLevel == .warning)
    #expect(problem(text + "\nlog_level: loud").contains("debug, info, notice, warning or error"))
  }

  @Test func `Litestream is asked on this machine alone`() throws {
    #expect(try parse(text).replica == nil)
    #expect(try parse(text).lease == nil)
    let leased = try parse(text + "\nlease: s3://bucket/a/key\nlease_seconds: 30")
    #expect(leased.lease?.bucket == "bucket" && leased.lease?.key == "a/key")
    #expect(leased.lease?.times.holdMs == 20_000)
    #expect(problem(text + "\nlease: s3://bucket").contains("s3://BUCKET/KEY"))
    #expect(problem(text + "\nlease: /folder").contains("s3://BUCKET/KEY"))
    #expect(problem(text + "\nlease_seconds: 5").contains("6 to 600"))
    #expect(try parse(text + "\nreplica: 127.0.0.1:9465").replica?.port == 9465)
    #expect(problem(text + "\nreplica: 10.0.0.1:9465").contains("on this machine"))
    #expect(problem(text + "\nreplica: here").contains("ADDRESS:PORT"))
  }

  @Test func `Cost Explorer is asked only where the file says so`() throws {
    let on = text.replacing("    region:", with: "    cost_explorer: true\n    region:")
    #expect(try parse(on).sites[0].usesCostExplorer)
    let off = text.replacing("    region:", with: "    cost_explorer: perhaps\n    region:")
    #expect(problem(off).contains("cost_explorer must be true or false"))
  }

  @Test func `notices go where the file says, with Caretaker's own address`() throws {
    let notices = """
      notices:
        address: https://caretaker.example.com/
        mail_from: caretaker@example.com
        smtp: smtps://mail.example.com
        webhook_file: /etc/caretaker/webhook

      """
    let places = try #require(try parse(notices + text).notices)
    #expect(places.address == "https://caretaker.example.com")
    #expect(places.channels == [.mail, .webhook] && places.site == "Blog")
    #expect(try parse(text).notices == nil)
    for (from, to, says) in [
      ("https://caretaker", "caretaker", "address must be Caretaker's own"),
      ("caretaker@example.com", "caretaker", "mail_from must be an address"),
      ("smtps://", "https://", "smtp must be smtps://HOST"),
      ("webhook_file:", "smtp_user:", "belong together"),
      ("webhook_file:", "topic:", "must be the ARN"),
      ("webhook_file:", "site:", "there is no site"),
    ] {
      #expect(problem(notices.replacing(from, with: to) + text).contains(says), "\(says)")
    }
    #expect(problem("notices:\n  address: https://a.b\n" + text).contains("name mail_from"))
  }

  @Test func `a site that is not there is no site's credentials, and those there are are named`()
    async throws
  {
    let backup = "backup:\n  to: s3://bucket/prefix\n  key_file: /k\n  site: Blogg\n"
    #expect(
      problem(backup + text).contains(
        "backup: there is no site “Blogg”. Name one of those under sites: “Blog”; or leave site"))
    let stage = try Stage()
    let key = stage.folder + "/seal.key"
    try Data(String(repeating: "0a", count: 32).utf8).write(to: URL(fileURLWithPath: key))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let backups = OwnBackups(stage.portal.configuration, outside: stage.portal.outside)
    do {
      _ = try await backups.make(to: "s3://bucket/prefix", keyFile: key, site: "Blogg")
      Issue.record("it was sent")
    } catch {
      #expect("\(error)" == "There is no site “Blogg”, so nobody's credentials are used.")
    }
    try await stage.end()
  }

  @Test func `an OpenID provider is named with its groups, or the file is refused`() throws {
    let openid = """
      openid:
        issuer: https://id.example.com/realm
        client_id: caretaker
        client_secret_file: /etc/caretaker/openid
        roles:
          admins: administrator
          staff: operator

      """
    let settings = try #require(try parse(openid + text).openID)
    #expect(settings.groupsClaim == "groups" && settings.label == "Sign in through OpenID")
    #expect(settings.role(of: ["staff", "admins"]) == .administrator)
    #expect(settings.role(of: ["others"]) == nil)
    #expect(settings.account(of: "7") == "openid:https://id.example.com/realm#7")
    #expect(try parse(text).openID == nil)
    for (from, to, says) in [
      ("https://id.example.com", "http://id.example.com", "issuer must begin with https://"),
      ("/realm", "/realm?x=1", "issuer must begin with https://"),
      ("/realm", "/realm#x", "issuer must begin with https://"),
      ("client_id", "label", "client_id is missing"),
      ("client_secret_file", "label", "client_secret_file is missing"),
      ("client_secret_file", "client_secret", "Did you mean"),
      (": operator", ": boss", "gives “staff” a role that there is not"),
      ("    admins: administrator\n    staff: operator", "    - admins", "roles must say"),
      ("roles:", "label: \(String(repeating: "x", count: 61))\n  roles:", "at most 60"),
    ] {
      #expect(problem(openid.replacing(from, with: to) + text).contains(says), "\(says)")
    }
    #expect(
      try parse(openid.replacing("https://id.example.com", with: "http://127.0.0.1:9") + text)
        .openID?.issuer == "http://127.0.0.1:9/realm")
  }

  @Test func `a misspelt key is an error that names the right one`() {
    #expect(
      problem(text.replacing("listen:", with: "listn:"))
        == "c.yaml: there is no key “listn”. Did you mean “listen”?")
    #expect(problem(text.replacing("stack:", with: "stak:")).contains("Did you mean “stack”?"))
  }

  @Test func `clients may hold as many connections as the file says`() throws {
    #expect(try parse(text).connectionsMax == 8_192)
    #expect(try parse("connections: 20000\n" + text).connectionsMax == 20_000)
    #expect(problem("connections: 63\n" + text).contains("connections must be 64 to 65536"))
  }

  @Test func `what is missing or malformed is named`() {
    #expect(problem(text.replacing("region: us-west-2", with: "")).contains("region is missing"))
    #expect(problem(text.replacing("127.0.0.1:9000", with: "9000")).contains("ADDRESS:PORT"))
    #expect(problem(text.replacing(":9000", with: ":99999")).contains("ADDRESS:PORT"))
    #expect(problem("data: x\nsites: []").contains("at least one site"))
    #expect(problem("data: x\npoll_seconds: 1\nsites: []").contains("poll_seconds"))
    #expect(problem("- a").contains("key: value"))
    #expect(problem("a: [").contains("not valid YAML"))
  }
}
