import Foundation
import Mustache

/// The portal's templates, parsed once.
struct Pages: Sendable {
  private let library: MustacheLibrary

  /// What stands around the page comes ready-made.
  private static let layout = "{{{before}}}{{$main}}{{/main}}{{{after}}}"
  private static let names = [
    "resources/index", "parts/heads", "parts/flash", "parts/finding", "parts/met", "parts/tag",
    "parts/beats", "parts/time",
  ]

  /// - Parameter isFast: escapes by bytes, which swift-mustache leaves to its users.
  init(templates: String, isFast: Bool) throws {
    MustacheContentTypes.register(EscapedBytes(), named: "BYTES")
    let pragma = isFast ? "{{% CONTENT_TYPE: BYTES}}" : ""
    var library = MustacheLibrary()
    try library.register(pragma + Self.layout, named: "layout")
    for name in Self.names {
      let text = try String(contentsOfFile: "\(templates)/\(name).mustache", encoding: .utf8)
      // A page has no text of its own beside the blocks of its layout.
      let isPage = text.hasPrefix("{{<")
      try library.register(isPage ? text : pragma + text, named: name)
    }
    self.library = library
  }

  func render(_ page: Any) -> String {
    library.render(page, withTemplate: "resources/index") ?? ""
  }
}

/// Escapes text for HTML without looking for its characters.
struct EscapedBytes: MustacheContentType {
  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: Self.isSpecial) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 32)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}
