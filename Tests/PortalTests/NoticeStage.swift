import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A portal whose notices go to a receiver of the test's own.
struct NoticeStage {
  let stage: Stage
  let receiver: FakeReceiver
  let webhookFile: String

  /// The secret part of the webhook's address.
  static let token = "T0CANARY8f2b"

  /// - Parameters:
  ///   - manner: what the receiver does.
  ///   - places: changes where notices go to.
  init(
    _ manner: FakeReceiver.Manner = .answers(200), endpoint: String = "http://127.0.0.1:1",
    folder: String? = nil, receiver: FakeReceiver? = nil,
    places change: (inout NoticePlaces, FakeReceiver) -> Void = { _, _ in }
  ) throws {
    let receiver = try receiver ?? FakeReceiver(manner)
    self.receiver = receiver
    webhookFile = NSTemporaryDirectory() + "caretaker-webhook-\(UUID().uuidString)"
    try Data("http://127.0.0.1:\(receiver.port)/services/\(Self.token)\n".utf8).write(
      to: URL(fileURLWithPath: webhookFile))
    var places = NoticePlaces(address: "https://caretaker.example.com", site: "blog")
    places.webhookFile = webhookFile
    places.allowsLoopback = true
    change(&places, receiver)
    stage = try Stage(endpoint: endpoint, folder: folder, notices: places)
  }

  /// Mail alone, by SMTP to the receiver.
  static func ofMail(_ manner: FakeReceiver.Manner = .takesMail()) throws -> NoticeStage {
    try NoticeStage(manner) { places, receiver in
      places.webhookFile = nil
      places.mailFrom = "caretaker@example.com"
      places.smtp = "smtp://127.0.0.1:\(receiver.port)"
    }
  }

  /// Gives people addresses, `login@example.com`.
  func address(_ logins: String...) throws {
    for login in logins { try give(login, "\(login)@example.com") }
  }

  /// Gives a person an address.
  func give(_ login: String, _ address: String) throws {
    let person = try stage.person(login).id
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO people_addresses (person_id, address) VALUES (?, ?)",
        arguments: [person, address])
    }
  }

  /// Sends what is due.
  func send() async { await stage.portal.sendNotices() }

  /// What stands in the table of deliveries, in the order of the page.
  func deliveries() throws -> [RecentDelivery] {
    try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try RecentDelivery.all(at: now, in: db)
    }
  }

  /// Who is told by mail of which kind: `needs_review approver`.
  /// - Parameter count: how many of the first are left out.
  func told(after count: Int = 0) throws -> [String] {
    let all = try stage.portal.storage.readNow { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT kind || ' ' || coalesce(login, channel) FROM deliveries
          JOIN notices ON notices.number = notice LEFT JOIN people ON people.id = person_id
          ORDER BY deliveries.number
          """)
    }
    return Array(all.dropFirst(count))
  }

  func page(as login: String = "operator") async throws -> String {
    try await stage.browser(as: login).get("/notifications").text
  }

  func end() async throws {
    receiver.stop()
    try await stage.end()
    try? FileManager.default.removeItem(atPath: webhookFile)
  }
}
