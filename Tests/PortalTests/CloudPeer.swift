import Foundation
import Rules
import Testing

/// The AWS peer: a process of its own that checks signatures and parameters and remembers calls.
/// Tests that share one take turns.
final class CloudPeer: Sendable {
  static let credentials = [
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  ]

  /// Where it answers.
  var url: String { peer.url }
  private let peer: PeerProcess

  /// What the peer's stack calls its database.
  static let database = "ghostinfrastack-database12345678-abcdefghijkl"
  /// What it calls its media bucket.
  static let bucket = "ghostinfrastack-ghostmedia4b1c1d0e-abcdefghijkl"

  /// One for each suite, started when first asked for, so that suites need not wait for each
  /// other: this one for runs in general.
  static let ofRuns = Result { try CloudPeer() }
  /// For changes of the database.
  static let ofDatabase = Result { try CloudPeer() }
  /// For what is watched and what it costs.
  static let ofWatching = Result { try CloudPeer() }
  /// For kinds of change that set one thing.
  static let ofSettings = Result { try CloudPeer() }
  /// For the way out of SES's sandbox.
  static let ofMail = Result { try CloudPeer() }
  /// For members, which hang on SES.
  static let ofMembers = Result { try CloudPeer() }
  /// For tests of the log's anchors.
  static let ofAnchors = Result { try CloudPeer() }
  /// For tests of the log's stream.
  static let ofStreams = Result { try CloudPeer() }
  /// For the lease by which one of several portals works.
  static let ofLease = Result { try CloudPeer() }
  /// For portals that work under it.
  static let ofLeasedPortals = Result { try CloudPeer() }
  /// For tests of DNS, certificates, mail and the site.
  static let ofEdge = Result { try CloudPeer() }
  /// For tests of images and rollouts.
  static let ofImages = Result { try CloudPeer() }
  /// For notices.
  static let ofNotices = Result { try CloudPeer() }
  /// For what sessions of runs may do.
  static let ofSessions = Result { try CloudPeer() }
  /// For forms that are wrong.
  static let ofForms = Result { try CloudPeer() }
  /// For answers that are wrong.
  static let ofWrongAnswers = Result { try CloudPeer() }

  private init() throws { peer = try PeerProcess("cloud", ["--scale", "1"]) }

  /// A call as the peer has seen it.
  struct Call: Decodable {
    let service: String?
    let operation: String?
    let status: Int
    /// The session of a role that made it; nil for a user.
    var session: String?
    /// What IAM has to allow for it.
    var actions: [String]?
  }

  /// The freshly seeded state.
  func reset() throws { _ = try control("POST", "reset") }

  /// Faults for calls to come.
  func faults(_ json: String) throws { _ = try control("POST", "faults", json) }

  /// A change behind the portal's back.
  func drift(_ json: String) throws { _ = try control("POST", "drift", json) }

  /// A call of AWS's that somebody else makes, past the portal: `delete_object` of `s3`.
  func act(_ service: String, _ call: String, _ parameters: String) throws {
    _ = try control(
      "POST", "act",
      "{\"service\": \"\(service)\", \"call\": \"\(call)\", \"parameters\": \(parameters)}")
  }

  /// A running task of the blog's service ends by itself.
  func endTask(exitCode: Int, reason: String) throws {
    _ = try control(
      "POST", "tasks", "{\"exit_code\": \(exitCode), \"reason\": \"\(reason)\"}")
  }

  /// Another state of the load balancer or its targets.
  func changeBalancer(_ json: String) throws { _ = try control("POST", "balancer", json) }

  /// Another state of every NAT gateway.
  func changeGateways(_ state: String) throws {
    _ = try control("POST", "network", "{\"nat\": \"\(state)\"}")
  }

  /// The link in every mail of SNS to an address is pressed.
  func confirm(_ address: String) throws {
    _ = try control("POST", "sns", "{\"confirm\": \"\(address)\"}")
  }

  /// Forgets the calls made so far.
  func forget() throws { _ = try control("POST", "forget") }

  /// What becomes of SES, the DNS zone or the blog's certificate, by the control API's verb.
  func change(_ verb: String, _ json: String) throws { _ = try control("POST", verb, json) }

  /// Objects of the anchors' bucket, written or, with nil, deleted behind the portal's back.
  func changeAnchors(_ objects: [String: String?]) throws {
    _ = try control(
      "POST", "anchors", String(decoding: JSONEncoder().encode(objects), as: UTF8.self))
  }

  /// What a service costs from a day on.
  func costs(_ service: String, since day: Day, dollarsADay: String) throws {
    let change = ["service": service, "since": day.iso, "usd_a_day": dollarsADay]
    _ = try control("POST", "costs", String(decoding: JSONEncoder().encode(change), as: UTF8.self))
  }

  /// Moves the peer's clock on.
  func advance(seconds: Int) throws {
    _ = try control("POST", "clock", "{\"advance_s\": \(seconds)}")
  }

  /// What the peer's clock says.
  func now() throws -> Moment {
    let clock = try JSONDecoder().decode([String: Double].self, from: control("GET", "clock"))
    return Moment(ms: Int64(try #require(clock["now_s"]) * 1_000))
  }

  /// Every call since the last reset, in order.
  func calls() throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: control("GET", "calls"))
  }

  /// Every call of an operation since the last reset.
  func calls(_ operation: String) throws -> [Call] {
    try calls().filter { $0.operation == operation }
  }

  /// Calls no correct client makes, since the last reset.
  func violations() throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: control("GET", "violations"))
  }

  private func control(_ method: String, _ path: String, _ body: String = "{}") throws -> Data {
    try peer.control(method, "/_cloud/" + path, body)
  }
}
