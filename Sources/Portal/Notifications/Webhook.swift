import AWS
import Cryptography
import Foundation
import Rules

/// A Slack-compatible webhook. Its address is a secret, and may lead anywhere: only the open
/// Internet is reached by it, over TLS, and no redirect is followed.
extension NoticeWay {
  private struct Message: Encodable { let text: String }

  /// Posts a notice to the webhook.
  func post(_ delivery: NoticeDelivery) async throws -> DeliveryOutcome {
    guard let secret = try await files.run({ [places] in try places.webhook.read() }) else {
      return .impossible("There is no webhook any more.")
    }
    let url = String(decoding: secret.bytes, as: UTF8.self)
    if let problem = problem(with: url) { return .refused(problem) }
    var call = HTTPCall(
      method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")],
      body: Array(try JSONEncoder().encode(Message(text: Self.text(of: delivery, in: places)))),
      timeoutMs: Self.withinMs, answerBytesMax: Self.answerBytesMax, isRepeatable: false)
    call.reach = places.allowsLoopback ? .publicAndLoopback : .publicOnly
    do {
      return Self.outcome(of: try await cloud.transport.send(call))
    } catch {
      let words = "Webhook: \(error.words)"
      return error.wasSent ? .lost(words) : .refused(words)
    }
  }

  /// Why an address is not posted to; nil when it may be.
  private func problem(with url: String) -> String? {
    if url.hasPrefix("https://") { return nil }
    if places.allowsLoopback, url.hasPrefix("http://127.0.0.1:") { return nil }
    return "The address in \(places.webhookFile ?? "webhook_file") does not begin with https://. "
      + "Nothing was sent to it."
  }

  /// What an answer means. Its own words are not repeated: they may hold the address.
  private static func outcome(of answer: HTTPAnswer) -> DeliveryOutcome {
    switch answer.status {
    case 200..<300: .sent
    case 300..<400:
      .refused(
        "Webhook: it sends on to another address (\(answer.status)), which is not followed. Put "
          + "the address it leads to into webhook_file.")
    case 404, 410:
      .refused(
        "Webhook: it is not there any more (\(answer.status)). Put another into webhook_file.")
    default: .refused("Webhook: it answered \(answer.status) and did not take it.")
    }
  }

  /// The message. What would be a mention, a link or markup of somebody's choosing is only text.
  static func text(of delivery: NoticeDelivery, in places: NoticePlaces) -> String {
    let notice = delivery.notice
    let words = "\(notice.subject)\n\(notice.body)".replacing("&", with: "&amp;")
      .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    return "\(words)\n\(places.address)\(notice.path)"
  }
}
