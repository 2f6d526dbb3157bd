import AWS
import Cryptography
import Foundation
import Rules

/// Sends one notice by the way it takes.
struct NoticeWay: Sendable {
  let places: NoticePlaces
  /// Whose credentials are used, and the way to the network.
  let cloud: Cloud
  /// Threads that may read a secret's file.
  let files: BlockingPool

  /// How long one try may take.
  static let withinMs: Int64 = 10_000
  /// The most bytes of an answer that are read: nobody needs more than its first words.
  static let answerBytesMax = 64 << 10
  /// The longest subject that SNS takes.
  static let topicSubjectMax = 99

  /// Sends it once.
  func send(_ delivery: NoticeDelivery) async -> DeliveryOutcome {
    do {
      switch delivery.channel {
      case .mail: return try await sendMail(delivery)
      case .webhook: return try await post(delivery)
      case .topic: return try await publish(delivery)
      }
    } catch let error as any CallError {
      return error.effect == .none ? .refused(error.sentence) : .lost(error.sentence)
    } catch let problem as PlanProblem {
      return .refused(problem.sentence)
    } catch {
      return .refused("It failed in Caretaker itself: \(error)")
    }
  }

  /// The page to look at. Getting it changes nothing, whoever gets it.
  private func link(to notice: Notice) -> String { places.address + notice.path }

  private func publish(_ delivery: NoticeDelivery) async throws -> DeliveryOutcome {
    guard let topic = places.topic else { return .impossible(Self.unconfigured) }
    let notice = delivery.notice
    let subject = String(notice.subject.map { $0.isASCII && !$0.isNewline ? $0 : "-" })
    try await cloud.sns.publish(
      "\(notice.subject)\n\n\(notice.body)\n\n\(link(to: notice))\n",
      subject: String(subject.prefix(Self.topicSubjectMax)), to: topic)
    return .sent
  }

  private func sendMail(_ delivery: NoticeDelivery) async throws -> DeliveryOutcome {
    guard let from = places.mailFrom else { return .impossible(Self.unconfigured) }
    guard let to = delivery.address else {
      return .impossible("There is no address for mail any more, or the person is disabled.")
    }
    let letter = Letter(
      delivery, from: from, to: to, link: link(to: delivery.notice), host: places.host)
    do {
      guard let server = places.smtp else {
        try await cloud.ses.sendEmail(
          from: from, to: to, subject: letter.subject, text: letter.text,
          headers: letter.threadFields.map { HTTPHeader($0.name, $0.value) })
        return .sent
      }
      return try await hand(letter, from: from, to: to, over: server)
    } catch let error as AWSError {
      // Who has which address stands in one place, where it can be erased.
      let sentence = Self.words(error.sentence, without: to)
      return error.effect == .none ? .refused(sentence) : .lost(sentence)
    }
  }

  private func hand(
    _ letter: Letter, from: String, to: String, over server: String
  ) async throws -> DeliveryOutcome {
    let envelope = MailEnvelope(
      from: from, to: to, user: places.smtpUser ?? "",
      password: try await files.run { [places] in try places.smtpPassword.read() },
      needsTLS: !(places.allowsLoopback && server.hasPrefix("smtp://127.0.0.1:")))
    let call = HTTPCall(
      letter: letter.bytes, in: envelope, to: server, timeoutMs: Self.withinMs)
    do { _ = try await cloud.transport.send(call) } catch {
      let words = Self.words("Mail server: " + error.words, without: to)
      return error.wasSent ? .lost(words) : .refused(words)
    }
    return .sent
  }

  /// What the other side said, without the address it may repeat.
  private static func words(_ text: String, without address: String) -> String {
    SecretScan.redacted(text).replacingOccurrences(
      of: address, with: "the address", options: .caseInsensitive)
  }

  private static let unconfigured = "This way is not configured any more."
}
