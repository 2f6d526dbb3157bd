import Cryptography
import Foundation
import Rules

/// A notice as a mail (RFC 5322): plain text, with the fields by which mail programs show all of a
/// thread as one.
struct Letter: Sendable {
  let subject: String
  /// The text people read, with lines that end as in files.
  let text: String
  private let from: String
  private let to: String
  private let id: String
  private let thread: String
  private let at: Moment

  /// The longest line of a body (RFC 2045 §6.8), in characters.
  private static let lineMax = 76
  /// The most bytes of an encoded word's text, so that the word has at most 75 characters
  /// (RFC 2047 §2).
  private static let wordBytesMax = 45
  /// The most bytes of a field's text on one line, of which a mail has 998 at most with the name
  /// (RFC 5322 §2.1.1).
  private static let fieldBytesMax = 900

  init(_ delivery: NoticeDelivery, from: String, to: String, link: String, host: String) {
    subject = String(delivery.notice.subject.map { $0.isNewline ? " " : $0 })
    text = "\(delivery.notice.body)\n\n\(link)\n" + Self.anchor(delivery.checkpoint)
    self.from = from
    self.to = to
    let domain = MailAddress(from)?.domain ?? host
    let slug = delivery.notice.thread.lowercased().map {
      $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-"
    }
    thread = "<\(String(slug)).\(host)@\(domain)>"
    id = "<notice-\(delivery.noticeNumber)-\(delivery.number).\(host)@\(domain)>"
    at = delivery.madeAt
  }

  /// The log's checkpoint below the line where mail programs look for a signature (RFC 3676 §4.3).
  private static func anchor(_ checkpoint: String) -> String {
    guard !checkpoint.isEmpty else { return "" }
    let why = "The log as it was signed before this. Keep it, and the log can be held against it:"
    return "\n-- \n\(why)\n\n" + checkpoint
  }

  /// The fields that tie a mail to its thread: to a first mail that need not exist.
  var threadFields: [(name: String, value: String)] {
    [("In-Reply-To", thread), ("References", thread)]
  }

  /// The whole letter, the same at each try, so that one that comes twice is known as one.
  var bytes: [UInt8] {
    let fields =
      [
        ("From", "Caretaker <\(from)>"), ("To", "<\(to)>"), ("Subject", Self.encoded(subject)),
        ("Date", Self.date(at)), ("Message-ID", id),
      ] + threadFields.map { ($0.name, $0.value) } + [
        ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "base64"),
      ]
    let head = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
    let body = Base64.encode(Array(text.replacing("\n", with: "\r\n").utf8))
    let lines = stride(from: 0, to: body.utf8.count, by: Self.lineMax).map {
      String(body.dropFirst($0).prefix(Self.lineMax)) + "\r\n"
    }
    return Array((head + "\r\n" + lines.joined()).utf8)
  }

  /// A field's text in ASCII: as it is where that is one line, or as encoded words (RFC 2047) on
  /// lines of their own.
  static func encoded(_ text: String) -> String {
    if text.utf8.allSatisfy({ 0x20..<0x7f ~= $0 }), !text.contains("=?"),
      text.utf8.count <= fieldBytesMax
    {
      return text
    }
    var words: [[UInt8]] = [[]]
    // Of what people see as one character there may be more than a word holds.
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if words[words.count - 1].count + bytes.count > wordBytesMax { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
  }

  /// `Mon, 23 Nov 2026 19:05:00 +0000`.
  private static func date(_ moment: Moment) -> String {
    formatter.string(from: Date(timeIntervalSince1970: Double(moment.ms) / 1_000))
  }

  private static let formatter: DateFormatter = {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, d MMM yyyy HH:mm:ss '+0000'"
    return formatter
  }()
}
