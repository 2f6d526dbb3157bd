import HTTP
import HTTPTypes
import Logging

/// What the server itself refuses, before a handler sees it.
extension Portal {
  /// Notes a request that is none, took too long or came when too many were there.
  func note(_ refusal: Server.Refusal) {
    tally.noteRefusal(status: refusal.status.code)
    log.info(
      "refused \(refusal.status.code) \(refusal.why)",
      metadata: ["address": "\(refusal.peerAddress)"])
  }

  /// Notes that nobody can be let in.
  func noteHindrance(_ why: String) {
    log.error(
      """
      Nobody can be let in: \(why). Who waits is let in as soon as that is over: operations.md, \
      “Nobody new is let in”.
      """)
  }
}
