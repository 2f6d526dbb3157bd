public import Logging
import Rules

/// The log as lines of text or of JSON. Whatever a stranger sent stays in its
/// line: control characters are written as `\\u{1B}`.
public struct LineLogHandler: LogHandler {
  /// Lines below it are not written.
  public var logLevel = Logger.Level.info
  /// What every line says besides.
  public var metadata: Logger.Metadata = [:]
  private let isJSON: Bool
  private let nowMs: @Sendable () -> Int64
  private let write: @Sendable (String) -> Void

  /// - Parameters:
  ///   - nowMs: when a line is written, in milliseconds since 1970.
  ///   - write: takes a line with its end.
  public init(
    isJSON: Bool, nowMs: @escaping @Sendable () -> Int64,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isJSON = isJSON
    self.nowMs = nowMs
    self.write = write
  }

  /// One of them.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line.
  public func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(\.description)
      .sorted { $0.key < $1.key }
    let time = Moment(ms: nowMs()).iso
    let message = event.message.description
    if isJSON {
      let pairs =
        [("time", time), ("level", event.level.rawValue), ("message", message)] + fields
      let members = pairs.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
      write("{\(members.joined(separator: ","))}\n")
    } else {
      let words = fields.map { "\(Self.plain($0.key))=\(Self.plain($0.value))" }
      let line = [time, event.level.rawValue] + words + [Self.plain(message)]
      write(line.joined(separator: " ") + "\n")
    }
  }

  /// Without anything that a terminal or a reader of lines would act on.
  static func plain(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        line += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
  }

  /// A string of JSON (RFC 8259 §7).
  static func quoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "\"") { json, scalar in
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || [0x2028, 0x2029].contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    } + "\""
  }
}
